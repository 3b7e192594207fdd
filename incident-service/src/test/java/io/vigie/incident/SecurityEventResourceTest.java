package io.vigie.incident;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.ApiDescription;
import io.vigie.testkit.HostileRequests;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.RoleMatrix;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SortedLists;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.incident.Calls.RESPONDER_ID;
import static io.vigie.incident.Calls.RESPONDER_TOKEN;
import static io.vigie.incident.Calls.aReport;
import static io.vigie.incident.Calls.change;
import static io.vigie.incident.Calls.incident;
import static io.vigie.incident.Calls.report;
import static io.vigie.incident.Calls.tell;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class SecurityEventResourceTest {

  private static final String EVENTS = "/v1/security-events";

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void anyMemberOfStaffReportsInOneCallAndTheDelayIsMeasured() {
    Map<String, Object> report = aReport();
    report.put("occurredAt", Instant.now().minus(Duration.ofHours(2)).toString());
    String noticedAt = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MICROS).toString();
    report.put("place", "Mr Doe's desk");
    report.put("noticedAt", noticedAt);
    UUID reporter = UUID.randomUUID();
    clock.move(Duration.ofHours(1));

    Response answer = Rest.as(Tokens.of(reporter, STAFF)).body(report).post(EVENTS);

    answer
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"0\""))
        .header("Location", containsString(EVENTS + "/" + answer.path("id")))
        .body("state", equalTo("REPORTED"))
        .body("reporter", equalTo(reporter.toString()))
        .body("description", equalTo("Mr Doe asks for my password"))
        .body("place", equalTo("Mr Doe's desk"))
        .body("noticedAt", equalTo(noticedAt));
    assertEquals(Duration.ofHours(3).toSeconds(), answer.<Integer>path("reportedAfterSeconds"), 60);
  }

  @Test
  void nobodyNoticesWhatHasNotOccurredYet() {
    Map<String, Object> report = aReport();
    report.put("occurredAt", "2026-01-02T03:04:05Z");
    report.put("noticedAt", "2026-01-02T03:04:04Z");

    Response refused = Rest.as(Tokens.of(STAFF)).body(report).post(EVENTS);

    problem(refused, 422, "security-event-noticed-early");
  }

  @Test
  void theReportsTextStaysAndTheReasonOfADismissalIsAFact() {
    Map<String, Object> report = aReport();
    report.put("place", "Mr Doe's desk");
    String id = report(Tokens.of(STAFF), report);
    dismiss(id, "an announced exercise").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(id));
      assertEquals(
          List.of("security-event.reported.v1", "security-event.dismissed.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals(RESPONDER_ID.toString(), header(records.get(1), "ce_actor"));
      assertEquals("security-event/" + id, header(records.get(0), "ce_subject"));
      for (ConsumerRecord<String, byte[]> record : records) {
        String published = new String(record.value());
        assertFalse(published.contains("Doe") || published.contains("Odd mail"), published);
      }
      assertTrue(new String(records.get(1).value()).contains("an announced exercise"));
    }
  }

  @Test
  void aDismissalIsFinalAndTheReporterReadsItsReason() {
    String reporter = Tokens.of(STAFF);
    String id = report(reporter, aReport());

    dismiss(id, "an exercise").then().statusCode(200).body("state", equalTo("DISMISSED"));

    Rest.as(reporter)
        .get(EVENTS + "/" + id)
        .then()
        .body("dismissalReason", equalTo("an exercise"))
        .body("incident", nullValue());
    for (Response again :
        List.of(dismiss(id, "again"), promote(id, Map.of("category", "FRAUD", "severity", 2)))) {
      again
          .then()
          .statusCode(409)
          .contentType(containsString("application/problem+json"))
          .body("type", equalTo("urn:vigie:problem:security-event-decided"));
    }
  }

  @Test
  void aPromotionOpensAnIncidentAndTheTwoKnowEachOther() {
    Map<String, Object> report = aReport();
    String asset = Calls.asset();
    report.put("asset", asset);
    String id = report(Tokens.of(STAFF), report);

    Response answer = promote(id, Map.of("category", "FRAUD", "severity", 2));

    String incident = answer.path("id");
    answer
        .then()
        .statusCode(201)
        .header("Location", containsString("/v1/incidents/" + incident))
        .header("ETag", equalTo("\"0\""))
        .body("state", equalTo("DETECTED"))
        .body("tlp", equalTo("AMBER+STRICT"))
        .body("asset", equalTo(asset))
        .body("securityEvent", equalTo(id));
    Rest.as(RESPONDER_TOKEN)
        .get(EVENTS + "/" + id)
        .then()
        .body("state", equalTo("PROMOTED"))
        .body("incident", equalTo(incident));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      assertEquals(1, topic.await(1, about(incident)).size());
      assertTrue(
          new String(topic.await(2, about(id)).get(1).value())
              .contains("\"incident\":\"" + incident + "\""));
    }
  }

  @Test
  void aReportOfWhatIsWorkedAlreadyIsMergedIntoThatIncident() {
    // Given
    String incident = incident(aReport(), Map.of("category", "FRAUD", "severity", 2));
    String reporter = Tokens.of(STAFF);
    String id = report(reporter, aReport());

    // When
    Response answer = merge(id, incident);

    // Then
    answer
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""))
        .body("state", equalTo("MERGED"))
        .body("incident", equalTo(incident));
    Rest.as(reporter)
        .get(EVENTS + "/" + id)
        .then()
        .body("state", equalTo("MERGED"))
        .body("incident", equalTo(incident));
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/incidents/" + incident + "/timeline")
        .then()
        .body("items.kind", contains("DECISION"))
        .body("items.text", contains("Odd mail\nthe same sender"))
        .body("items.recordedBy", contains(RESPONDER_ID.toString()));
    String first = Rest.as(RESPONDER_TOKEN).get("/v1/incidents/" + incident).path("securityEvent");
    Rest.as(RESPONDER_TOKEN)
        .get(EVENTS + "?incident=" + incident)
        .then()
        .body("items.id", contains(first, id));
    problem(merge(id, incident), 409, "security-event-decided");
    try (Topic topic = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> merged = topic.await(2, about(id)).get(1);
      assertEquals("security-event.merged.v1", header(merged, "ce_type"));
      assertTrue(answer.header("Vigie-Receipt").endsWith("/" + header(merged, "ce_id")));
      assertTrue(new String(merged.value()).contains("\"incident\":\"" + incident + "\""));
      assertFalse(new String(merged.value()).contains("sender"));
      assertEquals("incident.noted.v1", header(topic.await(2, about(incident)).get(1), "ce_type"));
    }
  }

  @Test
  void aReportIsMergedIntoNoIncidentThatIsClosedOrThatNobodyKnows() {
    Map<String, Object> promotion = Map.of("category", "FRAUD", "severity", 2);
    String closed = incident(aReport(), promotion);
    change(
            "POST",
            "/v1/incidents/" + closed,
            "merge",
            Map.of("into", incident(aReport(), promotion), "note", "x"))
        .then()
        .statusCode(200);
    String id = report(RESPONDER_TOKEN, aReport());

    problem(merge(id, closed), 409, "incident-closed");
    problem(merge(id, UUID.randomUUID().toString()), 404, "not-found");

    Rest.as(RESPONDER_TOKEN)
        .get(EVENTS + "/" + id)
        .then()
        .body("state", equalTo("REPORTED"))
        .body("incident", nullValue());
  }

  @Test
  void ofTwoDecisionsOnTheSameReadTheSecondIsStale() {
    String event = EVENTS + "/" + report(RESPONDER_TOKEN, aReport());

    for (int status : List.of(200, 412)) {
      Rest.as(RESPONDER_TOKEN)
          .header("If-Match", "\"0\"")
          .body(Map.of("reason", "no breach"))
          .post(event + "/dismissal")
          .then()
          .statusCode(status);
    }
    Rest.as(RESPONDER_TOKEN)
        .body(Map.of("reason", "no breach"))
        .post(event + "/dismissal")
        .then()
        .statusCode(428);
  }

  @Test
  void aRepeatedPromotionWithItsKeyGivesTheSameIncident() {
    String id = report(RESPONDER_TOKEN, aReport());
    String key = UUID.randomUUID().toString();

    List<String> incidents =
        List.of(1, 2).stream()
            .map(
                time ->
                    Rest.as(RESPONDER_TOKEN)
                        .header("If-Match", "\"0\"")
                        .header("Idempotency-Key", key)
                        .body(Map.of("category", "FRAUD", "severity", 2, "tlp", "RED"))
                        .post(EVENTS + "/" + id + "/promotion")
                        .then()
                        .statusCode(201)
                        .body("tlp", equalTo("RED"))
                        .extract()
                        .<String>path("id"))
            .toList();

    assertEquals(incidents.get(0), incidents.get(1));
  }

  @Test
  void staffAndToolsSeeTheirOwnReportsAndNoOthers() {
    for (String role : List.of(STAFF, TOOL, SYSADMIN)) {
      String token = Tokens.of(role);
      String own = report(token, aReport());
      String other = report(Tokens.of(STAFF), aReport());

      Rest.as(token).get(EVENTS).then().statusCode(200).body("items.id", contains(own));
      Rest.as(token).get(EVENTS + "/" + own).then().statusCode(200);
      Rest.as(token)
          .get(EVENTS + "/" + other)
          .then()
          .statusCode(403)
          .body("type", equalTo("urn:vigie:problem:forbidden"));
    }
  }

  @Test
  void respondersTheCisoAndAuditorsSeeAllReports() {
    Map<String, Object> report = aReport();
    String asset = Calls.asset();
    report.put("asset", asset);
    String id = report(Tokens.of(STAFF), report);

    for (String role : List.of(RESPONDER, CISO, AUDITOR)) {
      String token = Tokens.of(role);
      Rest.as(token).get(EVENTS + "?asset=" + asset).then().body("items.id", contains(id));
      Rest.as(token).get(EVENTS + "/" + id).then().statusCode(200);
    }
  }

  @Test
  void reportsAreFilteredAndPaged() {
    Map<String, Object> report = aReport();
    String asset = Calls.asset();
    report.put("asset", asset);
    report.put("category", "FRAUD");
    List<String> ids =
        List.of(
            report(RESPONDER_TOKEN, report),
            report(RESPONDER_TOKEN, report),
            report(RESPONDER_TOKEN, report));
    dismiss(ids.get(1), "no breach").then().statusCode(200);
    String all = EVENTS + "?asset=" + asset;

    Rest.as(RESPONDER_TOKEN)
        .get(all + "&state=REPORTED&category=FRAUD")
        .then()
        .body("items.id", contains(ids.get(0), ids.get(2)));
    Rest.as(RESPONDER_TOKEN).get(all + "&category=OTHER").then().body("items", empty());

    Response first = Rest.as(RESPONDER_TOKEN).get(all + "&limit=2");
    first.then().body("items.id", contains(ids.get(0), ids.get(1)));
    Rest.as(RESPONDER_TOKEN)
        .get(first.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.id", contains(ids.get(2)))
        .header("Link", nullValue());
  }

  @Test
  void anAssetOfWhichNobodyToldIsRefusedAndNoneIsNeeded() {
    Map<String, Object> report = aReport();
    UUID asset = UUID.randomUUID();
    UUID person = UUID.randomUUID();
    tell("person.joined.v1", person, "");
    String incident =
        "/v1/incidents/" + incident(aReport(), Map.of("category", "FRAUD", "severity", 1));
    await()
        .untilAsserted(
            () ->
                change("PUT", incident, "affected", Map.of("people", List.of(person)))
                    .then()
                    .statusCode(200));
    for (UUID unknown : List.of(asset, person)) {
      report.put("asset", unknown);
      problem(Rest.as(Tokens.of(TOOL)).body(report).post(EVENTS), 422, "unknown-reference")
          .body("errors.field", contains("asset"))
          .body("errors.message", contains("is no asset of asset-service"));
    }
    Rest.as(RESPONDER_TOKEN).get(EVENTS + "?asset=" + asset).then().body("items", empty());

    report.remove("asset");
    Rest.as(Tokens.of(STAFF)).body(report).post(EVENTS).then().statusCode(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"state=OPEN", "category=fraud", "asset=7", "reporter=me", "limit=0"})
  void aFilterThatMeansNothingIsRefused(String filter) {
    Rest.as(RESPONDER_TOKEN).get(EVENTS + "?" + filter).then().statusCode(400);
  }

  @Test
  void aBadReportIsToldFieldByField() {
    Rest.as(Tokens.of(STAFF))
        .body(
            Map.of(
                "title",
                "x".repeat(201),
                "description",
                " ",
                "occurredAt",
                Instant.now().plusSeconds(3_600).toString()))
        .post(EVENTS)
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:vigie:problem:validation"))
        .body("errors.field", contains("description", "occurredAt", "title"));
    Map<String, Object> unknown = aReport();
    unknown.put("reporter", "somebody else");
    Rest.as(Tokens.of(STAFF))
        .body(unknown)
        .post(EVENTS)
        .then()
        .statusCode(400)
        .body("errors.field", contains("reporter"));
  }

  @Test
  void aPromotionNeedsACategoryAndASeverityFromOneToFour() {
    String id = report(RESPONDER_TOKEN, aReport());

    promote(id, Map.of("severity", 5))
        .then()
        .statusCode(400)
        .body("errors.field", contains("category", "severity"));
    promote(id, Map.of("category", "FRAUD", "severity", 1, "tlp", "AMBER_STRICT"))
        .then()
        .statusCode(400)
        .body("errors.field", contains("tlp"));
  }

  @Test
  void whatIsNotDecidedWaitsForRespondersAlone() {
    String id = report(Tokens.of(STAFF), aReport());
    String subject = "security-event/" + id;

    Rest.as(RESPONDER_TOKEN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", hasItem(subject));
    Rest.as(Tokens.of(STAFF)).get("/v1/tasks").then().body("items", empty());

    dismiss(id, "no breach").then().statusCode(200);
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", not(hasItem(subject)));
  }

  @Test
  void everyOperationIsOpenToItsDeclaredRolesAlone() {
    assertTrue(RoleMatrix.check("incident-service") > 0);
  }

  @Test
  void theApiDescriptionSaysAllThatACallerNeeds() {
    assertTrue(ApiDescription.check() > 5);
  }

  @Test
  void sqlAndTooMuchInAnyParameterOfAnyListFindsNothingAndBreaksNothing() {
    assertTrue(HostileRequests.inParameters() > 50);
  }

  @Test
  void aNameOfAFileElsewhereInAnyPathLeadsNowhere() {
    assertTrue(HostileRequests.inPaths() > 50);
  }

  @Test
  void aBodyThatIsNoneBreaksNothingAndNothingOfItIsLogged() {
    assertTrue(HostileRequests.inBodies() > 10);
  }

  @Test
  void eachListIsSortedByEachFieldThatItNamesFromEitherEnd() {
    assertTrue(SortedLists.check() > 30);
  }

  private static Response dismiss(String id, String reason) {
    return change("POST", EVENTS + "/" + id, "dismissal", Map.of("reason", reason));
  }

  private static Response merge(String id, String into) {
    return change(
        "POST", EVENTS + "/" + id, "merge", Map.of("into", into, "note", "the same sender"));
  }

  private static Response promote(String id, Map<String, ?> promotion) {
    return change("POST", EVENTS + "/" + id, "promotion", promotion);
  }
}
