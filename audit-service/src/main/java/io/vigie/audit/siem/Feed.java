package io.vigie.audit.siem;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import javax.sql.DataSource;

import io.vigie.audit.intake.ReadPosition;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.payload.PersonKeys;
import org.jboss.logging.Logger;

/**
 * Sends one target every published entry, in the order of the log.
 *
 * <p>The position in table {@code siem_position} moves in the transaction that holds its row's
 * lock, after the target has the records: whatever crashes, an entry is sent again or not yet sent,
 * never skipped. One replica sends at a time; the others pass by. A replica that loses its database
 * while it sends may repeat what another sends meanwhile, so who needs each entry once knows it by
 * its index.
 *
 * <p>An entry that is not there although a later one is, or that is no JSON any more, is told in
 * the service's log and passed over: a log that somebody damaged goes on warning, and the receiver
 * sees the gap.
 *
 * <p>A position that somebody deleted is told there as well, and the log is sent again.
 *
 * <p>A checkpoint that somebody forged leads it no further than there are entries: it waits for the
 * others. After a succession entry 0 of the new log, the succession, is sent first; then it goes on
 * where it was, under the new log's name.
 */
final class Feed {

  private static final Logger LOG = Logger.getLogger(Feed.class);
  private static final int BATCH = 1_000;
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** How many entries are published: never more than there are. */
  static final String PUBLISHED =
      "least((select coalesce(max(size), 0) from checkpoint), (select size from head))";

  private static final String STATE =
      """
      select s.next_index, s.resume_at, %s,
        coalesce((select origin from log_origin order by number desc limit 1), ?)
      from siem_position s where target = ?"""
          .formatted(PUBLISHED);

  /** No more than about 4 MiB of payload, but at least one entry. */
  private static final String ENTRIES =
      """
      select * from (
        select e.index, e.canonical, e.leaf, e.logged_at, p.person, p.key, p.body,
          coalesce(sum(octet_length(p.body)) over (
            order by e.index rows between unbounded preceding and 1 preceding), 0) as before
        from (select * from entry where index >= ? and index < ? order by index limit ?) e
          left join payload p on p.index = e.index) rows
      where before < 4194304 order by index""";

  private static final String CHECKPOINTS =
      "select size from checkpoint where size > ? order by size limit ?";

  private record State(ReadPosition position, long published, String origin) {}

  /** Records in their order, and where to read on. */
  private record Batch(List<OcsfRecord> records, long next) {}

  private final String name;
  private final Target target;
  private final DataSource database;
  private final PersonKeys keys;
  private final String configuredOrigin;
  private final Clock clock;

  private Connection connection;
  private String origin;
  private Duration pause = IDLE;
  private volatile long behind;
  private volatile String failure;

  /**
   * @param database gives connections for the feed alone: it holds one while the target is slow
   */
  Feed(
      String name,
      Target target,
      DataSource database,
      PersonKeys keys,
      String configuredOrigin,
      Clock clock) {
    this.name = name;
    this.target = target;
    this.database = database;
    this.keys = keys;
    this.configuredOrigin = configuredOrigin;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  /** How many published entries have not arrived yet, when this replica looked last. */
  long behind() {
    return behind;
  }

  /** Why the last batch of this replica failed, or null. */
  String failure() {
    return failure;
  }

  /** Sends what there is, once. Returns how long to wait before the next call; never throws. */
  Duration work() {
    try {
      boolean isMore = step();
      failure = null;
      pause = IDLE;
      return isMore ? Duration.ZERO : IDLE;
    } catch (SQLException | IOException | RuntimeException e) {
      if (failure == null) {
        LOG.warnf("SIEM %s gets its records later: %s", name, e.toString());
      }
      failure = e.toString();
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      return pause;
    }
  }

  /**
   * Sends one batch.
   *
   * @return whether there is more to send
   */
  boolean step() throws SQLException, IOException {
    boolean isDone = false;
    try {
      begin();
      State state = state(" for update of s skip locked");
      boolean isMore = state != null ? send(state) : passBy();
      connection.commit();
      isDone = true;
      return isMore;
    } finally {
      if (!isDone) {
        close();
      }
    }
  }

  private void begin() throws SQLException {
    if (connection == null) {
      connection = database.getConnection();
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into siem_position values (?, 0, ?::timestamptz) on conflict do nothing")) {
        insert.setString(1, name);
        insert.setString(2, clock.instant().toString());
        insert.executeUpdate();
      }
      connection.commit();
    }
    try (Statement statement = connection.createStatement()) {
      // A replica that is paused in the middle must not keep the others from sending.
      statement.execute("set local idle_in_transaction_session_timeout = '60s'");
      // A succession waits: position, checkpoint and entries are of one log.
      statement.execute("lock table entry in access share mode");
    }
  }

