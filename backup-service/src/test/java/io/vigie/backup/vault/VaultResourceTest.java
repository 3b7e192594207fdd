package io.vigie.backup.vault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class VaultResourceTest {

  private static final String ACCESSES = "/v1/backup-accesses";
  private static final String DELETIONS = "/v1/backup-deletions";
  private static final String ADMIN = Tokens.of(SYSADMIN);
  private static final String COLLEAGUE = Tokens.of(SYSADMIN);
  private static final String CISO_TOKEN = Tokens.of(CISO);

  @Inject MovableClock clock;

  private final Topic incidents = Topic.named("vigie.incident.events");

  @AfterEach
  void tidy() {
    clock.backToNow();
    incidents.close();
  }

  private static Map<String, Object> access(UUID asset, UUID incident) {
    Map<String, Object> body = new HashMap<>();
    body.put("assets", List.of(asset));
    body.put("reason", "Restore the mail of last week");
    body.put("minutes", 60);
    if (incident != null) {
      body.put("incident", incident);
    }
    return body;
  }

  private static Response ask(String token, UUID asset, UUID incident) {
    return Rest.as(token).body(access(asset, incident)).post(ACCESSES);
  }

  private static String askedFor(String token, UUID asset, UUID incident) {
    return ask(token, asset, incident).then().statusCode(201).extract().path("id");
  }

  private static Response change(String token, String object, String what, Map<String, ?> body) {
    String etag = Rest.as(ADMIN).get(object).header("ETag");
    var request = Rest.as(token).header("If-Match", etag);
    return (body == null ? request : request.body(body)).post(object + "/" + what);
  }

  /** A run of a plan of the asset, whose copy is on a tape. */
  private static String run(UUID asset, String outcome) {
    String plan =
        Rest.as(ADMIN)
            .body(
                Map.of(
                    "asset",
                    asset,
                    "name",
                    "nightly " + UUID.randomUUID(),
                    "site",
                    "paris-2",
                    "schedule",
                    Map.of("interval", "PT24H", "tolerance", "PT2H")))
            .post("/v1/plans")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Instant start = Instant.now().minusSeconds(60);
    return Rest.as(Tokens.of(TOOL))
        .body(
            Map.of(
                "startedAt",
                start.toString(),
                "endedAt",
                start.plusSeconds(30).toString(),
                "outcome",
                outcome,
                "location",
                "tape://vault-3/0042"))
        .post("/v1/plans/" + plan + "/runs")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static Response use(String token, String access, String run) {
    return Rest.as(token)
        .body(Map.of("action", "RESTORE", "run", run, "reason", "The mail of last week"))
        .post(ACCESSES + "/" + access + "/uses");
  }

  private UUID openIncident() {
    return openIncidentBehind(null);
  }

  /** So that what was published under {@code key} before is worked before; null for none. */
  private UUID openIncidentBehind(UUID key) {
    UUID incident = UUID.randomUUID();
    publish("incident.opened.v1", incident, key == null ? incident : key, "\"severity\":3");
    await().untilAsserted(() -> ask(ADMIN, UUID.randomUUID(), incident).then().statusCode(201));
    return incident;
  }

  private void publish(String type, UUID incident, String fields) {
    publish(type, incident, incident, fields);
  }

  private void publish(String type, UUID incident, UUID key, String fields) {
    incidents.publish(
        UUID.randomUUID(),
        type,
        "incident/" + incident,
        key.toString(),
        """
        {"aggregateId":"%s",%s,"at":"2026-01-02T03:04:05Z","changes":{}}"""
            .formatted(incident, fields));
  }

  private static void awaitEnded(String access) {
    await()
        .untilAsserted(
            () -> Rest.as(ADMIN).get(ACCESSES + "/" + access).then().body("state", is("ENDED")));
  }

  private static List<String> tasks(String token) {
    return Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items.collect { it.kind + ' ' + it.subject }");
  }

  private static List<ConsumerRecord<String, byte[]>> published(String id, int count) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      return topic.await(count, about(id));
    }
  }

  private static List<String> types(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(record -> header(record, "ce_type")).toList();
  }

  private static String text(ConsumerRecord<String, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  @Test
  void inAnOpenIncidentACopyIsTouchedAtOnceAndTheAccessEndsWithTheIncident() {
    // Given
    UUID asset = UUID.randomUUID();
    String run = run(asset, "SUCCEEDED");
    UUID incident = openIncident();

    // When
    String id = askedFor(ADMIN, asset, incident);
    use(ADMIN, id, run).then().statusCode(200).body("location", is("tape://vault-3/0042"));
    publish("incident.advanced.v1", incident, "\"from\":\"IN_REVIEW\",\"to\":\"CLOSED\"");

    // Then
    awaitEnded(id);
    problem(use(ADMIN, id, run), 409, "access-not-open");
    problem(ask(ADMIN, asset, incident), 422, "incident-not-open");
    Rest.as(Tokens.of(AUDITOR))
        .get(ACCESSES + "/" + id + "/uses")
        .then()
        .body("items.run", contains(run))
        .body("items.location", contains(nullValue()));
    List<ConsumerRecord<String, byte[]>> records = published(id, 3);
    assertEquals(
        List.of("backup-access.opened.v1", "backup-access.used.v1", "backup-access.ended.v1"),
        types(records));
    assertTrue(text(records.get(1)).contains("\"reason\":\"The mail of last week\""));
    assertFalse(text(records.get(1)).contains("tape://"), "where a copy is stays here");
    assertTrue(text(records.get(2)).contains("\"cause\":\"INCIDENT_CLOSED\""));
  }

  @Test
  void anIncidentThatIsMergedOrKnownToBeClosedOpensNothingMore() {
    UUID merged = openIncident();
    String id = askedFor(ADMIN, UUID.randomUUID(), merged);
    publish("incident.merged.v1", merged, "\"from\":\"TRIAGED\",\"to\":\"CLOSED\"");
    awaitEnded(id);

    UUID closed = openIncident();
    String other = askedFor(ADMIN, UUID.randomUUID(), closed);
    publish("incident.snapshot.v1", closed, "\"state\":{\"state\":\"CLOSED\"}");
    awaitEnded(other);
    publish("incident.snapshot.v1", closed, "\"state\":{\"state\":\"DETECTED\"}");
    openIncidentBehind(closed);

    problem(ask(ADMIN, UUID.randomUUID(), closed), 422, "incident-not-open");
    problem(ask(ADMIN, UUID.randomUUID(), UUID.randomUUID()), 422, "incident-not-open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"incident.restricted.v1", "incident.snapshot.v1"})
  void theIncidentIsToldToTheHolderAndTheCisoAloneWhileItIsRestricted(String type) {
    // Given
    UUID subject = UUID.randomUUID();
    String holder = Tokens.of(subject, SYSADMIN);
    String auditor = Tokens.of(AUDITOR);
    UUID incident = openIncident();
    String id = askedFor(holder, UUID.randomUUID(), incident);
    String access = ACCESSES + "/" + id;
    Rest.as(COLLEAGUE).get(access).then().body("incident", is(incident.toString()));

    // When
    publish(type, incident, "\"state\":{\"state\":\"TRIAGED\",\"restricted\":true}");

    // Then others neither see it nor find the access by it
    String found = ACCESSES + "?incident=" + incident;
    String listed = ACCESSES + "?holder=" + subject;
    await()
        .untilAsserted(() -> Rest.as(COLLEAGUE).get(access).then().body("incident", nullValue()));
    for (String other : List.of(COLLEAGUE, auditor)) {
      Rest.as(other).get(access).then().statusCode(200).body("incident", nullValue());
      Rest.as(other).get(found).then().statusCode(200).body("items", empty());
      Rest.as(other).get(found + "&holder=" + subject).then().body("items", empty());
      Rest.as(other)
          .get(listed)
          .then()
          .body("items.id", contains(id))
          .body("items.incident", contains(nullValue()));
    }
    for (String told : List.of(holder, CISO_TOKEN)) {
      Rest.as(told).get(access).then().body("incident", is(incident.toString()));
      Rest.as(told).get(listed).then().body("items.incident", contains(incident.toString()));
    }
    Rest.as(holder).get(found).then().body("items.id", contains(id));
    Rest.as(CISO_TOKEN)
        .get(found)
        .then()
        .body("items.id", hasItem(id))
        .body("items.incident", everyItem(is(incident.toString())));
    Rest.as(holder).get(access + "/history").then().statusCode(403);

    // When
    publish("incident.restriction-lifted.v1", incident, "\"closed\":false");

    // Then
    await()
        .untilAsserted(
            () -> Rest.as(COLLEAGUE).get(access).then().body("incident", is(incident.toString())));
    Rest.as(auditor).get(found).then().body("items.id", hasItem(id));
  }

  @Test
  void withoutAnIncidentTheCisoApprovesTheReasonAndTheTimeRunsOut() {
    // Given
    UUID asset = UUID.randomUUID();
    String run = run(asset, "SUCCEEDED");
    String id = askedFor(ADMIN, asset, null);
    String access = ACCESSES + "/" + id;
    String decide = "backup-access.decide backup-access/" + id;
    problem(use(ADMIN, id, run), 409, "access-not-open");
    problem(change(ADMIN, access, "approval", null), 422, "self-approval");
    problem(change(COLLEAGUE, access, "approval", null), 403, "forbidden");
    assertTrue(tasks(CISO_TOKEN).contains(decide));
    assertFalse(tasks(COLLEAGUE).contains(decide));

    // When
    change(CISO_TOKEN, access, "approval", null)
        .then()
        .statusCode(200)
        .body("state", is("OPEN"))
        .body("approvedBy", notNullValue());

    // Then
    assertFalse(tasks(CISO_TOKEN).contains(decide));
    problem(use(COLLEAGUE, id, run), 403, "forbidden");
    problem(use(ADMIN, id, run(UUID.randomUUID(), "SUCCEEDED")), 422, "asset-not-covered");
    problem(use(ADMIN, id, run(asset, "FAILED")), 422, "no-such-copy");
    use(ADMIN, id, run).then().statusCode(200);
    clock.move(Duration.ofMinutes(61));
    problem(use(ADMIN, id, run), 409, "access-not-open");
    awaitEnded(id);
    List<ConsumerRecord<String, byte[]>> records = published(id, 4);
    assertEquals(
        List.of(
            "backup-access.requested.v1",
            "backup-access.opened.v1",
            "backup-access.used.v1",
            "backup-access.ended.v1"),
        types(records));
    assertTrue(text(records.get(3)).contains("\"cause\":\"TIME_UP\""));
  }

  @Test
  void aSystemAdministratorDecidesOnTheCisosRequestAndWhatIsRefusedOrGivenBackIsOver() {
    String ofCiso = askedFor(CISO_TOKEN, UUID.randomUUID(), null);
    assertTrue(tasks(ADMIN).contains("backup-access.decide backup-access/" + ofCiso));
    change(ADMIN, ACCESSES + "/" + ofCiso, "refusal", Map.of("reason", "Ask the client first"))
        .then()
        .statusCode(200)
        .body("state", is("REFUSED"));
    problem(
        change(COLLEAGUE, ACCESSES + "/" + ofCiso, "approval", null), 409, "access-not-requested");

    String mine = askedFor(ADMIN, UUID.randomUUID(), null);
    problem(change(COLLEAGUE, ACCESSES + "/" + mine, "ending", null), 403, "forbidden");
    change(ADMIN, ACCESSES + "/" + mine, "ending", null).then().statusCode(200);
    problem(change(ADMIN, ACCESSES + "/" + mine, "ending", null), 409, "access-over");
    Map<String, Object> tooLong = access(UUID.randomUUID(), null);
    tooLong.put("minutes", 481);
    problem(Rest.as(ADMIN).body(tooLong).post(ACCESSES), 400, "validation");
  }

  @Test
  void aCopyIsDeletedByTwoPeopleAndIsGoneThen() {
    // Given
    UUID asset = UUID.randomUUID();
    String run = run(asset, "SUCCEEDED");
    String access = askedFor(ADMIN, asset, openIncident());
    Map<String, ?> body =
        Map.of("access", access, "run", run, "reason", "The disk it is on is infected");
    problem(Rest.as(COLLEAGUE).body(body).post(DELETIONS), 403, "forbidden");
    String refused =
        Rest.as(ADMIN).body(body).post(DELETIONS).then().statusCode(201).extract().path("id");
    problem(Rest.as(ADMIN).body(body).post(DELETIONS), 409, "already-exists");
    String decide = "backup-deletion.decide backup-deletion/";
    assertTrue(tasks(COLLEAGUE).contains(decide + refused));
    assertFalse(tasks(ADMIN).contains(decide + refused));
    change(CISO_TOKEN, DELETIONS + "/" + refused, "refusal", Map.of("reason", "The last good one"))
        .then()
        .statusCode(200);
    String id =
        Rest.as(ADMIN).body(body).post(DELETIONS).then().statusCode(201).extract().path("id");
    String deletion = DELETIONS + "/" + id;
    problem(change(ADMIN, deletion, "completion", null), 409, "deletion-not-approved");
    problem(change(ADMIN, deletion, "approval", null), 422, "self-approval");

    // When
    change(COLLEAGUE, deletion, "approval", null).then().statusCode(200);
    change(ADMIN, deletion, "completion", null)
        .then()
        .statusCode(200)
        .body("state", is("COMPLETED"));

    // Then
    problem(use(ADMIN, access, run), 409, "copy-deleted");
    Rest.as(ADMIN)
        .get(DELETIONS + "?run=" + run + "&state=COMPLETED")
        .then()
        .body("items.id", contains(id));
    Rest.as(ADMIN).post("/v1/snapshots").then().statusCode(200);
    assertEquals(
        List.of(
            "backup-deletion.requested.v1",
            "backup-deletion.approved.v1",
            "backup-deletion.completed.v1",
            "backup-deletion.snapshot.v1"),
        types(published(id, 4)));
    assertEquals(
        List.of("backup-deletion.requested.v1", "backup-deletion.refused.v1"),
        types(published(refused, 2)).subList(0, 2));
  }

  @Test
  void aDeletionUnderAnAccessThatIsOverGoesNoFurther() {
    UUID asset = UUID.randomUUID();
    String access = askedFor(ADMIN, asset, openIncident());
    String id =
        Rest.as(ADMIN)
            .body(Map.of("access", access, "run", run(asset, "SUCCEEDED"), "reason", "infected"))
            .post(DELETIONS)
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    change(ADMIN, ACCESSES + "/" + access, "ending", null).then().statusCode(200);

    problem(change(COLLEAGUE, DELETIONS + "/" + id, "approval", null), 409, "access-not-open");
    assertFalse(tasks(COLLEAGUE).contains("backup-deletion.decide backup-deletion/" + id));
  }

  @Test
  void noCopyOfALostAssetIsDeletedUntilItIsFound() {
    // Given a deletion that somebody asked for, and another that is approved already
    UUID asset = UUID.randomUUID();
    String run = run(asset, "SUCCEEDED");
    String second = run(asset, "SUCCEEDED");
    String access = askedFor(ADMIN, asset, openIncident());
    String asked = DELETIONS + "/" + deletion(access, run).path("id");
    String approved = DELETIONS + "/" + deletion(access, second).path("id");
    change(COLLEAGUE, approved, "approval", null).then().statusCode(200);
    String third = run(asset, "SUCCEEDED");

    // When the asset is retired and then stolen
    tell("asset.retired.v1", asset, "\"reason\":\"replaced\"");
    tell("asset.lost.v1", asset, "\"stolen\":true");

    // Then
    await()
        .untilAsserted(
            () ->
                Rest.as(ADMIN)
                    .get("/v1/plans?assetState=LOST&asset=" + asset)
                    .then()
                    .body("items", hasSize(3)));
    problem(change(COLLEAGUE, asked, "approval", null), 409, "backups-held")
        .body("detail", containsString("/v1/assets/" + asset + "/recovery"));
    problem(change(ADMIN, approved, "completion", null), 409, "backups-held");
    problem(deletion(access, third), 409, "backups-held");
    use(ADMIN, access, run).then().statusCode(200);
    change(COLLEAGUE, asked, "refusal", Map.of("reason", "It was stolen")).then().statusCode(200);

    // And when it is found, what was approved goes on
    tell("asset.recovered.v1", asset, "\"circumstances\":\"found\"");
    await().untilAsserted(() -> change(ADMIN, approved, "completion", null).then().statusCode(200));
  }

  private static Response deletion(String access, String run) {
    return Rest.as(ADMIN)
        .body(Map.of("access", access, "run", run, "reason", "The disk it is on is infected"))
        .post(DELETIONS);
  }

  private static void tell(String type, UUID asset, String field) {
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          type,
          "asset/" + asset,
          asset.toString(),
          "{\"aggregateId\":\"%s\",%s,\"at\":\"2026-01-02T03:04:05Z\"}".formatted(asset, field));
    }
  }
}
