package io.vigie.audit.control;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.testkit.Infrastructure;

/**
 * Queries of figures asked of tables that this test alone sees, by nothing but PostgreSQL, in the
 * statements in which the service asks them.
 */
final class Figures implements AutoCloseable {

  /** What queries of figures may read. */
  static final String[] TABLES = {
    "object", "control", "control_turn", "verdict", "verdict_turn", "entry", "checkpoint"
  };

  /** What the query answers; {@code value} is null where no amount is known. */
  record Figure(Double value, long objects, long unmeasured) {}

  private final Connection connection;

  Figures() throws SQLException {
    connection = Infrastructure.running().superuser("audit");
    for (String table : TABLES) {
      execute("create temporary table %1$s as table public.%1$s with no data".formatted(table));
    }
  }

  private void execute(String statement) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  /** An object, by {@code <kind>/<id>}. */
  void put(String object, JsonNode state, Instant changedAt) throws SQLException {
    String[] name = object.split("/");
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into object (kind, id, service, state, number, event, changed_at)
            values (?, ?, 'test', ?::jsonb, 1, gen_random_uuid(), ?::timestamptz)""")) {
      insert.setString(1, name[0]);
      insert.setObject(2, UUID.fromString(name[1]));
      insert.setString(3, state.toString());
      insert.setString(4, changedAt.toString());
      insert.execute();
    }
  }

  void insert(String table, JsonNode row) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into %1$s select * from jsonb_populate_record(null::%1$s, ?::jsonb)"
                .formatted(table))) {
      insert.setString(1, row.toString());
      insert.execute();
    }
  }

  Figure figure(Kpi kpi, Instant now) throws SQLException {
    try (Statement ask = connection.createStatement();
        ResultSet row = ask.executeQuery(bound(kpi.figure(), now))) {
      row.next();
      return new Figure(
          row.getObject("value", Double.class), row.getLong("objects"), row.getLong("unmeasured"));
    }
  }

  /** The amount of each object, by {@code <kind>/<id>}. */
  Map<String, Double> behind(Kpi kpi, Instant now, Double amount) throws SQLException {
    String query =
        bound(kpi.behind(), now)
            .replace("$2", amount == null ? "null" : amount.toString())
            .replace("$3", "null")
            .replace("$4", "200")
            .replace("$5", "null");
    Map<String, Double> behind = new TreeMap<>();
    try (Statement ask = connection.createStatement();
        ResultSet rows = ask.executeQuery(query)) {
      while (rows.next()) {
        behind.put(
            rows.getString("kind") + "/" + rows.getString("id"),
            rows.getObject("amount", Double.class));
      }
    }
    return behind;
  }

  Map<LocalDate, Double> days(Kpi kpi, Instant now, LocalDate first) throws SQLException {
    Map<LocalDate, Double> days = new TreeMap<>();
    try (Statement ask = connection.createStatement();
        ResultSet rows =
            ask.executeQuery(
                bound(kpi.series(), now).replace("$2", "'" + Date.valueOf(first) + "'"))) {
      while (rows.next()) {
        days.put(rows.getObject("day", LocalDate.class), rows.getObject("value", Double.class));
      }
    }
    return days;
  }

  /** Not as a prepared statement: a question mark is an operator there. */
  private static String bound(String query, Instant now) {
    return query.replace("$1", "'" + now + "'");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
