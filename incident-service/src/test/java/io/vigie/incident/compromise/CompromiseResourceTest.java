package io.vigie.incident.compromise;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CompromiseResourceTest {

  private static final String RESPONDER_ID = UUID.randomUUID().toString();
  private static final String RESPONDER_TOKEN = Tokens.of(UUID.fromString(RESPONDER_ID), RESPONDER);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final String SINCE = "2026-01-02T03:04:05Z";
  private static final String EARLIER = "2026-01-01T22:00:00Z";

  @Inject DataSource database;

  private static Response send(
      String token, String method, String object, String what, Object body) {
    String etag = Rest.as(token).get(object).header("ETag");
    return Rest.as(token).header("If-Match", etag).body(body).request(method, object + "/" + what);
  }

  /** An incident about an asset, as a path. */
  private static String incident(String asset, String category) {
    Map<String, ?> report =
        Map.of(
            "title", "Files are encrypted",
            "description", "Mr Doe cannot open any",
            "occurredAt", "2026-01-02T07:00:00Z",
            "asset", asset);
    String event =
        await()
            .until(
                () -> Rest.as(RESPONDER_TOKEN).body(report).post("/v1/security-events"),
                answer -> answer.statusCode() == 201)
            .path("id");
    return "/v1/incidents/"
        + send(
                RESPONDER_TOKEN,
                "POST",
                "/v1/security-events/" + event,
                "promotion",
                Map.of("category", category, "impact", "HIGH", "urgency", "HIGH"))
            .path("id");
  }

  private static Response declare(String token, String incident, String asset, String since) {
    return send(
        token,
        "POST",
        incident,
        "compromises",
        Map.of("asset", asset, "compromisedSince", since, "reason", "Mr Doe's mail brought it"));
  }

  private static Response lift(String token, String compromise) {
    return send(token, "POST", compromise, "lifting", Map.of("reason", "Built anew"));
  }

  private static String declared(String incident, String asset) {
    String id =
        declare(RESPONDER_TOKEN, incident, asset, SINCE)
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    return incident + "/compromises/" + id;
  }

  /** One of which asset-service told. */
  private static String anAsset() {
    String asset = UUID.randomUUID().toString();
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          "asset.registered.v1",
          "asset/" + asset,
          asset,
          "{\"aggregateId\":\"%s\",\"changes\":{}}".formatted(asset));
    }
    return asset;
  }

  @Test
  void aCompromiseIsDeclaredAndLiftedWithEventsAndItsReasonsInTheTimeline() {
    // Given
    String asset = anAsset();
    String incident = incident(asset, "MALICIOUS_CODE");

    // When
    Response answer = declare(RESPONDER_TOKEN, incident, asset, SINCE);

    // Then
    answer
        .then()
        .statusCode(201)
        .header("ETag", notNullValue())
        .body("state", equalTo("DECLARED"))
        .body("asset", equalTo(asset))
        .body("compromisedSince", equalTo(SINCE))
        .body("liftedAt", nullValue());
    String compromise = answer.header("Location").replaceAll("^https?://[^/]+", "");
    String declaration = answer.path("declaration");

    // When
    String lifting =
        lift(CISO_TOKEN, compromise)
            .then()
            .statusCode(200)
            .body("state", equalTo("LIFTED"))
            .body("liftedAt", notNullValue())
            .extract()
            .path("lifting");

    // Then
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/timeline?kind=DECISION")
        .then()
        .body("items.id", contains(declaration, lifting))
        .body("items.text", contains("Mr Doe's mail brought it", "Built anew"))
        .body("items[0].recordedBy", equalTo(RESPONDER_ID));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      String id = answer.path("id");
      List<ConsumerRecord<String, byte[]>> told = topic.await(2, about(id));
      assertEquals(
          List.of("compromise.declared.v1", "compromise.lifted.v1"),
          told.stream().map(record -> header(record, "ce_type")).toList());
      told.forEach(
          record -> {
            String text = new String(record.value());
            assertEquals(id, record.key());
            assertTrue(text.contains("\"asset\":\"" + asset));
            assertFalse(text.contains("Doe"));
          });
      assertTrue(new String(told.get(0).value()).contains("\"compromisedSince\":\"" + SINCE));
    }
    lift(CISO_TOKEN, compromise)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:compromise-lifted"));
  }

  @Test
  void onlyMaliciousCodeOnAnAssetThatTheIncidentConcernsIsDeclared() {
    String asset = anAsset();
    String other = anAsset();
    String incident = incident(asset, "INTRUSIONS");

    declare(RESPONDER_TOKEN, incident, asset, SINCE)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-not-malicious-code"));
    send(
            RESPONDER_TOKEN,
            "PUT",
            incident,
            "assessment",
            Map.of("category", "MALICIOUS_CODE", "impact", "HIGH", "urgency", "HIGH", "tlp", "RED"))
        .then()
        .statusCode(200);
    declare(RESPONDER_TOKEN, incident, other, SINCE)
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:compromise-asset-not-affected"));
    await()
        .untilAsserted(
            () ->
                send(RESPONDER_TOKEN, "PUT", incident, "affected", Map.of("assets", List.of(other)))
                    .then()
                    .statusCode(200));
    declare(RESPONDER_TOKEN, incident, other, SINCE).then().statusCode(201);
    declare(RESPONDER_TOKEN, incident, asset, "2999-01-01T00:00:00Z")
        .then()
        .statusCode(400)
        .body("errors.field", contains("compromisedSince"));
  }

  @Test
  void anEarlierTimeIsDeclaredBesideTheFirstAndALaterOneSaysNothingNew() {
    String asset = anAsset();
    String incident = incident(asset, "MALICIOUS_CODE");
    String first = declared(incident, asset);

    declare(RESPONDER_TOKEN, incident, asset, "2026-01-02T05:00:00Z")
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:compromise-declared"));
    declare(RESPONDER_TOKEN, incident, asset, EARLIER).then().statusCode(201);
    lift(CISO_TOKEN, first).then().statusCode(200);

    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/compromises?state=DECLARED&asset=" + asset)
        .then()
        .statusCode(200)
        .body("items.compromisedSince", contains(EARLIER));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/compromises?asset=" + anAsset())
        .then()
        .statusCode(200)
        .body("items", empty());
  }

  @Test
  void anIncidentIsNotOverWhileACompromiseIsDeclared() {
    String asset = anAsset();
    String incident = incident(asset, "MALICIOUS_CODE");
    String compromise = declared(incident, asset);
    for (String step :
        List.of("triage", "investigation", "containment", "eradication", "recovery", "review")) {
      send(RESPONDER_TOKEN, "POST", incident, step, Map.of("note", "x")).then().statusCode(200);
    }

    send(RESPONDER_TOKEN, "POST", incident, "closure", Map.of("note", "x"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-compromises-declared"));
    lift(CISO_TOKEN, compromise).then().statusCode(200);
    send(RESPONDER_TOKEN, "POST", incident, "closure", Map.of("note", "x")).then().statusCode(200);
    declare(RESPONDER_TOKEN, incident, asset, SINCE)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-closed"));
  }

  @Test
  void aCompromiseOfARestrictedIncidentIsThereForWhomTheIncidentIs() {
    String asset = anAsset();
    String incident = incident(asset, "MALICIOUS_CODE");
    String compromise = declared(incident, asset);
    String incidentTag = Rest.as(RESPONDER_TOKEN).get(incident).header("ETag");
    send(RESPONDER_TOKEN, "PUT", incident, "restriction", Map.of("accounts", List.of(RESPONDER_ID)))
        .then()
        .statusCode(200);
    String stranger = Tokens.of(RESPONDER);

    Rest.as(RESPONDER_TOKEN).get(compromise).then().statusCode(200);
    Rest.as(CISO_TOKEN).get(compromise).then().statusCode(200);
    Rest.as(stranger).get(compromise).then().statusCode(404);
    Rest.as(stranger).get(incident + "/compromises").then().statusCode(404);
    Rest.as(stranger)
        .header("If-Match", incidentTag)
        .body(Map.of("asset", asset, "compromisedSince", EARLIER, "reason", "x"))
        .post(incident + "/compromises")
        .then()
        .statusCode(404);
  }

  @Test
  void aCompromiseIsOfItsOwnIncidentAndLiftedInTheVersionThatWasRead() {
    String asset = anAsset();
    String compromise = declared(incident(asset, "MALICIOUS_CODE"), asset);
    String other = incident(asset, "MALICIOUS_CODE");

    Rest.as(CISO_TOKEN)
        .get(other + "/compromises/" + compromise.replaceAll(".*/", ""))
        .then()
        .statusCode(404);
    Rest.as(CISO_TOKEN)
        .body(Map.of("reason", "x"))
        .post(compromise + "/lifting")
        .then()
        .statusCode(428);
    Rest.as(CISO_TOKEN)
        .header("If-Match", "\"77\"")
        .body(Map.of("reason", "x"))
        .post(compromise + "/lifting")
        .then()
        .statusCode(412);
  }

  @Test
  void sinceWhenAnAssetIsCompromisedNoStatementOfTheServiceChanges() throws SQLException {
    String asset = anAsset();
    declared(incident(asset, "MALICIOUS_CODE"), asset);

    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      SQLException refused =
          assertThrows(
              SQLException.class,
              () ->
                  statement.executeUpdate(
                      "update compromise set compromised_since = now() where asset = '"
                          + asset
                          + "'"));
      assertEquals("42501", refused.getSQLState());
    }
  }
}
