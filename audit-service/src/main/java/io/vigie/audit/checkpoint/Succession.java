package io.vigie.audit.checkpoint;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.audit.checkpoint.CheckpointEvent.LogSucceeded;
import io.vigie.audit.intake.FirstEntry;
import io.vigie.audit.merkle.Append;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.FullTile;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Begins a new log after a loss that cannot be mended: under a new origin, whose entry 0 commits to
 * the last checkpoint published of the old one and to what is left of it, and whose further entries
 * are those that are left, word for word and in their order.
 *
 * <p>One transaction of the role that owns the schema: all of it happens, or nothing. The old
 * tables are kept as they were in the schema {@code predecessor_<n>}, but for the words of
 * searches, which are in plain. Every table with a column {@code index} speaks of entries and moves
 * with them; offsets and whatever else stays, so that the intake goes on where it was, and what was
 * lost and still waits in Kafka is logged again. Until it is, its numbers are missing from those of
 * its source. The log's key signs that it was so: a row that somebody else puts there begins no
 * log. SIEMs and detection rules get entry 0 next, and then go on behind what they had.
 */
@ApplicationScoped
class Succession {

  private static final int CHUNK = 65_536;

  /** Of the log as it was: kept in the archive, begun anew. */
  private static final List<String> OF_THE_TREE =
      List.of("tile", "head", "checkpoint", "cosignature");

  /** A row has places of entries relative to each other, which the new log may not keep. */
  private static final String WORDS_ONE_BY_ONE =
      """
      select distinct word, index + behind as index, null::int2[] as more
      from search_text, unnest(array[0::int2] || more) behind""";

  private final String url;
  private final String owner;
  private final String password;
  private final PersonKeys keys;
  private final LogKeys logKeys;
  private final ObjectMapper json;
  private final Clock clock;

