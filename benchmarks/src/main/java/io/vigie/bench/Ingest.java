package io.vigie.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.PGConnection;

/**
 * Events from Kafka into the log. They become visible all at once, with the commit of the Kafka
 * transaction that they were sent in, and the clock stops when the log's head has them all. The
 * limit is a binary {@code COPY} of the same bytes into a table without an index, the peer
 * Debezium's JDBC sink, idle while it is not its turn. First the log by itself, then while
 * detection rules and the SIEM feed read along on the same processors.
 */
final class Ingest implements Benchmark {

  private static final long PATIENCE_SECONDS = 600;

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int events = bed.quick() ? 50_000 : 200_000;
    double[] alone = new double[bed.rounds()];
    double[] limit = new double[bed.rounds()];
    double[] indexed = new double[bed.rounds()];
    double[] readAlong = new double[bed.rounds()];
    double[] sink = new double[bed.rounds()];
    bed.logAlone();
    warmUp(bed, events);
    try (JdbcSink peer = new JdbcSink(bed)) {
      peer.take(events);
      for (int round = 0; round < bed.rounds(); round++) {
        long before = bed.size();
        alone[round] = log(bed, events);
        limit[round] = copy(bed, before, events); // while nobody else is at work
        indexed[round] = copyIndexed(bed, before, events);
        sink[round] = peer.take(events);
      }
    }
    bed.readersToo();
    warmUp(bed, events);
    for (int round = 0; round < bed.rounds(); round++) {
      readAlong[round] = log(bed, events);
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

  private static void warmUp(Bed bed, int events) throws Exception {
    for (int round = 0; round < 3; round++) {
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

  /** Publishes that many events and waits until the log has them; events per second. */
  static double log(Bed bed, int events) throws Exception {
    long before = bed.size();
    Events made =
        new Events(
            bed.root(),
            bed.number(
                "select coalesce(max(source_number), 0) from entry where source = '%s'"
                    .formatted(Events.SOURCE)));
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
    long alerts = bed.number("select count(*) from entry where alert is not null");
    long numbers =
        bed.number(
            "select count(distinct source_number) from entry where source = '%s'"
                .formatted(Events.SOURCE));
    if (alerts != 0 || numbers != made.lastNumber()) {
      throw new IllegalStateException(
          "the log has %d alerts and %d of %d numbers"
              .formatted(alerts, numbers, made.lastNumber()));
    }
    return events / seconds;
  }

  private static double copy(Bed bed, long first, int events) throws SQLException, IOException {
    String rows =
        "select e.index, e.canonical, e.leaf, p.salt, p.body from entry e join payload p using (index)"
            + " where index >= %d and index < %d".formatted(first, first + events);
    try (Connection connection = bed.log();
        Statement statement = connection.createStatement()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(events * 1_500);
      var copies = connection.unwrap(PGConnection.class).getCopyAPI();
      copies.copyOut("copy (" + rows + ") to stdout (format binary)", bytes);
      statement.execute("drop table if exists bench_copy");
      statement.execute(
          "create table bench_copy (index bigint, canonical bytea, leaf bytea, salt bytea, body bytea)");
      long start = System.nanoTime();
      long copied =
          copies.copyIn(
              "copy bench_copy from stdin (format binary)",
              new ByteArrayInputStream(bytes.toByteArray()),
              1 << 20);
      double seconds = (System.nanoTime() - start) / 1e9;
      statement.execute("drop table bench_copy");
      if (copied != events) {
        throw new IllegalStateException("COPY took " + copied + " of " + events + " rows");
      }
      return events / seconds;
    }
  }

  /** What PostgreSQL needs by itself for the rows that make an event provable and findable. */
  private static double copyIndexed(Bed bed, long first, int events)
      throws SQLException, IOException {
    Map<String, ByteArrayOutputStream> tables = new LinkedHashMap<>();
    try (Connection log = bed.log();
        OwnDatabase own = new OwnDatabase(bed, "bench_indexed", "audit")) {
      for (String table : List.of("entry", "payload", "event_id", "reference", "search_text")) {
        ByteArrayOutputStream rows = new ByteArrayOutputStream(events * 200);
        log.unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(
                "copy (select * from %s where index >= %d and index < %d order by index) to stdout (format binary)"
                    .formatted(table, first, first + events),
                rows);
        tables.put(table, rows);
      }
      var copies = own.connection().unwrap(PGConnection.class).getCopyAPI();
      own.connection().setAutoCommit(false);
      long start = System.nanoTime();
      for (Map.Entry<String, ByteArrayOutputStream> table : tables.entrySet()) {
        copies.copyIn(
            "copy " + table.getKey() + " from stdin (format binary)",
            new ByteArrayInputStream(table.getValue().toByteArray()),
            1 << 20);
      }
      own.connection().commit();
      return events / ((System.nanoTime() - start) / 1e9);
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
