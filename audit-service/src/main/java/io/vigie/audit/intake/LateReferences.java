package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.search.Findable;
import io.vigie.audit.search.WordList;

/**
 * Adds the references, and who did and told it, that entries were logged without, by a release
 * whose rules named fewer: all that was there before an upgrade, and what replicas of that release
 * log beside this one or after a rollback. The head tells up to which entry these rules were
 * followed; {@link LogWriter} moves that on as long as nobody else logs. So no entry is looked at
 * twice by the same rules, and none is where nothing changed. What was erased cannot be read, and
 * stays as it is.
 */
@ApplicationScoped
class LateReferences {

  /** As many entries in one transaction. */
  private static final int STRETCH = 5_000;

  private static final String OTHER_RULES =
      "update head set picked = 0, rules = ? where rules <> ?";

  private static final String ENTRIES =
      """
      select e.index, e.actor, e.source, e.canonical, p.person, p.key, p.salt, p.body
      from entry e join payload p on p.index = e.index
      where e.index >= ? and e.index < ? order by e.index""";

  private static final String ADD =
      "insert into reference (object, index) values (?, ?) on conflict do nothing";

  /** Where it is not in the only row that can have it, the last at or before it. */
  private static final String ADD_TELLER =
      """
      insert into search_text (word, index) select n.word, n.index from (values (?, ?)) n (word, index)
      where not exists (
        select from (
          select index, more from search_text w
          where w.word = n.word and w.index <= n.index and w.index >= n.index / %1$d * %1$d
          order by index desc limit 1) last
        where n.index - last.index = any(array[0::int2] || last.more))
      on conflict do nothing"""
          .formatted(WordList.STRETCH);

  private static final String MOVE = "update head set picked = ? where picked = ? and rules = ?";

  private final DataSource database;
  private final PersonKeys keys;

  LateReferences(DataSource database, PersonKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  /**
   * Goes on until all entries have theirs, or another replica is at it.
   *
   * @throws SQLException when the database is away; the next run goes on where this one was
   */
  @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void add() throws SQLException {
    boolean isMore = true;
    while (isMore) {
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        try {
          isMore = addNext(connection);
          connection.commit();
        } catch (SQLException | RuntimeException e) {
          connection.rollback();
          throw e;
        }
      }
    }
  }

  private boolean addNext(Connection connection) throws SQLException {
    try (PreparedStatement other = connection.prepareStatement(OTHER_RULES)) {
      other.setString(1, Findable.rules());
      other.setString(2, Findable.rules());
      other.executeUpdate();
    }
    connection.commit(); // whoever appends waits for the head
    long from;
    long end;
    try (Statement statement = connection.createStatement();
        ResultSet head = statement.executeQuery("select picked, size from head")) {
      head.next();
      from = head.getLong(1);
      end = Math.min(from + STRETCH, head.getLong(2));
    }
    if (from >= end) {
      return false;
    }
    add(connection, from, end);
    try (PreparedStatement move = connection.prepareStatement(MOVE)) {
      move.setLong(1, end);
      move.setLong(2, from);
      move.setString(3, Findable.rules());
      return move.executeUpdate() == 1;
    }
  }

  private void add(Connection connection, long from, long end) throws SQLException {
    Payloads payloads = new Payloads(keys);
    try (PreparedStatement entries = connection.prepareStatement(ENTRIES);
        PreparedStatement add = connection.prepareStatement(ADD);
        PreparedStatement addTeller = connection.prepareStatement(ADD_TELLER)) {
      entries.setLong(1, from);
      entries.setLong(2, end);
      entries.setFetchSize(100);
      try (ResultSet row = entries.executeQuery()) {
        while (row.next()) {
          long index = row.getLong(1);
          for (String teller : WordList.tellers(row.getString("actor"), row.getString("source"))) {
            addTeller.setString(1, teller);
            addTeller.setLong(2, index);
            addTeller.addBatch();
          }
          for (String object : references(row, payloads)) {
            add.setString(1, object);
            add.setLong(2, index);
            add.addBatch();
          }
        }
      }
      add.executeBatch();
      addTeller.executeBatch();
    }
  }

  private static Iterable<String> references(ResultSet row, Payloads payloads) throws SQLException {
    Kept stored =
        new Kept(
            row.getString("person"),
            row.getObject("key", Integer.class),
            row.getBytes("salt"),
            row.getBytes("body"));
    Kept kept = payloads.open(row.getLong("index"), stored);
    Findable found =
        kept.body() == null ? null : RecordReader.found(row.getBytes("canonical"), kept.body());
    return found == null ? Findable.NOTHING.references() : found.references();
  }
}
