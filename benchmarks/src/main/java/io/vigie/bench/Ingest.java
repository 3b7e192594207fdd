package io.vigie.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.PGConnection;

/**
 * Events from Kafka into the log. They become visible all at once, with the commit of the Kafka
 * transaction that they were sent in, and the clock stops when the log's head has them all. The
 * limit is a binary {@code COPY} of the same bytes into a table without an index.
 */
final class Ingest implements Benchmark {

  private static final String TYPE = "asset.registered.v1";
  private static final long PATIENCE_SECONDS = 600;

  private long lastNumber;

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.stack();
    lastNumber =
        bed.number(
            "select coalesce(max(source_number), 0) from entry where source = '/vigie/asset'");
    int events = bed.quick() ? 50_000 : 200_000;
    log(bed, events);
    double[] product = new double[bed.rounds()];
    double[] limit = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      long before = size(bed);
      product[round] = log(bed, events);
      limit[round] = copy(bed, before, events);
    }
    return List.of(
        new Row(
            name(),
            new Samples(product),
            "events/s",
            "binary COPY of the same bytes",
            new Samples(limit),
            Goal.ratioAtLeast(0.15)));
  }

  /** Publishes that many events and waits until the log has them; events per second. */
  double log(Bed bed, int events) throws Exception {
    long before = size(bed);
    long start;
    try (KafkaProducer<byte[], byte[]> producer = producer(bed)) {
      producer.initTransactions();
      producer.beginTransaction();
      byte[] template = Files.readAllBytes(example(bed.root()));
      ObjectMapper json = new ObjectMapper();
      ObjectNode data = (ObjectNode) json.readTree(template);
      for (int i = 0; i < events; i++) {
        producer.send(event(json, data));
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
        bed.number("select count(distinct source_number) from entry where source = '/vigie/asset'");
    if (alerts != 0 || numbers != lastNumber) {
      throw new IllegalStateException(
          "the log has %d alerts and %d of %d numbers".formatted(alerts, numbers, lastNumber));
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

  private static long size(Bed bed) throws SQLException {
    return bed.number("select size from head");
  }

  private static KafkaProducer<byte[], byte[]> producer(Bed bed) throws SQLException {
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

  private ProducerRecord<byte[], byte[]> event(ObjectMapper json, ObjectNode data)
      throws IOException {
    UUID asset = UUID.randomUUID();
    data.put("aggregateId", asset.toString());
    RecordHeaders headers = new RecordHeaders();
    List<String> pairs = new ArrayList<>();
    pairs.addAll(List.of("ce_specversion", "1.0", "ce_id", UUID.randomUUID().toString()));
    pairs.addAll(List.of("ce_source", "/vigie/asset", "ce_type", TYPE));
    pairs.addAll(List.of("ce_subject", "asset/" + asset, "ce_time", "2026-01-02T03:04:05Z"));
    pairs.addAll(List.of("ce_dataschema", "urn:vigie:schema:" + TYPE));
    pairs.addAll(List.of("ce_actor", "11111111-2222-3333-4444-555555555555"));
    pairs.addAll(List.of("ce_eventnumber", "1", "ce_sourcenumber", Long.toString(++lastNumber)));
    pairs.addAll(List.of("content-type", "application/json"));
    for (int i = 0; i < pairs.size(); i += 2) {
      headers.add(pairs.get(i), pairs.get(i + 1).getBytes(StandardCharsets.UTF_8));
    }
    return new ProducerRecord<>(
        "vigie.asset.events",
        null,
        asset.toString().getBytes(StandardCharsets.UTF_8),
        json.writeValueAsBytes(data),
        headers);
  }

  private static Path example(Path root) {
    return root.resolve("contracts/events/" + TYPE + ".example.json");
  }
}
