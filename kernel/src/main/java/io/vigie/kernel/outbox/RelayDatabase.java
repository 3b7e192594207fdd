package io.vigie.kernel.outbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The relay's own connection: it holds the advisory lock, and every statement goes through it, so
 * that who lost the lock lost the means to do harm. Not pooled: closing it must release the lock.
 * Each statement is a transaction.
 */
final class RelayDatabase implements AutoCloseable {

  private static final long LOCK = 0x5649474945L; // "VIGIE"
  private static final String CANCELLED = "57014";

  /** Where the connection comes from: the service's own JDBC settings. */
  @ApplicationScoped
  static class Source {
    private final String url;
    private final String user;
    private final String password;

    Source(
        @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
        @ConfigProperty(name = "quarkus.datasource.username") String user,
        @ConfigProperty(name = "quarkus.datasource.password") String password) {
      this.url = url;
      this.user = user;
      this.password = password;
    }

    RelayDatabase connect(Duration takeOver) throws SQLException {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(url);
      source.setUser(user);
      source.setPassword(password);
      source.setApplicationName("vigie-relay");
      source.setConnectTimeout((int) takeOver.toSeconds());
      source.setSocketTimeout((int) takeOver.toSeconds());
      Connection connection = source.getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.execute("set idle_session_timeout = " + takeOver.toMillis());
        // A plan made while little waited is kept: it must not read all of the outbox when much
        // waits.
        statement.execute("set enable_seqscan = off");
        return new RelayDatabase(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }
  }

  private final Connection connection;

  private RelayDatabase(Connection connection) {
    this.connection = connection;
  }

  /** Whether this connection is now the relay of its database; it stays so until it closes. */
  boolean lock() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  long lastNumber() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select last_number from relay")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** When the oldest fact happened that is not sent yet, blocked ones included; null for none. */
  Instant oldestWaiting() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select min(occurred_at) from outbox")) {
      row.next();
      OffsetDateTime oldest = row.getObject(1, OffsetDateTime.class);
      return oldest == null ? null : oldest.toInstant();
    }
  }

  /** The batch that a former run left in flight, in its order; empty when there is none. */
  List<Row> inFlight() throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select o.id, event_id, type, subject, message_key, event_number, payload, actor, occurred_at,
              traceparent
            from relay, unnest(batch) with ordinality as b(id, place)
            join outbox o on o.id = b.id order by b.place""")) {
      return rows(select);
    }
  }

  /**
   * The oldest waiting rows beside those {@code taken} before, in order. Rows are found by
   * presence, never by "id above the last one seen": a lower id can commit later. Keys with a
   * blocked row wait behind it. A batch ends with the row that takes it past 4 MB.
   */
  List<Row> waiting(List<Row> taken, int limit) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select id, event_id, type, subject, message_key, event_number, payload, actor, occurred_at,
              traceparent
            from
              (select o.*, sum(octet_length(payload)) over (order by id) as bytes from outbox o
               where id not in (select unnest(?::bigint[])) and not exists
                 (select 1 from outbox b where b.message_key = o.message_key and b.blocked_at is not null)
               order by id limit ?) waiting
            where bytes - octet_length(payload) < 4000000 order by id""")) {
      select.setArray(1, ids(taken));
      select.setInt(2, limit);
      return rows(select);
    }
  }

  /**
   * Forgets the rows that the broker has acknowledged, the first of the batch, and commits which
   * ones are the {@code next} batch before anyone sends them.
   */
  void advance(List<Row> sent, List<Row> next) throws SQLException {
    String advance =
        """
        with sent as (delete from outbox where id = any(?))
        update relay set last_number = last_number + ?, batch = ?""";
    // With nothing to send next the disk may take its time: a database that crashes and has lost
    // this lets the same rows go out again under the same numbers.
    String lazily = next.isEmpty() ? " from set_config('synchronous_commit', 'off', true)" : "";
    try (PreparedStatement update = connection.prepareStatement(advance + lazily)) {
      update.setArray(1, ids(sent));
      update.setLong(2, sent.size());
      update.setArray(3, ids(next));
      update.executeUpdate();
    }
  }

  /** Sets a row aside that the broker refuses by itself; its key waits until an operator acts. */
  void block(Row row, String error, Instant at) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "update outbox set blocked_at = ?, blocked_error = ? where id = ?")) {
      update.setObject(1, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
      update.setString(2, error);
      update.setLong(3, row.id());
      update.executeUpdate();
    }
  }

  /**
   * Makes the room of deleted rows usable again, so that the outbox stays as small as what waits in
   * it at most. Gives up after two seconds and does nothing while autovacuum is at it.
   */
  void vacuum() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = '2s'");
      try {
        // Giving room back to the disk would keep writers waiting.
        statement.execute("vacuum (skip_locked, truncate false) outbox");
      } catch (SQLException e) {
        if (!CANCELLED.equals(e.getSQLState())) {
          throw e;
        }
      }
      statement.execute("reset statement_timeout");
    }
  }

  private Array ids(List<Row> rows) throws SQLException {
    // Of objects it would be written as text, and read as such.
    return connection
        .unwrap(PGConnection.class)
        .createArrayOf("bigint", rows.stream().mapToLong(Row::id).toArray());
  }

  private static List<Row> rows(PreparedStatement select) throws SQLException {
    try (ResultSet rows = select.executeQuery()) {
      List<Row> found = new ArrayList<>();
      while (rows.next()) {
        found.add(Row.of(rows));
      }
      return found;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** One waiting fact; its payload is text in UTF-8. */
  record Row(
      long id,
      UUID eventId,
      String type,
      String subject,
      String key,
      Long eventNumber,
      byte[] payload,
      String actor,
      Instant occurredAt,
      String traceparent) {

    private static Row of(ResultSet row) throws SQLException {
      return new Row(
          row.getLong(1),
          row.getObject(2, UUID.class),
          row.getString(3),
          row.getString(4),
          row.getString(5),
          row.getObject(6, Long.class),
          row.getBytes(7),
          row.getString(8),
          row.getObject(9, OffsetDateTime.class).toInstant(),
          row.getString(10));
    }
  }
}