  Succession(
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.flyway.username") String owner,
      @ConfigProperty(name = "quarkus.flyway.password") String password,
      PersonKeys keys,
      LogKeys logKeys,
      ObjectMapper json,
      Clock clock) {
    this.url = url;
    this.owner = owner;
    this.password = password;
    this.keys = keys;
    this.logKeys = logKeys;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Begins the log {@code origin} with what is left of {@code predecessor}.
   *
   * @param last the last checkpoint that was published of it
   * @throws Problem 409 when {@code predecessor} is not the log in force: another call came first
   * @throws SQLException when the database is away or does not let its owner; nothing is changed
   */
  LogSucceeded succeed(
      String predecessor, Published last, String origin, String reason, String actor)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, owner, password)) {
      connection.setAutoCommit(false);
      // The rules and the controls hold their row while they read entries: they finish first.
      execute(connection, "lock table detection, control_reading in exclusive mode");
      execute(connection, "lock table head, entry in access exclusive mode");
      requireInForce(connection, predecessor);
      int number = number(connection);
      String archive = "predecessor_" + number;
      List<String> speaking = tablesThatSpeakOfEntries(connection);
      archive(connection, archive, speaking);
      Edge left = firstLeft(connection, archive, Long.MAX_VALUE);
      Long[] lost = lost(connection, archive, last.size());
      boolean altered = lost[0] == null && isAltered(connection, archive, last);
      LogSucceeded event = event(predecessor, last, origin, reason, left, lost, altered);
      List<String> triggers = triggers(connection);
      for (String trigger : triggers) {
        execute(connection, "alter table " + trigger.replace("#", "disable"));
      }
      execute(
          connection,
          "truncate " + String.join(", ", speaking) + ", " + String.join(", ", OF_THE_TREE));
      FirstEntry.insert(
          connection,
          new Payloads(keys),
          event,
          "log/" + event.aggregateId(),
          actor,
          payload(event));
      for (String table : speaking) {
        bringBack(connection, archive, table);
      }
      // Picked from payloads, and not sealed as those are: no erasure would reach them there.
      execute(connection, "drop table " + archive + ".search_text");
      plant(connection, left.size() + 1);
      execute(connection, "select recount_sources('%s')".formatted(event.at()));
      readOn(connection, archive, "siem_position", "next_index", left.size() + 1);
      readOn(connection, archive, "detection", "position", left.size() + 1);
      // What controls know of objects is put together anew, from what is left.
      execute(connection, "update control_reading set reads = ''");
      begin(connection, number, event);
      Origins.sign(connection, logKeys, Origins.next(number, predecessor, origin, last));
      for (String trigger : triggers) {
        execute(connection, "alter table " + trigger.replace("#", "enable"));
      }
      connection.commit();
      return event;
    }
  }

  /** Read behind the locks: what this replica remembers may be of before another succession. */
  private void requireInForce(Connection connection, String predecessor) throws SQLException {
    String inForce;
    try {
      inForce = Origins.read(connection, logKeys).inForce();
    } catch (BrokenLog e) {
      throw Problem.conflict("succession-unsigned", e.getMessage());
    }
    if (!inForce.equals(predecessor)) {
      throw Problem.conflict(
          "log-succeeded",
          "The log %s was succeeded already: %s is in force. Nothing was changed."
                  .formatted(predecessor, inForce)
              + " See whether that one goes on (/q/health/well) before you begin another.");
    }
  }

  private static int number(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select coalesce(max(number), 0) + 1 from log_origin")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static List<String> tablesThatSpeakOfEntries(Connection connection) throws SQLException {
    List<String> tables =
        list(
            connection,
            """
            select quote_ident(relname) from pg_class c join pg_attribute a on a.attrelid = c.oid
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
              and attname = 'index' and not attisdropped order by relname""");
    tables.removeAll(OF_THE_TREE);
    return tables;
  }

  /** Those that keep rows from being changed, as the end of an ALTER TABLE. */
  private static List<String> triggers(Connection connection) throws SQLException {
    return list(
        connection,
        """
        select format('%s # trigger %I', tgrelid::regclass, tgname) from pg_trigger
        where tgfoid = 'public.refuse_change'::regproc and not tgisinternal""");
  }

  private static void archive(Connection connection, String archive, List<String> speaking)
      throws SQLException {
    execute(connection, "create schema " + archive);
    List<String> all = new ArrayList<>(speaking);
    all.addAll(OF_THE_TREE);
    for (String table : all) {
      String rows = table.equals("search_text") ? WORDS_ONE_BY_ONE : "table public." + table;
      execute(connection, "create table %s.%s as %s".formatted(archive, table, rows));
    }
    execute(
        connection,
        """
        create table %1$s.place as
          select index as old, row_number() over (order by index) as index from %1$s.entry"""
            .formatted(archive));
    execute(connection, "create unique index on %s.place (old)".formatted(archive));
    execute(connection, "analyze %s.place".formatted(archive));
  }

  /** The tree of so many of the entries that there are, computed from what they say. */
  private static Edge firstLeft(Connection connection, String archive, long count)
      throws SQLException {
    Edge[] left = {Edge.EMPTY};
    leaves(
        connection,
        "select sha256('\\x00'::bytea || canonical) from %s.entry order by index limit %d"
            .formatted(archive, count),
        // No tile is stored, so it does not matter which hashes they would have had.
        chunk ->
            left[0] =
                MerkleTree.append(left[0], chunk.size())
                    .apply(chunk, tile -> new byte[Tile.FULL * TreeHash.LENGTH])
                    .edge());
    return left[0];
  }

  /** The first and the last index that was published and is not there; nulls where all are. */
  private static Long[] lost(Connection connection, String archive, long published)
      throws SQLException {
    String missing =
        "select min(i), max(i) from generate_series(0::bigint, %d) i where not exists (select from %s.place where old = i)";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(missing.formatted(published - 1, archive))) {
      row.next();
      return new Long[] {row.getObject(1, Long.class), row.getObject(2, Long.class)};
    }
  }

  /** Whether entries that are all there say something else than those that were published. */
  private static boolean isAltered(Connection connection, String archive, Published last)
      throws SQLException {
    return !last.isOf(last.size(), firstLeft(connection, archive, last.size()).root());
  }

  private LogSucceeded event(
      String predecessor,
      Published last,
      String origin,
      String reason,
      Edge left,
      Long[] lost,
      boolean altered) {
    return new LogSucceeded(
        Ids.next(),
        origin,
        predecessor,
        reason,
        last.note(),
        left.size(),
        Base64.getEncoder().encodeToString(left.root()),
        lost[0],
        lost[1],
        altered,
        clock.instant());
  }

  private byte[] payload(LogSucceeded event) {
    try {
      return json.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows of a table, each at the new index of its entry; a leaf is that of its entry. */
  private static void bringBack(Connection connection, String archive, String table)
      throws SQLException {
    List<String> columns =
        list(
            connection,
            """
            select quote_ident(attname) from pg_attribute
            where attrelid = 'public.%s'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
            order by attnum"""
                .formatted(table));
    List<String> values =
        columns.stream()
            .map(
                column ->
                    switch (column) {
                      case "index" -> "p.index";
                      case "leaf" -> "sha256('\\x00'::bytea || t.canonical)";
                      default -> "t." + column;
                    })
            .toList();
    execute(
        connection,
        "insert into public.%1$s (%2$s) overriding system value select %3$s from %4$s.%1$s t join %4$s.place p on p.old = t.index"
            .formatted(table, String.join(", ", columns), String.join(", ", values), archive));
  }

  /** Builds the tiles and the head. */
  private void plant(Connection connection, long size) throws SQLException {
    Edge[] edge = {Edge.EMPTY};
    leaves(
        connection,
        "select leaf from entry order by index",
        chunk -> {
          Append append = MerkleTree.append(edge[0], chunk.size());
          List<Tile> partial = new ArrayList<>(append.tiles());
          List<byte[]> hashes = new ArrayList<>();
          for (Tile tile : partial) {
            hashes.add(StoredTree.hashes(connection, tile));
          }
          Append.Outcome grown = append.apply(chunk, tile -> hashes.get(partial.indexOf(tile)));
          insert(connection, grown.tiles());
          edge[0] = grown.edge();
        });
    if (edge[0].size() != size) {
      throw new IllegalStateException(edge[0].size() + " entries were brought back, not " + size);
    }
    try (PreparedStatement head =
        connection.prepareStatement(
            "insert into head (size, edge, root, updated_at) values (?, ?, ?, ?::timestamptz)")) {
      head.setLong(1, size);
      head.setBytes(2, edge[0].bytes());
      head.setBytes(3, edge[0].root());
      head.setString(4, clock.instant().toString());
      head.executeUpdate();
    }
  }

  private static void insert(Connection connection, List<FullTile> tiles) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into tile (level, index, hashes, root) values (?, ?, ?, ?)")) {
      for (FullTile tile : tiles) {
        insert.setInt(1, tile.level());
        insert.setLong(2, tile.index());
        insert.setBytes(3, tile.hashes());
        insert.setBytes(4, tile.root());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** From entry 0 on, and then from the first of the entries left that was not read before. */
  private static void readOn(
      Connection connection, String archive, String table, String position, long size)
      throws SQLException {
    execute(
        connection,
        """
        update %2$s set %3$s = 0, resume_at = coalesce(
          (select index from %1$s.place where old >= %3$s order by old limit 1), %4$d)"""
            .formatted(archive, table, position, size));
  }

  private static void begin(Connection connection, int number, LogSucceeded event)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into log_origin (number, origin, predecessor, since) values (?, ?, ?, ?::timestamptz)")) {
      insert.setInt(1, number);
      insert.setString(2, event.origin());
      insert.setString(3, event.predecessor());
      insert.setString(4, event.at().toString());
      insert.executeUpdate();
    }
  }

  /** What is done with some leaves. */
  private interface Chunk {
    void take(List<byte[]> leaves) throws SQLException;
  }

  /** Streams: memory stays constant. */
  private static void leaves(Connection connection, String sql, Chunk work) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(10_000);
      List<byte[]> chunk = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          chunk.add(rows.getBytes(1));
          if (chunk.size() == CHUNK) {
            work.take(chunk);
            chunk.clear();
          }
        }
      }
      work.take(chunk);
    }
  }

  private static List<String> list(Connection connection, String sql) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
