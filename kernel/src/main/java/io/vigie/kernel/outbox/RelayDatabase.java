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
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The relay's own connection: it holds the advisory lock, and every statement goes through it, so
 * that who lost the lock lost the means to do harm. Not pooled: closing it must release the lock.
 */
final class RelayDatabase implements AutoCloseable {

  private static final long LOCK = 0x5649474945L; // "VIGIE"

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
        connection.setAutoCommit(false);
        statement.execute("set idle_session_timeout = " + takeOver.toMillis());
        statement.execute("set idle_in_transaction_session_timeout = " + takeOver.toMillis());
        connection.commit();
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
      boolean locked = row.getBoolean(1);
      connection.commit();
      return locked;
    }
  }

  long lastNumber() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select last_number from relay")) {
      row.next();
      long number = row.getLong(1);
      connection.commit();
      return number;
    }
  }

  /** When the oldest fact happened that is not sent yet, blocked ones included; null for none. */
  Instant oldestWaiting() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select min(occurred_at) from outbox")) {
      row.next();
      OffsetDateTime oldest = row.getObject(1, OffsetDateTime.class);
      connection.commit();
      return oldest == null ? null : oldest.toInstant();
    }
  }

  /** The batch that a former run left in flight, in its order; empty when there is none. */
  List<Row> inFlight() throws SQLException {
    List<Row> rows =
        query(
            """
            select o.* from relay, unnest(batch) with ordinality as b(id, place)
            join outbox o on o.id = b.id order by b.place""",
            null);
    connection.commit();
    return rows;
  }

  /**
   * Takes the oldest waiting rows, in order, and commits which they are before anyone sends them.
   * Rows are taken by presence, never by "id above the last one seen": a lower id can commit later.
   * Keys with a blocked row wait behind it. A batch ends with the row that takes it past 4 MB.
   */
  List<Row> take(int limit) throws SQLException {
    List<Row> rows =
        query(
            """
            select * from
              (select o.*, sum(octet_length(payload)) over (order by id) as bytes from outbox o
               where not exists
                 (select 1 from outbox b where b.message_key = o.message_key and b.blocked_at is not null)
               order by id limit ?) waiting
            where bytes - octet_length(payload) < 4000000 order by id""",
            limit);
    if (!rows.isEmpty()) {
      try (PreparedStatement update =
          connection.prepareStatement("update relay set batch = ? where cardinality(batch) = 0")) {
        update.setArray(1, ids(rows));
        update.executeUpdate();
      }
    }
    connection.commit();
    return rows;
  }

  /** Forgets the first {@code rows} of the batch, which the broker has acknowledged. */
  void sent(List<Row> rows) throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("delete from outbox where id = any(?)");
        PreparedStatement advance =
            connection.prepareStatement(
                "update relay set last_number = last_number + ?, batch = '{}'")) {
      delete.setArray(1, ids(rows));
      delete.executeUpdate();
      advance.setLong(1, rows.size());
      advance.executeUpdate();
    }
    connection.commit();
  }

  /** Sets a row aside that the broker refuses by itself; its key waits until an operator acts. */
  void block(Row row, String error, Instant at) throws SQLException {
    try (PreparedStatement update =
            connection.prepareStatement(
                "update outbox set blocked_at = ?, blocked_error = ? where id = ?");
        Statement clear = connection.createStatement()) {
      update.setObject(1, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
      update.setString(2, error);
      update.setLong(3, row.id());
      update.executeUpdate();
      clear.executeUpdate("update relay set batch = '{}'");
    }
    connection.commit();
  }

  private Array ids(List<Row> rows) throws SQLException {
    return connection.createArrayOf("bigint", rows.stream().map(Row::id).toArray());
  }

  private List<Row> query(String sql, Integer limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (limit != null) {
        statement.setInt(1, limit);
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<Row> found = new ArrayList<>();
        while (rows.next()) {
          found.add(Row.of(rows));
        }
        return found;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** One waiting fact. */
  record Row(
      long id,
      UUID eventId,
      String type,
      String subject,
      String key,
      Long eventNumber,
      String payload,
      String actor,
      Instant occurredAt,
      String traceparent) {

    private static Row of(ResultSet row) throws SQLException {
      return new Row(
          row.getLong("id"),
          row.getObject("event_id", UUID.class),
          row.getString("type"),
          row.getString("subject"),
          row.getString("message_key"),
          row.getObject("event_number", Long.class),
          row.getString("payload"),
          row.getString("actor"),
          row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
          row.getString("traceparent"));
    }
  }
}
