package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Debezium with its event router beside an outbox, reading from a slot and a publication of that
 * table alone. Closing drops the slot: the database keeps its log for those that are left.
 */
final class Debezium implements AutoCloseable {

  private static final String NAME = "debezium";

  /** It looks for changes every ten milliseconds; nothing else differs from how it is delivered. */
  static final Map<String, String> PROMPT = Map.of("poll.interval.ms", "10");

  /** As for throughput: large batches, all processors, and a producer that waits for company. */
  static final Map<String, String> TUNED =
      Map.of(
          "poll.interval.ms", "10",
          "max.batch.size", "16384",
          "max.queue.size", "65536",
          "record.processing.threads", "AVAILABLE_CORES",
          "producer.linger.ms", "5",
          "producer.batch.size", "262144");

  /**
   * What it reads.
   *
   * @param role with its name as the password; owns the table, and may replicate
   * @param id the column that tells events apart
   * @param key that of what keeps its order
   * @param headers the columns that become headers, as the event router has them
   */
  record Outbox(
      String database, String role, String table, String id, String key, String headers) {}

  private final Bed bed;
  private final Outbox outbox;
  private final Process process;

  /** Starts it; {@code settings} are those that differ from its defaults. */
  Debezium(Bed bed, Outbox outbox, String topic, Map<String, String> settings)
      throws SQLException, IOException {
    this.bed = bed;
    this.outbox = outbox;
    try (Connection connection = bed.stack().superuser(outbox.database());
        Statement statement = connection.createStatement()) {
      statement.execute("drop publication if exists " + NAME);
      statement.execute("create publication " + NAME + " for table " + outbox.table());
      statement.execute("select pg_create_logical_replication_slot('debezium', 'pgoutput')");
    }
    Path state = bed.root().resolve("benchmarks/target");
    Path offsets = state.resolve("debezium.offsets");
    Files.deleteIfExists(offsets);
    Map<String, String> all = new TreeMap<>(connector(topic, offsets));
    all.putAll(settings);
    Path file = state.resolve("debezium.properties");
    Files.write(
        file,
        all.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.toList()));
    process = Peer.start(bed, NAME, "io.vigie.peer.DebeziumRelay", file.toString());
  }

  private Map<String, String> connector(String topic, Path offsets) throws SQLException {
    URI database = URI.create("postgresql://" + bed.stack().address("postgresql"));
    String router = "transforms.outbox.";
    return Map.ofEntries(
        Map.entry("name", NAME),
        Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
        Map.entry("database.hostname", database.getHost()),
        Map.entry("database.port", Integer.toString(database.getPort())),
        Map.entry("database.user", outbox.role()),
        Map.entry("database.password", outbox.role()),
        Map.entry("database.dbname", outbox.database()),
        Map.entry("topic.prefix", NAME),
        Map.entry("table.include.list", "public." + outbox.table()),
        Map.entry("plugin.name", "pgoutput"),
        Map.entry("slot.name", NAME),
        Map.entry("publication.name", NAME),
        Map.entry("publication.autocreate.mode", "disabled"),
        Map.entry("snapshot.mode", "no_data"),
        Map.entry("tombstones.on.delete", "false"),
        Map.entry("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore"),
        Map.entry("offset.storage.file.filename", offsets.toString()),
        Map.entry("transforms", "outbox"),
        Map.entry(router + "type", "io.debezium.transforms.outbox.EventRouter"),
        Map.entry(router + "route.by.field", "type"),
        Map.entry(router + "route.topic.replacement", topic),
        Map.entry(router + "table.field.event.id", outbox.id()),
        Map.entry(router + "table.field.event.key", outbox.key()),
        Map.entry(router + "table.field.event.payload", "payload"),
        Map.entry(router + "table.fields.additional.placement", outbox.headers()),
        Map.entry("producer.bootstrap.servers", bed.stack().address("kafka")),
        Map.entry("producer.acks", "all"));
  }

  Process process() {
    return process;
  }

  @Override
  public void close() throws SQLException {
    bed.stop(NAME);
    try (Connection connection = bed.stack().superuser(outbox.database());
        Statement statement = connection.createStatement()) {
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (!dropped(statement)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("the slot is still in use");
        }
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  private static boolean dropped(Statement statement) throws SQLException {
    statement.execute(
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
    try (ResultSet left = statement.executeQuery("select 1 from pg_replication_slots")) {
      return !left.next();
    }
  }
}
