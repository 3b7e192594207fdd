package io.vigie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Debezium's JDBC sink in Kafka Connect, writing events into a table with their id as its key: no
 * check of duplicates, no hashes. The events are those that the log takes in, the envelope as
 * fields beside the data, with the schema that Connect asks for.
 */
final class JdbcSink implements AutoCloseable {

  private static final String NAME = "connect";
  private static final long PATIENCE_SECONDS = 600;

  private static final String SCHEMA =
      """
      {"type":"struct","fields":[{"field":"id","type":"string"},{"field":"source","type":"string"},\
      {"field":"type","type":"string"},{"field":"subject","type":"string"},\
      {"field":"time","type":"string"},{"field":"actor","type":"string"},\
      {"field":"eventnumber","type":"string"},{"field":"sourcenumber","type":"string"},\
      {"field":"data","type":"string"}]}""";

  private final Bed bed;
  private final OwnOutbox own;
  private final Connection table;
  private final String topic = "bench.sink." + UUID.randomUUID();
  private final Process process;
  private final ObjectMapper json = new ObjectMapper();
  private long rows;

  JdbcSink(Bed bed) throws SQLException, IOException {
    this.bed = bed;
    this.own = new OwnOutbox(bed, "bench_sink");
    this.table = own.connect();
    try (Statement statement = table.createStatement()) {
      statement.execute(
          """
          create table event (
            id text primary key, source text, type text, subject text, "time" text, actor text,
            eventnumber text, sourcenumber text, data text,
            at timestamptz default clock_timestamp())""");
    }
    Path worker = file("worker", worker());
    Path sink = file("sink", sink());
    process =
        Peer.start(
            bed,
            NAME,
            "org.apache.kafka.connect.cli.ConnectStandalone",
            worker.toString(),
            sink.toString());
  }

  private Path file(String name, String settings) throws IOException {
    Path file = bed.root().resolve("benchmarks/target/" + name + ".properties");
    return Files.writeString(file, settings);
  }

  private String worker() throws SQLException, IOException {
    Path offsets = bed.root().resolve("benchmarks/target/connect.offsets");
    Files.deleteIfExists(offsets);
    return """
        bootstrap.servers=%s
        listeners=http://127.0.0.1:0
        key.converter=org.apache.kafka.connect.storage.StringConverter
        value.converter=org.apache.kafka.connect.json.JsonConverter
        connector.client.config.override.policy=All
        offset.storage.file.filename=%s
        """
        .formatted(bed.stack().address("kafka"), offsets);
  }

  private String sink() throws SQLException {
    return """
        name=sink
        connector.class=io.debezium.connector.jdbc.JdbcSinkConnector
        topics=%s
        connection.url=%s?reWriteBatchedInserts=true
        connection.username=%s
        connection.password=%s
        collection.name.format=event
        insert.mode=insert
        primary.key.mode=record_value
        primary.key.fields=id
        batch.size=2000
        consumer.override.max.poll.records=2000
        consumer.override.isolation.level=read_committed
        consumer.override.auto.offset.reset=earliest
        """
        .formatted(topic, own.url(), OwnOutbox.ROLE, OwnOutbox.ROLE);
  }

  /** Publishes that many events and waits until the table has them. */
  Ingest.Taken take(int events) throws Exception {
    Events made = new Events(bed.root(), 0);
    String schema = "{\"schema\":" + SCHEMA + ",\"payload\":";
    Processor processor = new Processor(table, process.pid());
    double used;
    long start;
    try (KafkaProducer<byte[], byte[]> producer = Ingest.producer(bed)) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < events; i++) {
        Events.Event event = made.next();
        byte[] value = (schema + json.writeValueAsString(fields(event)) + "}").getBytes();
        producer.send(new ProducerRecord<>(topic, null, event.key(), value));
      }
      producer.flush();
      used = processor.seconds();
      start = System.currentTimeMillis();
      producer.commitTransaction();
    }
    rows += events;
    long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    // Counting many rows would take the sink's processor; what it inserts, PostgreSQL counts
    // anyway, and tells ten seconds later.
    while ((!bed.quick()
            && number("select n_tup_ins from pg_stat_user_tables where relname = 'event'") < rows)
        || number("select count(*) from event") < rows) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the sink does not take all: benchmarks/target/connect.log");
      }
      LockSupport.parkNanos(250_000_000);
    }
    used = processor.seconds() - used;
    long end = number("select extract(epoch from max(at)) * 1000 from event");
    return new Ingest.Taken(events / ((end - start) / 1e3), events / used);
  }

  private ObjectNode fields(Events.Event event) {
    ObjectNode fields = json.createObjectNode();
    event
        .headers()
        .forEach(
            header -> {
              String name = header.key().replace("ce_", "");
              if (SCHEMA.contains("\"" + name + "\"")) {
                fields.put(name, new String(header.value(), StandardCharsets.UTF_8));
              }
            });
    return fields.put("data", new String(event.value(), StandardCharsets.UTF_8));
  }

  private long number(String query) throws SQLException {
    try (Statement statement = table.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    bed.stop(NAME);
    table.close();
    own.close();
  }
}
