package io.vigie.bench;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.vigie.audit.merkle.Append;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.FullTile;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.audit.search.WordList;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

import static java.util.stream.Collectors.joining;

/**
 * Makes the log large in minutes instead of hours: entries, tiles and the head as the intake would
 * have left them, written with {@code COPY} by the superuser. There are no payloads: they are as if
 * erased. The tree is the real one, so proofs about it hold, and audit-service signs it.
 */
final class BigLog {

  private static final int BATCH = 65_536;
  private static final int SIGNED_WITHIN_SECONDS = 60;
  private static final int ACTORS = 2_000;
  private static final int OBJECTS = 1_000_000;
  private static final String[] TYPES = {
    "asset.registered.v1", "asset.classified.v1", "asset.owner-assigned.v1",
        "asset.commissioned.v1",
    "asset.lost.v1", "asset.retired.v1", "asset.inventoried.v1", "asset.reassignment-requested.v1"
  };
  private static final HexFormat HEX = HexFormat.of();

  /**
   * What audit-service plans when it starts for the first time is in the log: entries of the past
   * do not come after it.
   */
  private static final String BEGUN =
      """
      select last_number > 0 and not exists (select from outbox) and last_number =
        (select coalesce(max(source_number), 0) from entry where source = '/vigie/audit')
      from relay""";

  private final Random random = new Random(7);
  private final TreeHash hash = new TreeHash();
  private final StringBuilder entries = new StringBuilder(BATCH * 1_600);
  private final StringBuilder tiles = new StringBuilder();
  private final StringBuilder ids = new StringBuilder();
  private final Map<String, List<Long>> said = new TreeMap<>();
  private final StringBuilder words = new StringBuilder();
  private final StringBuilder references = new StringBuilder();

  private final Instant beginning;

  private BigLog(Instant beginning) {
    this.beginning = beginning;
  }

