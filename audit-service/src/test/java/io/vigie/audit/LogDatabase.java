package io.vigie.audit;

import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ExportVerifier;
import io.vigie.verifier.ExportVerifier.Verdict;

/** The log as its database's superuser and an outside auditor see it. */
public final class LogDatabase {

  private LogDatabase() {}

  public static long number(String query) {
    try (Connection database = Infrastructure.running().superuser("audit");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** Changes rows as somebody whom neither grants nor triggers stop. */
  public static void tamper(String statement) throws SQLException {
    execute("set session_replication_role = replica", statement);
  }

  /** Runs statements as the superuser, or as whom they turn into, in one session. */
  public static void execute(String... statements) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("audit");
        Statement sql = database.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  public static long entriesOf(UUID eventId) {
    return number("select count(*) from entry where event_id = '" + eventId + "'");
  }

  public static long size() {
    return number("select size from head");
  }

  /** Downloads the export and verifies it as an outsider would. */
  public static Verdict verifyExport() {
    Response export = Rest.as(Tokens.of("auditor")).get("/v1/log/export");
    export.then().statusCode(200);
    try (InputStream lines = export.asInputStream()) {
      return ExportVerifier.verify(lines);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
