package io.vigie.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Events from Kafka into the log. They become visible all at once, with the commit of the Kafka
 * transaction that they were sent in, and the clock stops when the log's head has them all. The
 * limit is a binary {@code COPY} of the same bytes into a table without an index, the peer
 * Debezium's JDBC sink, idle while it is not its turn. First the log by itself, a million events a
 * round, then fewer while detection rules and the SIEM feed read along on the same processors.
 */
final class Ingest implements Benchmark {

  private static final long PATIENCE_SECONDS = 600;

  /** Events per second, and per second of processor time of who takes them and the database. */
  record Taken(double perSecond, double perProcessorSecond) {}

  /** As many warm up, are taken while others read along, and are held in memory to be copied. */
  private static final int PART = 200_000;

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int part = bed.quick() ? PART / 20 : PART;
    int events = bed.quick() ? part : 5 * part;
    double[] alone = new double[bed.rounds()];
    double[] limit = new double[bed.rounds()];
    double[] indexed = new double[bed.rounds()];
    double[] readAlong = new double[bed.rounds()];
    double[] sink = new double[bed.rounds()];
    Sides processor = new Sides(bed.rounds());
    bed.logAlone();
    warmUp(bed, part);
    try (JdbcSink peer = new JdbcSink(bed)) {
      peer.take(part);
      for (int round = 0; round < bed.rounds(); round++) {
        long before = bed.size();
        rest(bed);
        Taken ours = log(bed, events);
        alone[round] = ours.perSecond();
        rest(bed);
        limit[round] = limit(bed, before, events); // while nobody else is at work
        rest(bed);
        indexed[round] = finished(bed, before, events);
        rest(bed);
        Taken theirs = peer.take(events);
        sink[round] = theirs.perSecond();
        processor.set(round, ours.perProcessorSecond(), theirs.perProcessorSecond());
      }
    }
    bed.readersToo();
    warmUp(bed, part);
    for (int round = 0; round < bed.rounds(); round++) {
      readAlong[round] = log(bed, part).perSecond();
    }
    try (Connection log = bed.log()) {
      WholeLog.require(log);
    }
    return List.of(
        row(name(), alone, limit),
        new Row(
            name() + "-sink",
            new Samples(alone),
            "events/s",
            "Debezium's JDBC sink",
            new Samples(sink),
            Goal.ratioAtLeast(1.5)),
        processor
            .row(
                name() + "-processor",
                "events/processor-second",
                "Debezium's JDBC sink",
                Goal.ratioAtLeast(1.5))
            .notJudged("the goal is for the time that passes"),
        new Row(
                name() + "-indexed",
                new Samples(alone),
                "events/s",
                "binary COPY of the log's finished rows into its tables",
                new Samples(indexed),
                Goal.ratioAtLeast(1))
            .notJudged("what is left when nothing is read, checked or hashed: a limit, not a goal"),
        row(name() + "-read-along", readAlong, limit)
            .notJudged("rules and SIEM feed take their part of the processors"));
  }

  /** What the database would still do and write of the turn before is done. */
  private static void rest(Bed bed) throws SQLException {
    try (Connection log = bed.log();
        Statement statement = log.createStatement()) {
      statement.execute("vacuum");
      statement.execute("checkpoint");
    }
  }

  private static void warmUp(Bed bed, int events) throws Exception {
    for (int round = 0; round < bed.rounds(); round++) {
      log(bed, events);
    }
  }

  private static Row row(String name, double[] product, double[] limit) {
    return new Row(
        name,
        new Samples(product),
        "events/s",
        "binary COPY of the same bytes",
        new Samples(limit),
        Goal.ratioAtLeast(0.15));
  }

  /** Publishes that many events and waits until the log has them. */
  static Taken log(Bed bed, int events) throws Exception {
    long before = bed.size();
    Events made =
        new Events(
            bed.root(),
            bed.number(
                "select coalesce(max(source_number), 0) from entry where source = '%s'"
                    .formatted(Events.SOURCE)));
    Processor processor = processor(bed);
    double used;
    long start;
    try (KafkaProducer<byte[], byte[]> producer = producer(bed)) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < events; i++) {
        Events.Event event = made.next();
        producer.send(
            new ProducerRecord<>(Events.TOPIC, null, event.key(), event.value(), event.headers()));
      }
      producer.flush();
      used = processor.seconds();
      start = System.nanoTime();
      producer.commitTransaction();
    }
    try (Connection connection = bed.log();
        Statement statement = connection.createStatement()) {
      while (true) {
        try (var row = statement.executeQuery("select size from head")) {
          row.next();
          if (row.getLong(1) >= before + events) {
            break;
          }
        }
        if (System.nanoTime() - start > PATIENCE_SECONDS * 1_000_000_000L) {
          throw new IllegalStateException("the log does not have all events after 10 min");
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    used = processor.seconds() - used;
    long alerts = bed.number("select count(*) from entry where alert is not null");
    String those =
        " from entry where source = '%s' and index >= %d".formatted(Events.SOURCE, before);
    long entries = bed.number("select count(*)" + those);
    long numbers = bed.number("select count(distinct source_number)" + those);
    if (alerts != 0 || entries != events || numbers != events) {
      throw new IllegalStateException(
          "of %d events the log has %d entries, %d numbers and %d alerts"
              .formatted(events, entries, numbers, alerts));
    }
    return new Taken(events / seconds, events / used);
  }

  private static Processor processor(Bed bed) throws SQLException {
    try (Connection log = bed.log()) {
      return new Processor(log, bed.service("audit").pid());
    }
  }

  private static double finished(Bed bed, long first, int events) throws SQLException, IOException {
    try (Connection log = bed.log()) {
      return FinishedRows.copied(log, bed, first, events, PART);
    }
  }

  /** The median of three: each takes but seconds, in which a disk is now fast and now slow. */
  private static double limit(Bed bed, long first, int events) throws SQLException, IOException {
    double[] copies = new double[3];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = copy(bed, first, events);
    }
    return new Samples(copies).median();
  }

  private static double copy(Bed bed, long first, int events) throws SQLException, IOException {
    String rows =
        "select e.index, e.canonical, e.leaf, p.salt, p.body from entry e join payload p using (index)"
            + " where index >= %d and index < %d";
    try (Connection connection = bed.log();
        Statement statement = connection.createStatement()) {
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      statement.execute("drop table if exists bench_copy");
      statement.execute(
          "create table bench_copy (index bigint, canonical bytea, leaf bytea, salt bytea, body bytea)");
      long copied = 0;
      long nanos = 0;
      for (long from = first; from < first + events; from += PART) {
        long to = Math.min(from + PART, first + events);
        byte[] part = FinishedRows.out(copies, rows.formatted(from, to));
        long start = System.nanoTime();
        copied += FinishedRows.in(copies, "bench_copy", part);
        nanos += System.nanoTime() - start;
      }
      statement.execute("drop table bench_copy");
      if (copied != events) {
        throw new IllegalStateException("COPY took " + copied + " of " + events + " rows");
      }
      return events / (nanos / 1e9);
    }
  }

  static KafkaProducer<byte[], byte[]> producer(Bed bed) throws SQLException {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bed.stack().address("kafka"),
            "transactional.id",
            "bench-" + UUID.randomUUID(),
            "linger.ms",
            20,
            "batch.size",
            1 << 18,
            "transaction.timeout.ms",
            300_000);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