  /**
   * When entry 0 would have been logged; each other one is a second later. What services told
   * before comes first, as times never decrease along a log.
   */
  static Instant beginning(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select coalesce(
                  (select logged_at - index * interval '1 second' from entry
                   where source = '/vigie/bench' order by index limit 1),
                  (select logged_at - index * interval '1 second' from entry
                   order by index desc limit 1),
                  timestamptz '2026-01-01T00:00:00Z')""")) {
      row.next();
      return row.getTimestamp(1).toInstant();
    }
  }

  /** The actor who did more than anybody else, every tenth thing or so. */
  static String busiest() {
    return actor(0);
  }

  static String actor(int number) {
    return new UUID(0x1111L, number).toString();
  }

  static String object(int number) {
    return "asset/" + new UUID(0x2222L, number);
  }

  static String type(int number) {
    return TYPES[number % TYPES.length];
  }

  /** A word that one entry in so many has. */
  static String wordOfOneIn(int share) {
    return "one" + share;
  }

  /** Grows the platform's log to this many entries, where it has fewer, and sees it signed. */
  static void growTo(long size, Bed bed) throws SQLException, IOException {
    try (Connection connection = bed.log();
        Statement statement = connection.createStatement()) {
      Bed.await(statement, BEGUN);
      growTo(size, connection);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SIGNED_WITHIN_SECONDS);
    while (bed.number("select coalesce(max(size), 0) from checkpoint") < size) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("audit-service does not sign a log of " + size);
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  /** Grows the log that the superuser is connected to. */
  static void growTo(long size, Connection connection) throws SQLException, IOException {
    BigLog log = new BigLog(beginning(connection));
    connection.setNetworkTimeout(Runnable::run, 0); // vacuuming millions of rows takes minutes
    try (Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      connection.setAutoCommit(false);
      while (log.grow(connection, size)) {
        statement.execute("select make_partitions()");
        connection.commit();
      }
      connection.setAutoCommit(true);
      statement.execute("set session_replication_role = default");
      statement.execute("vacuum analyze entry, event_id, search_text, reference");
      statement.execute("checkpoint"); // or the disk is at that while something is measured
    }
  }

  private boolean grow(Connection connection, long wanted) throws SQLException, IOException {
    Edge edge = head(connection);
    int count = (int) Math.min(BATCH, wanted - edge.size());
    if (count <= 0) {
      connection.commit();
      return false;
    }
    List.of(entries, tiles, ids, words, references).forEach(text -> text.setLength(0));
    said.clear();
    List<byte[]> leaves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      leaves.add(entry(edge.size() + i));
    }
    Append append = MerkleTree.append(edge, count);
    Append.Outcome grown = append.apply(leaves, tile -> stored(connection, tile));
    grown.tiles().forEach(this::tile);
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    copy(
        copies,
        "entry (index, canonical, leaf, event_id, source, type, subject, actor, event_time,"
            + " event_number, source_number, logged_at)",
        entries);
    copy(copies, "tile (level, index, hashes, root)", tiles);
    copy(copies, "event_id (id, index)", ids);
    said.forEach(this::words);
    copy(copies, "search_text (word, index, more)", words);
    copy(copies, "reference (object, index)", references);
    try (PreparedStatement head =
        connection.prepareStatement(
            "update head set size = ?, edge = ?, root = ?, updated_at = now()")) {
      head.setLong(1, grown.edge().size());
      head.setBytes(2, grown.edge().bytes());
      head.setBytes(3, grown.edge().root());
      head.executeUpdate();
    }
    markAsRead(connection);
    return true;
  }

  /**
   * Rules, controls, feeds and who looks for late references leave these entries alone: they would
   * be at them for the whole measurement.
   */
  static void markAsRead(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("update head set picked = size");
      statement.execute("update detection set position = (select size from head)");
      statement.execute("update control_reading set position = (select size from head)");
      statement.execute("update siem_position set next_index = (select size from head)");
    }
  }

  private static void copy(CopyManager copies, String columns, StringBuilder rows)
      throws SQLException, IOException {
    copies.copyIn("copy " + columns + " from stdin", new StringReader(rows.toString()));
  }

  private static Edge head(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select size, edge from head for update")) {
      row.next();
      return Edge.of(row.getLong(1), row.getBytes(2));
    }
  }

  private static byte[] stored(Connection connection, Tile tile) {
    String sql =
        tile.level() == 0
            ? "select string_agg(leaf, '' order by index) from entry where index >= %1$d and index < %2$d"
            : "select string_agg(root, '' order by index) from tile where level = %3$d and index >= %1$d and index < %2$d";
    long first = tile.index() * Tile.FULL;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(sql.formatted(first, first + tile.width(), tile.level() - 1))) {
      row.next();
      return row.getBytes(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Half of what is done is done by few. */
  private byte[] entry(long index) {
    double chance = random.nextDouble();
    String actor = actor((int) (ACTORS * chance * chance * chance));
    String subject = object(random.nextInt(OBJECTS));
    String type = type((int) (index % TYPES.length));
    String time = beginning.plusSeconds(index).toString();
    UUID id = new UUID(0x3333L, index);
    String canonical =
        ("{\"actor\":\"%s\",\"commitment\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\",\"contentType\":"
                + "\"application/json\",\"dataSchema\":\"urn:vigie:schema:%s\",\"eventNumber\":\"1\",\"id\":\"%s\","
                + "\"offset\":\"%d\",\"partition\":\"0\",\"source\":\"/vigie/bench\",\"sourceNumber\":\"%d\","
                + "\"subject\":\"%s\",\"time\":\"%s\",\"topic\":\"vigie.bench.events\",\"type\":\"%s\"}")
            .formatted(actor, type, id, index, index + 1, subject, time, type);
    ids.append(id).append('\t').append(index).append('\n');
    for (int share = 1; share <= 1_000_000 && index % share == 0; share *= 100) {
      say(wordOfOneIn(share), index);
    }
    WordList.tellers(actor, "/vigie/bench").forEach(teller -> say(teller, index));
    references.append(object(random.nextInt(OBJECTS))).append('\t').append(index).append('\n');
    byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
    byte[] leaf = hash.leaf(bytes);
    entries
        .append(index)
        .append("\t\\\\x")
        .append(HEX.formatHex(bytes))
        .append("\t\\\\x")
        .append(HEX.formatHex(leaf))
        .append('\t')
        .append(id)
        .append("\t/vigie/bench\t")
        .append(type)
        .append('\t')
        .append(subject)
        .append('\t')
        .append(actor)
        .append('\t')
        .append(time)
        .append("\t1\t")
        .append(index + 1)
        .append('\t')
        .append(time)
        .append('\n');
    return leaf;
  }

  private void say(String word, long index) {
    said.computeIfAbsent(word, none -> new ArrayList<>()).add(index);
  }

  /** As the intake stores what comes in large batches. */
  private void words(String word, List<Long> indexes) {
    for (WordList list : WordList.of(indexes, none -> false)) {
      words.append(word).append('\t').append(list.first()).append('\t');
      words.append(
          list.more().isEmpty()
              ? "\\N"
              : list.more().stream().map(String::valueOf).collect(joining(",", "{", "}")));
      words.append('\n');
    }
  }

  private void tile(FullTile tile) {
    tiles
        .append(tile.level())
        .append('\t')
        .append(tile.index())
        .append("\t\\\\x")
        .append(HEX.formatHex(tile.hashes()))
        .append("\t\\\\x")
        .append(HEX.formatHex(tile.root()))
        .append('\n');
  }
}
