package io.vigie.audit.intake;

import java.io.ByteArrayOutputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.vigie.audit.intake.Arrival.Heartbeat;
import io.vigie.audit.intake.Arrival.Sound;
import io.vigie.audit.merkle.Append;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.FullTile;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.search.Findable;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Appends batches of records to the log, each in one transaction: offsets, entries, payloads, event
 * ids, full tiles, source numbers and the head all move, or none does.
 *
 * <p>The head's row lock puts writers in line, however many replicas there are. A batch whose
 * records the log has moved past, or not reached, since the caller read its offsets is refused with
 * {@link Overtaken} and changes nothing: a writer that was paused, or whose commit's answer was
 * lost, does no harm. A record that the database refuses for what it holds is kept as unrecognised.
 * While the directory of people's keys is away nothing is logged.
 */
@ApplicationScoped
class LogWriter {

  /** A partition's records from {@code expected} on were read, up to but without {@code next}. */
  record Move(TopicPartition partition, long expected, long next) {}

  /** What a batch came to. */
  record Outcome(int logged, int duplicates, List<Alert> alerts) {

    Outcome and(Outcome other) {
      return new Outcome(
          logged + other.logged,
          duplicates + other.duplicates,
          Stream.concat(alerts.stream(), other.alerts.stream()).toList());
    }
  }

  /** How far the log is, and when it came there. */
  private record Head(Edge edge, Instant updatedAt) {}

  /** How a batch is appended, in a transaction. */
  private interface Way {
    Outcome append(Connection connection, List<Arrival> arrivals, Collection<Move> moves)
        throws SQLException;
  }

  /** How events of a batch that are in the log already are found. */
  private interface Lookup {
    KnownEvents known(Payloads payloads) throws SQLException;
  }

  /**
   * The stored offsets are not those that the batch was read from. Read them again and start there.
   */
  static final class Overtaken extends SQLException {
    Overtaken() {
      super("the log's offsets are not those that this batch was read from");
    }
  }

  private static final Logger LOG = Logger.getLogger(LogWriter.class);

  /** Classes of SQLSTATE. */
  private static final String DATA_EXCEPTION = "22";

  private static final String LIMIT_EXCEEDED = "54";

  /** What the insert of an event's id gets that is in the log already. */
  private static final String UNIQUE_VIOLATION = "23505";

  /** What an insert gets that no partition takes. */
  private static final String CHECK_VIOLATION = "23514";

  private final DataSource database;
  private final PersonKeys keys;
  private final Clock clock;
  private final Seal seal;