  private State state(String lock) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(STATE + lock)) {
      select.setString(1, configuredOrigin);
      select.setString(2, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? new State(
                new ReadPosition(row.getLong(1), row.getObject(2, Long.class)),
                row.getLong(3),
                row.getString(4))
            : null;
      }
    }
  }

  private boolean passBy() throws SQLException {
    State state = state("");
    if (state == null) {
      throw new IllegalStateException("its position is gone, and the log is sent again");
    }
    behind = state.position.behind(state.published);
    return false;
  }

  private boolean send(State state) throws SQLException, IOException {
    if (!state.origin.equals(origin)) {
      target.close(); // what it may know of positions is of another log
      origin = state.origin;
    }
    ReadPosition from = state.position.reached(target.arrived(state.position.next()));
    behind = from.behind(state.published);
    Batch batch = read(from, state);
    ReadPosition read = from.reached(batch.next);
    ReadPosition arrived =
        batch.records.isEmpty() ? read : from.reached(target.send(batch.records));
    if (!arrived.equals(state.position)) {
      move(arrived);
    }
    behind = arrived.behind(state.published);
    return !read.equals(from) && read.next() < state.published;
  }

  private void move(ReadPosition position) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update siem_position set next_index = ?, resume_at = ?, moved_at = ?::timestamptz where target = ?")) {
      update.setLong(1, position.next());
      update.setObject(2, position.resumeAt(), Types.BIGINT);
      update.setString(3, clock.instant().toString());
      update.setString(4, name);
      update.executeUpdate();
    }
  }

  private Batch read(ReadPosition from, State state) throws SQLException {
    List<OcsfRecord> records = new ArrayList<>();
    Payloads payloads = new Payloads(keys);
    long next = from.next();
    NavigableSet<Long> checkpoints = new TreeSet<>();
    try (PreparedStatement select = connection.prepareStatement(ENTRIES)) {
      select.setLong(1, next);
      select.setLong(2, state.published);
      select.setInt(3, from.atMost(BATCH));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          if (checkpoints.higher(row.getLong(1)) == null) {
            checkpoints = checkpointsBehind(row.getLong(1));
          }
          PublishedEntry entry = entry(row, payloads, checkpoints);
          if (entry.index() > next) {
            LOG.errorf("entries %d to %d are not in the log any more", next, entry.index() - 1);
          }
          addUnlessBroken(records, entry, state.origin);
          next = entry.index() + 1;
        }
      }
    }
    return new Batch(records, next);
  }

  /** The next ones; for a batch of an unbroken log that is all that it needs. */
  private NavigableSet<Long> checkpointsBehind(long index) throws SQLException {
    NavigableSet<Long> sizes = new TreeSet<>();
    try (PreparedStatement select = connection.prepareStatement(CHECKPOINTS)) {
      select.setLong(1, index);
      select.setInt(2, BATCH);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          sizes.add(row.getLong(1));
        }
      }
    }
    return sizes;
  }

  private static PublishedEntry entry(
      ResultSet row, Payloads payloads, NavigableSet<Long> checkpoints) throws SQLException {
    long index = row.getLong(1);
    Kept stored =
        new Kept(row.getString(5), row.getObject(6, Integer.class), null, row.getBytes(7));
    return new PublishedEntry(
        index,
        row.getBytes(2),
        row.getBytes(3),
        payloads.open(index, stored).body(),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        checkpoints.higher(index));
  }

  private static void addUnlessBroken(
      List<OcsfRecord> records, PublishedEntry entry, String origin) {
    try {
      records.add(OcsfRecord.of(entry, origin));
    } catch (RuntimeException e) {
      LOG.errorf("entry %d is not sent: %s", entry.index(), e.toString());
    }
  }

  /** Gives up what is under way: it is sent again. */
  void close() {
    target.close();
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debugf(e, "the connection of SIEM %s was gone", name);
      }
      connection = null;
    }
  }
}
