package io.vigie.audit.siem;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

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
 * <p>An entry that is not there, or is no JSON any more, is told in the service's log and passed
 * over: a log that somebody damaged goes on warning, and the receiver sees the gap.
 *
 * <p>After a succession every index is one higher, and the position stays: the last entry that was
 * sent comes again, under the new log's name. Entry 0 of the new log, the succession, is not sent
 * unless the position is moved there.
 */
final class Feed {

  private static final Logger LOG = Logger.getLogger(Feed.class);
  private static final int BATCH = 500;
  private static final int BATCH_BYTES = 4 << 20;
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final String STATE =
      """
      select s.next_index, (select coalesce(max(size), 0) from checkpoint),
        coalesce((select origin from log_origin order by number desc limit 1), ?)
      from siem_position s where target = ?""";

  private static final String ENTRIES =
      """
      select e.index, e.canonical, e.leaf, e.logged_at, p.person, p.key, p.body,
        (select min(size) from checkpoint where size > e.index)
      from (select * from entry where index >= ? and index < ?) e
        left join (select * from payload where index >= ? and index < ?) p on p.index = e.index
      order by e.index""";

  private record State(long next, long published, String origin) {}

  /** Records in their order, and where to read on. */
  private record Batch(List<OcsfRecord> records, long next) {}

  private final String name;
  private final Target target;
  private final DataSource database;
  private final PersonKeys keys;
  private final String configuredOrigin;
  private final Clock clock;

  private Connection connection;
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
        return row.next() ? new State(row.getLong(1), row.getLong(2), row.getString(3)) : null;
      }
    }
  }

  private boolean passBy() throws SQLException {
    State state = state("");
    behind = state == null ? 0 : Math.max(0, state.published - state.next);
    return false;
  }

  private boolean send(State state) throws SQLException, IOException {
    long from = target.arrived(state.next);
    Batch batch = read(from, state);
    behind = Math.max(0, state.published - from);
    long arrived = batch.records.isEmpty() ? batch.next : target.send(batch.records);
    if (arrived != state.next) {
      try (PreparedStatement update =
          connection.prepareStatement(
              "update siem_position set next_index = ?, moved_at = ?::timestamptz where target = ?")) {
        update.setLong(1, arrived);
        update.setString(2, clock.instant().toString());
        update.setString(3, name);
        update.executeUpdate();
      }
    }
    behind = Math.max(0, state.published - arrived);
    return batch.next < state.published;
  }

  private Batch read(long from, State state) throws SQLException {
    long end = Math.min(state.published, from + BATCH);
    List<OcsfRecord> records = new ArrayList<>();
    if (from >= end) {
      return new Batch(records, from);
    }
    Payloads payloads = new Payloads(keys);
    long next = from;
    long bytes = 0;
    try (PreparedStatement select = connection.prepareStatement(ENTRIES)) {
      select.setFetchSize(50);
      select.setLong(1, from);
      select.setLong(2, end);
      select.setLong(3, from);
      select.setLong(4, end);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          PublishedEntry entry = entry(row, payloads);
          if (entry.index() > next) {
            LOG.errorf("entries %d to %d are not in the log any more", next, entry.index() - 1);
          }
          addUnlessBroken(records, entry, state.origin);
          next = entry.index() + 1;
          bytes += entry.payload() == null ? 0 : entry.payload().length;
          if (bytes >= BATCH_BYTES) {
            return new Batch(records, next);
          }
        }
      }
    }
    if (next < end) {
      LOG.errorf("entries %d to %d are not in the log any more", next, end - 1);
    }
    return new Batch(records, end);
  }

  private static PublishedEntry entry(ResultSet row, Payloads payloads) throws SQLException {
    long index = row.getLong(1);
    Kept stored =
        new Kept(row.getString(5), row.getObject(6, Integer.class), null, row.getBytes(7));
    return new PublishedEntry(
        index,
        row.getBytes(2),
        row.getBytes(3),
        payloads.open(index, stored).body(),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        row.getLong(8));
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