  LogWriter(DataSource database, PersonKeys keys, Clock clock, Seal seal) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
    this.seal = seal;
  }

  /**
   * Where to read on, for each of these partitions; one that was never read begins at 0.
   *
   * @throws SQLException when the database is away
   */
  Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions) throws SQLException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select next_offset from log_offset where topic = ? and partition = ?")) {
      for (TopicPartition partition : partitions) {
        select.setString(1, partition.topic());
        select.setInt(2, partition.partition());
        try (ResultSet row = select.executeQuery()) {
          offsets.put(partition, row.next() ? row.getLong(1) : 0);
        }
      }
    }
    return offsets;
  }

  /**
   * Logs a batch and has it sealed.
   *
   * @throws Overtaken when another writer moved one of these partitions; nothing is changed
   * @throws RuntimeException when the log may not grow, see {@link Seal}; nothing is changed
   * @throws SQLException when the database is away. Nothing is changed, or everything: read the
   *     offsets again
   */
  Outcome write(List<Arrival> arrivals, Collection<Move> moves) throws SQLException {
    Outcome outcome = log(arrivals, moves, () -> {});
    if (outcome.logged() > 0) {
      seal();
    }
    return outcome;
  }

  /** Says that the log grew, see {@link Seal#logGrew()}. */
  void seal() {
    seal.logGrew();
  }

  /**
   * Logs a batch; the caller has it sealed.
   *
   * @param beforeCommit is waited for when all of the batch is stored and only its commit is left
   * @throws SQLException as {@link #write(List, Collection)}
   */
  Outcome log(List<Arrival> arrivals, Collection<Move> moves, Runnable beforeCommit)
      throws SQLException {
    try {
      return write(arrivals, moves, this::appendAsNew, beforeCommit);
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        return write(arrivals, moves, this::append, beforeCommit);
      }
      if (CHECK_VIOLATION.equals(e.getSQLState())) {
        makePartitions();
        return write(arrivals, moves, this::append, beforeCommit);
      }
      if (!refusesData(e)) {
        throw e;
      }
      LOG.warnf(
          "the database refuses a batch, it is written record by record: %s", e.getSQLState());
      return write(arrivals, moves, this::appendOneByOne, beforeCommit);
    }
  }

  /**
   * Makes the tables that the next millions of entries go into, ahead of need; the log makes them
   * itself should it get there first.
   *
   * @throws SQLException when the database is away
   */
  @Scheduled(every = "1m")
  void makePartitions() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("select make_partitions()");
    }
  }

  private Outcome write(
      List<Arrival> arrivals, Collection<Move> moves, Way way, Runnable beforeCommit)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        seal.requireUnbroken(connection);
        Outcome outcome = way.append(connection, arrivals, moves);
        beforeCommit.run();
        connection.commit();
        return outcome;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  /**
   * Relays seldom send twice, so looking up which events are in already would cost nearly every
   * batch for nothing: one of which an event is in fails on the event's id.
   */
  private Outcome appendAsNew(Connection connection, List<Arrival> arrivals, Collection<Move> moves)
      throws SQLException {
    return append(connection, arrivals, moves, payloads -> KnownEvents.NONE);
  }

  private Outcome append(Connection connection, List<Arrival> arrivals, Collection<Move> moves)
      throws SQLException {
    return append(
        connection, arrivals, moves, payloads -> KnownEvents.load(connection, arrivals, payloads));
  }

  private Outcome append(
      Connection connection, List<Arrival> arrivals, Collection<Move> moves, Lookup lookup)
      throws SQLException {
    Head head = lockHead(connection);
    Edge edge = head.edge();
    Instant now = notBefore(head.updatedAt());
    moveOffsets(connection, moves);
    Payloads payloads = new Payloads(keys); // under the head's lock: an erasure waits, or is seen
    SourceLedger sources = SourceLedger.load(connection, clock.instant());
    Admission admission = new Admission(edge.size(), sources, lookup.known(payloads));
    for (Arrival arrival : arrivals) {
      if (arrival instanceof Heartbeat heartbeat) {
        sources.announced(heartbeat.source(), heartbeat.lastNumber(), heartbeat.sentUntil());
      } else if (arrival instanceof Sound event) {
        admission.admit(event);
      } else if (arrival instanceof Arrival.Unrecognised record) {
        admission.admit(record);
      }
    }
    sources.store(connection);
    if (!admission.entries().isEmpty()) {
      EntryRows.insert(connection, admission.entries(), payloads, now);
      grow(connection, edge, admission.leaves(), now);
    }
    return new Outcome(admission.entries().size(), admission.duplicates(), admission.alerts());
  }

  /** What the database refuses is kept as it came, with an alert: no record stops the log. */
  private Outcome appendOneByOne(
      Connection connection, List<Arrival> arrivals, Collection<Move> moves) throws SQLException {
    Outcome total = append(connection, List.of(), moves);
    for (Arrival arrival : arrivals) {
      Savepoint before = connection.setSavepoint();
      Outcome one;
      try {
        one = append(connection, List.of(arrival), List.of());
      } catch (SQLException e) {
        if (!refusesData(e) || !(arrival instanceof Sound event)) {
          throw e;
        }
        connection.rollback(before);
        String reason = "the database refuses it with SQLSTATE " + e.getSQLState();
        Arrival kept = new Arrival.Unrecognised(event.position(), reason, event.whole().get());
        one = append(connection, List.of(kept), List.of());
      }
      connection.releaseSavepoint(before);
      total = total.and(one);
    }
    return total;
  }

  /** Whether it is for what was to be stored: trying again would be in vain. */
  private static boolean refusesData(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith(DATA_EXCEPTION) || state.startsWith(LIMIT_EXCEEDED));
  }

  /** Searches rely on it: along the log, the time of logging never goes back. */
  private Instant notBefore(Instant last) {
    Instant now = clock.instant();
    return now.isBefore(last) ? last : now;
  }

  private static Head lockHead(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("select size, edge, updated_at from head for update");
        ResultSet head = select.executeQuery()) {
      head.next();
      return new Head(
          Edge.of(head.getLong(1), head.getBytes(2)),
          head.getObject(3, OffsetDateTime.class).toInstant());
    }
  }

  private static void moveOffsets(Connection connection, Collection<Move> moves)
      throws SQLException {
    begin(connection, moves.stream().filter(move -> move.expected() == 0).toList());
    String move =
        """
        update log_offset o set next_offset = m.next
        from unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[]) m (topic, partition, expected, next)
        where o.topic = m.topic and o.partition = m.partition and o.next_offset = m.expected""";
    try (PreparedStatement update = connection.prepareStatement(move)) {
      partitions(connection, update, moves);
      update.setArray(3, array(connection, "int8", moves, Move::expected));
      update.setArray(4, array(connection, "int8", moves, Move::next));
      if (update.executeUpdate() != moves.size()) {
        throw new Overtaken();
      }
    }
  }

  private static void begin(Connection connection, Collection<Move> first) throws SQLException {
    if (first.isEmpty()) {
      return;
    }
    String begin =
        """
        insert into log_offset (topic, partition, next_offset)
        select topic, partition, 0 from unnest(?::text[], ?::int[]) m (topic, partition)
        on conflict do nothing""";
    try (PreparedStatement insert = connection.prepareStatement(begin)) {
      partitions(connection, insert, first);
      insert.executeUpdate();
    }
  }

  private static void partitions(
      Connection connection, PreparedStatement statement, Collection<Move> moves)
      throws SQLException {
    statement.setArray(1, array(connection, "text", moves, move -> move.partition().topic()));
    statement.setArray(2, array(connection, "int4", moves, move -> move.partition().partition()));
  }

  private static Array array(
      Connection connection, String type, Collection<Move> moves, Function<Move, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, moves.stream().map(value).toArray());
  }

  private static void grow(Connection connection, Edge edge, List<byte[]> leaves, Instant now)
      throws SQLException {
    Append append = MerkleTree.append(edge, leaves.size());
    Map<Tile, byte[]> partial = new HashMap<>();
    for (Tile tile : append.tiles()) {
      partial.put(tile, read(connection, tile));
    }
    Append.Outcome grown = append.apply(leaves, partial::get);
    insertTiles(connection, grown.tiles());
    try (PreparedStatement head =
        connection.prepareStatement(
            """
            update head set size = ?, edge = ?, root = ?, updated_at = ?::timestamptz,
              picked = case when picked = size and rules = ? then ? else picked end""")) {
      head.setLong(1, grown.edge().size());
      head.setBytes(2, grown.edge().bytes());
      head.setBytes(3, grown.edge().root());
      head.setString(4, now.toString());
      head.setString(5, Findable.rules());
      head.setLong(6, grown.edge().size());
      head.executeUpdate();
    }
  }

  /**
   * A partial tile has no row: its hashes are leaf hashes, or the roots of the full tiles below.
   */
  private static byte[] read(Connection connection, Tile tile) throws SQLException {
    String sql =
        tile.level() == 0
            ? "select leaf from entry where index >= ? and index < ? order by index"
            : "select root from tile where index >= ? and index < ? and level = ? order by index";
    long first = tile.index() * Tile.FULL;
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, first);
      select.setLong(2, first + tile.width());
      if (tile.level() > 0) {
        select.setInt(3, tile.level() - 1);
      }
      ByteArrayOutputStream hashes = new ByteArrayOutputStream();
      int count = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          hashes.writeBytes(rows.getBytes(1));
          count++;
        }
      }
      if (count != tile.width()) {
        throw new IllegalStateException(
            "the log has lost hashes of " + tile + ": restore it, or begin a new one");
      }
      return hashes.toByteArray();
    }
  }

  private static void insertTiles(Connection connection, List<FullTile> tiles) throws SQLException {
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

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
