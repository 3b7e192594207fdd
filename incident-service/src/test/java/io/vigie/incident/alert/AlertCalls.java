package io.vigie.incident.alert;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.TOOL;

/** What sources and responders do, as calls. */
final class AlertCalls {

  static final String ALERTS = "/v1/alerts";
  static final String TOOL_TOKEN = Tokens.of(TOOL);
  static final UUID RESPONDER_ID = UUID.randomUUID();
  static final String RESPONDER_TOKEN = Tokens.of(RESPONDER_ID, RESPONDER);

  private AlertCalls() {}

  /** A rule that no other test has. */
  static String aRule() {
    return "Rule-" + UUID.randomUUID();
  }

  static ValidatableResponse tell(String rule, String status, String host) {
    Map<String, Object> signal = new HashMap<>();
    signal.put("source", "test");
    signal.put("rule", rule);
    signal.put("status", status);
    signal.put("severity", "CRITICAL");
    signal.put("labels", Map.of("host", host));
    signal.put("summary", "Mr Doe's disk is full");
    return Rest.as(TOOL_TOKEN).body(signal).post(ALERTS).then();
  }

  /** Fires and returns the id. */
  static String fire(String rule) {
    String location = tell(rule, "FIRING", "web-1").statusCode(201).extract().header("Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  static void resolve(String rule) {
    tell(rule, "RESOLVED", "web-1").statusCode(200);
  }

  static ValidatableResponse list(String query) {
    return Rest.as(RESPONDER_TOKEN).get(ALERTS + "?" + query).then().statusCode(200);
  }

  static ValidatableResponse get(String id) {
    return Rest.as(RESPONDER_TOKEN).get(ALERTS + "/" + id).then().statusCode(200);
  }

  /** As the responder, in the version that the object has now. */
  static Response change(String object, String what, Map<String, ?> body) {
    String etag = Rest.as(RESPONDER_TOKEN).get(object).header("ETag");
    return Rest.as(RESPONDER_TOKEN).header("If-Match", etag).body(body).post(object + "/" + what);
  }

  /** So that no other test gets mail or tasks of what is left. */
  static void endAll(DataSource database) throws SQLException {
    execute(
        database,
        """
        update alert set state = 'RESOLVED', resolved_at = now(), resolution = 'OPERATOR',
          next_mail_at = null, escalate_at = null, calm_since = null, held_by = null
        where state <> 'RESOLVED'""");
    execute(database, "update alert set told_with = null where told_with is not null");
    execute(database, "delete from alert_storm");
    execute(
        database,
        "update silence set state = 'ENDED', ended_at = now(), ending = 'LIFTED' where state = 'ACTIVE'");
    execute(
        database,
        "update notice set state = 'SENT', next_attempt_at = null where state = 'WAITING'");
  }

  static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long number(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
