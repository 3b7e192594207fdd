package io.vigie.incident;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.incident.Calls.OCCURRED_AT;
import static io.vigie.incident.Calls.RESPONDER_ID;
import static io.vigie.incident.Calls.RESPONDER_TOKEN;
import static io.vigie.incident.Calls.aReport;
import static io.vigie.incident.Calls.change;
import static io.vigie.incident.Calls.incident;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class IncidentResourceTest {

  private static final String INCIDENTS = "/v1/incidents";
  private static final Map<String, Object> PROMOTION =
      Map.of("category", "FRAUD", "impact", "HIGH", "urgency", "MEDIUM");
  private static final List<String> STEPS =
      List.of(
          "triage", "investigation", "containment", "eradication", "recovery", "review", "closure");

  /** Whose account the realm takes from a directory: Keycloak makes its subject no UUID. */
  private static final UUID FEDERATED = UUID.randomUUID();

  private static final String FEDERATED_SUBJECT = "f:" + UUID.randomUUID() + ":doe";

  @Inject DataSource database;

  @Singleton
  static class Directory implements SecurityIdentityAugmentor {
    @Override
    public Uni<SecurityIdentity> augment(
        SecurityIdentity identity, AuthenticationRequestContext context) {
      return Uni.createFrom()
          .item(
              FEDERATED.toString().equals(Actor.of(identity))
                  ? QuarkusSecurityIdentity.builder(identity)
                      .setPrincipal(new QuarkusPrincipal(FEDERATED_SUBJECT))
                      .build()
                  : identity);
    }
  }

  @Test
  void anIncidentIsWorkedStepByStepToItsClosureAndEachStepIsPublishedInOrder() {
    // Given
    String id = incident(aReport(), PROMOTION);

    // When
    STEPS.forEach(
        step -> step(id, step, Map.of("note", "Mr Doe did the " + step)).then().statusCode(200));

    // Then
    Rest.as(RESPONDER_TOKEN)
        .get(INCIDENTS + "/" + id)
        .then()
        .body("state", equalTo("CLOSED"))
        .body("occurredAt", equalTo(OCCURRED_AT))
        .body("detectedAt", notNullValue())
        .body("awareAt", notNullValue())
        .body("containedAt", notNullValue())
        .body("recoveredAt", notNullValue())
        .body("closedAt", notNullValue());
    Rest.as(RESPONDER_TOKEN)
        .get(INCIDENTS + "/" + id + "/steps")
        .then()
        .statusCode(200)
        .body("items.note", equalTo(STEPS.stream().map(step -> "Mr Doe did the " + step).toList()))
        .body("items.recordedBy", everyItem(equalTo(RESPONDER_ID.toString())));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(8, about(id));
      assertEquals("incident.opened.v1", header(records.get(0), "ce_type"));
      assertEquals(
          List.of("1", "2", "3", "4", "5", "6", "7", "8"),
          records.stream().map(record -> header(record, "ce_eventnumber")).toList());
      assertTrue(
          new String(records.get(7).value()).contains("\"from\":\"IN_REVIEW\",\"to\":\"CLOSED\""));
      records.forEach(record -> assertFalse(new String(record.value()).contains("Doe")));
    }
  }

  @Test
  void aStepIsRecordedAfterTheFactButNotBeforeTheOneItFollows() {
    String id = incident(aReport(), PROMOTION);
    Instant detected =
        Instant.parse(Rest.as(RESPONDER_TOKEN).get(INCIDENTS + "/" + id).path("detectedAt"));

    step(id, "triage", Map.of("note", "real", "at", detected.minusSeconds(1).toString()))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:incident-step-too-early"));
    step(id, "triage", Map.of("note", "real", "at", Instant.now().plusSeconds(3_600).toString()))
        .then()
        .statusCode(400)
        .body("errors.field", contains("at"));
    step(id, "triage", Map.of("note", "real", "at", detected.toString()))
        .then()
        .statusCode(200)
        .body("reachedAt", equalTo(detected.toString()));
  }

  @Test
  void aStepIsCorrectedWithAReasonAlsoWhenAllIsClosedAndWhatWasSaidStays() {
    // Given
    String id = incident(aReport(), PROMOTION);
    String incident = INCIDENTS + "/" + id;
    STEPS.forEach(step -> step(id, step, Map.of("note", "done")).then().statusCode(200));
    List<Map<String, String>> steps =
        Rest.as(RESPONDER_TOKEN).get(incident + "/steps").path("items");
    Map<String, String> containment = steps.get(2);
    String before = steps.get(1).get("at");

    // When
    Response corrected = correct(id, containment.get("id"), before, "Mr Doe says so");

    // Then
    corrected
        .then()
        .statusCode(200)
        .body("state", equalTo("CLOSED"))
        .body("containedAt", equalTo(before))
        .body("closedAt", equalTo(steps.get(6).get("at")));
    Response after = Rest.as(RESPONDER_TOKEN).get(incident + "/steps");
    String correction = after.path("items[7].id");
    after
        .then()
        .body("items.size()", equalTo(8))
        .body("items[2].at", equalTo(containment.get("at")))
        .body("items[2].note", equalTo("done"))
        .body("items[2].supersededBy", equalTo(correction))
        .body("items[7].state", equalTo("CONTAINED"))
        .body("items[7].at", equalTo(before))
        .body("items[7].note", equalTo("Mr Doe says so"))
        .body("items[7].supersedes", equalTo(containment.get("id")))
        .body("items[7].recordedBy", equalTo(RESPONDER_ID.toString()));
    Rest.as(RESPONDER_TOKEN)
        .get(incident + "/times")
        .then()
        .body("items.state", hasItem("CONTAINED"))
        .body("items.size()", equalTo(7))
        .body("items[2].seconds", equalTo(0))
        .body("items[3].since", equalTo(before));
    problem(correct(id, containment.get("id"), before, "again"), 409, "incident-step-superseded");
    correct(id, correction, containment.get("at"), "it was right").then().statusCode(200);
    try (Topic topic = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> told =
          topic.await(2, about(id).and(ofType("incident.step-corrected.v1"))).get(0);
      String published = new String(told.value());
      assertTrue(published.contains("\"containedAt\":\"" + before + "\""), published);
      assertTrue(
          published.contains("\"previousReachedAt\":\"" + containment.get("at") + "\""), published);
      assertFalse(published.contains("Doe"), published);
    }
  }

  @Test
  void aStepIsNotCorrectedToWhereItCannotHaveBeen() {
    String id = incident(aReport(), PROMOTION);
    String other = incident(aReport(), PROMOTION);
    String detected = Rest.as(RESPONDER_TOKEN).get(INCIDENTS + "/" + id).path("detectedAt");
    for (String step : List.of("triage", "investigation")) {
      step(id, step, Map.of("note", "x", "at", detected)).then().statusCode(200);
    }
    step(other, "triage", Map.of("note", "x")).then().statusCode(200);
    String triage =
        Rest.as(RESPONDER_TOKEN).get(INCIDENTS + "/" + id + "/steps").path("items[0].id");
    Instant at = Instant.parse(detected);

    for (Instant wrong : List.of(at.minusSeconds(1), at.plusMillis(1))) {
      problem(correct(id, triage, wrong.toString(), "x"), 422, "incident-step-out-of-order");
    }
    correct(id, triage, Instant.now().plusSeconds(3_600).toString(), "x")
        .then()
        .statusCode(400)
        .body("errors.field", contains("at"));
    problem(correct(other, triage, detected, "x"), 422, "incident-step-unknown");
    Rest.as(RESPONDER_TOKEN)
        .get(INCIDENTS + "/" + id + "/steps")
        .then()
        .body("items.size()", equalTo(2));
  }

  @Test
  void aStepOutOfOrderIsRefusedAndLeavesNoNote() {
    String id = incident(aReport(), PROMOTION);

    step(id, "closure", Map.of("note", "done"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-step-not-next"))
        .body("detail", equalTo("The incident is DETECTED; next comes triage."));

    Rest.as(RESPONDER_TOKEN).get(INCIDENTS + "/" + id + "/steps").then().body("items", empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update incident_step set note = 'nothing happened'",
        "delete from incident_step",
        "delete from incident",
        "delete from security_event"
      })
  void theServicesOwnDatabaseRoleCannotUndoWhatWasRecorded(String statement) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      SQLException refusal = assertThrows(SQLException.class, () -> sql.execute(statement));
      assertEquals("42501", refusal.getSQLState(), "insufficient privilege");
    }
  }

  @Test
  void aStepNeedsANoteAVersionAndAName() {
    String id = incident(aReport(), PROMOTION);

    step(id, "triage", Map.of()).then().statusCode(400).body("errors.field", contains("note"));
    step(id, "detection", Map.of("note", "x")).then().statusCode(404);
    for (Map.Entry<String, Integer> sent : Map.of("\"7\"", 412, "", 428).entrySet()) {
      Rest.as(RESPONDER_TOKEN)
          .header("If-Match", sent.getKey())
          .body(Map.of("note", "x"))
          .post(INCIDENTS + "/" + id + "/triage")
          .then()
          .statusCode(sent.getValue());
    }
    Rest.as(RESPONDER_TOKEN)
        .header("If-Match", "*")
        .body(Map.of("note", "x"))
        .post(INCIDENTS + "/" + UUID.randomUUID() + "/triage")
        .then()
        .statusCode(404);
  }

  @Test
  void theApiDescriptionNamesEveryStepAndLabel() {
    Response description = Rest.as(RESPONDER_TOKEN).get("/q/openapi?format=json");

    assertEquals(
        STEPS,
        description.path(
            "paths.'/v1/incidents/{id}/{step}'.post.parameters.find { it.name == 'step' }.schema.enum"));
    assertEquals(
        List.of("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"),
        description.path("components.schemas.Tlp.enum"));
  }

  @Test
  void anAssignedIncidentWaitsForItsAssigneeUntilItIsClosed() {
    String id = incident(aReport(), PROMOTION);
    String subject = "incident/" + id;
    UUID assignee = UUID.randomUUID();
    String assigneeToken = Tokens.of(assignee, "responder");

    change("PUT", INCIDENTS + "/" + id, "assignee", Map.of("assignee", assignee))
        .then()
        .statusCode(200)
        .body("assignee", equalTo(assignee.toString()));

    Rest.as(assigneeToken)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", hasItem(subject));
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", not(hasItem(subject)));

    STEPS.forEach(step -> step(id, step, Map.of("note", "done")).then().statusCode(200));
    Rest.as(assigneeToken)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", not(hasItem(subject)));
    change("PUT", INCIDENTS + "/" + id, "assignee", Map.of("assignee", UUID.randomUUID()))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:incident-closed"));
  }

  @Test
  void aResponderFromADirectoryHasTasksAndIncidentsToo() {
    String id = incident(aReport(), PROMOTION);

    change("PUT", INCIDENTS + "/" + id, "assignee", Map.of("assignee", FEDERATED_SUBJECT))
        .then()
        .statusCode(200)
        .body("assignee", equalTo(FEDERATED_SUBJECT));

    Rest.as(Tokens.of(FEDERATED, RESPONDER))
        .get("/v1/tasks?limit=200")
        .then()
        .statusCode(200)
        .body("items.subject", hasItem("incident/" + id));
    assertListed(INCIDENTS + "?assignee=" + FEDERATED_SUBJECT, id);
  }

  @Test
  void anAssigneeIsNamedAndBounded() {
    String id = incident(aReport(), PROMOTION);

    for (String wrong : List.of(" ", "x".repeat(256))) {
      change("PUT", INCIDENTS + "/" + id, "assignee", Map.of("assignee", wrong))
          .then()
          .statusCode(400)
          .body("errors.field", contains("assignee"));
    }
  }

  @Test
  void incidentsAreFilteredAndPaged() {
    Map<String, Object> report = aReport();
    String asset = Calls.asset();
    report.put("asset", asset);
    List<String> ids = new ArrayList<>();
    for (int severity = 1; severity <= 3; severity++) {
      ids.add(incident(report, Map.of("category", "INTRUSIONS", "severity", severity)));
    }
    step(ids.get(0), "triage", Map.of("note", "real")).then().statusCode(200);
    UUID assignee = UUID.randomUUID();
    change("PUT", INCIDENTS + "/" + ids.get(1), "assignee", Map.of("assignee", assignee))
        .then()
        .statusCode(200);
    String all = INCIDENTS + "?category=INTRUSIONS&asset=" + asset;

    assertListed(all + "&state=TRIAGED", ids.get(0));
    assertListed(all + "&assignee=" + assignee, ids.get(1));
    assertListed(all + "&severity=3", ids.get(2));
    Response first = Rest.as(RESPONDER_TOKEN).get(all + "&limit=2");
    first.then().body("items.id", contains(ids.get(0), ids.get(1)));
    assertListed(first.header("Link").replaceAll("<(.*)>.*", "$1"), ids.get(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"state=OPEN", "severity=5", "assignee=", "tlp=RED"})
  void aFilterThatMeansNothingIsRefused(String filter) {
    Rest.as(RESPONDER_TOKEN).get(INCIDENTS + "?" + filter).then().statusCode(400);
  }

  @Test
  void snapshotsCarryTheStateOfIncidentsAndOfTheirSecurityEvents() {
    String id = incident(aReport(), PROMOTION);
    String event = Rest.as(RESPONDER_TOKEN).get(INCIDENTS + "/" + id).path("securityEvent");

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.incident.events")) {
      String ofIncident =
          new String(topic.await(1, about(id).and(ofType("incident.snapshot.v1"))).get(0).value());
      String ofEvent =
          new String(
              topic
                  .await(1, about(event).and(ofType("security-event.snapshot.v1")))
                  .get(0)
                  .value());
      assertTrue(ofIncident.contains("\"tlp\":\"AMBER+STRICT\""), ofIncident);
      assertTrue(ofEvent.contains("\"incident\":\"" + id + "\""), ofEvent);
    }
  }

  @Test
  void aHistoryNeedsTheLog() {
    String id = incident(aReport(), PROMOTION);

    Rest.as(Tokens.of(AUDITOR))
        .get(INCIDENTS + "/" + id + "/history")
        .then()
        .statusCode(503)
        .header("Retry-After", equalTo("2"));
  }

  private static void assertListed(String path, String... ids) {
    Rest.as(RESPONDER_TOKEN).get(path).then().statusCode(200).body("items.id", contains(ids));
  }

  private static Response correct(String id, String step, String at, String note) {
    return change(
        "POST", INCIDENTS + "/" + id, "steps", Map.of("supersedes", step, "at", at, "note", note));
  }

  private static Response step(String id, String step, Map<String, ?> body) {
    return change("POST", INCIDENTS + "/" + id, step, body);
  }
}
