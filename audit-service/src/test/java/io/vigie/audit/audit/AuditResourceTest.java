package io.vigie.audit.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AuditResourceTest {

  private static final String AUDITS = "/v1/audits";
  private static final String FINDINGS = "/v1/audit-findings";
  private static final UUID CISO_ID = UUID.randomUUID();
  private static final String CISO_TOKEN = Tokens.of(CISO_ID, CISO);
  private static final String OTHER_CISO = Tokens.of(CISO);

  @Inject MovableClock clock;

  private final UUID auditorId = UUID.randomUUID();
  private final String auditor = Tokens.of(auditorId, AUDITOR);
  private final UUID ownerId = UUID.randomUUID();
  private final String owner = Tokens.of(ownerId, STAFF);
  private Instant now;

  @BeforeEach
  void now() {
    now = clock.instant();
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private Map<String, Object> audit(List<String> rules, List<UUID> clients, Instant from) {
    return Map.of(
        "title",
        "Rights in 2026",
        "kind",
        "THIRD_PARTY",
        "rules",
        rules,
        "clients",
        clients,
        "auditor",
        auditorId,
        "periodFrom",
        from.toString(),
        "periodUntil",
        from.plus(Duration.ofDays(10)).toString());
  }

  private String plan(Instant from) {
    return Rest.as(CISO_TOKEN)
        .body(audit(List.of("R4.6", "R4.1"), List.of(), from))
        .post(AUDITS)
        .then()
        .statusCode(201)
        .body("state", is("PLANNED"))
        .body("rules", contains("R4.1", "R4.6"))
        .extract()
        .path("id");
  }

  private static Response change(String audit, String what) {
    String etag = Rest.as(CISO_TOKEN).get(AUDITS + "/" + audit).header("ETag");
    return Rest.as(CISO_TOKEN).header("If-Match", etag).post(AUDITS + "/" + audit + "/" + what);
  }

  private String begun() {
    String id = plan(now.minusSeconds(60));
    change(id, "opening").then().statusCode(200).body("state", is("BEGUN"));
    return id;
  }

  private Response raise(String audit, String reference, String rule, UUID ownedBy) {
    return Rest.as(CISO_TOKEN)
        .body(
            Map.of(
                "audit",
                audit,
                "reference",
                reference,
                "rule",
                rule,
                "severity",
                "MINOR",
                "text",
                "Mr Doe approves himself",
                "owner",
                ownedBy,
                "dueAt",
                now.plus(Duration.ofDays(20)).toString()))
        .post(FINDINGS);
  }

  private String raised(String audit, String reference, UUID ownedBy) {
    String id =
        raise(audit, reference, "R4.6", ownedBy)
            .then()
            .statusCode(201)
            .body("state", is("OPEN"))
            .extract()
            .path("id");
    return FINDINGS + "/" + id;
  }

  private static String etag(String finding) {
    return Rest.as(CISO_TOKEN).get(finding).header("ETag");
  }

  private static Response act(String token, String finding) {
    return Rest.as(token)
        .header("If-Match", etag(finding))
        .body(Map.of("action", "Mr Doe cannot any more"))
        .post(finding + "/action");
  }

  private static Response verify(String token, String finding, boolean effective) {
    return Rest.as(token)
        .header("If-Match", etag(finding))
        .body(Map.of("effective", effective, "reason", "tried as Mr Doe"))
        .post(finding + "/verification");
  }

  private static Response accept(String token, String finding) {
    return Rest.as(token)
        .header("If-Match", etag(finding))
        .body(Map.of("reason", "Mr Doe retires"))
        .post(finding + "/acceptance");
  }

  private static List<String> tasks(String token, String audit) {
    return Rest.as(token)
        .get("/v1/tasks?limit=200")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items.findAll { it.subject == 'control-audit/" + audit + "' }.kind");
  }

  private static void nextDue(String audit, Matcher<?> when) {
    Rest.as(CISO_TOKEN).get(AUDITS + "/" + audit).then().body("nextDueAt", when);
  }

  private static List<String> types(String audit, int count) {
    try (Topic topic = Topic.named("vigie.audit.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(count, about(audit));
      records.forEach(
          record ->
              assertFalse(new String(record.value(), StandardCharsets.UTF_8).contains("Doe")));
      return records.stream().map(record -> header(record, "ce_type")).toList();
    }
  }

  @Test
  void anAuditRunsFromItsPlanUntilEachFindingIsSettledBySomebodyElse() {
    // Given
    String id = begun();
    String finding = raised(id, "NC-01", ownerId);
    assertEquals(List.of("audit-finding.act"), tasks(owner, id));
    problem(change(id, "closure"), 409, "findings-unsettled");
    problem(verify(CISO_TOKEN, finding, true), 409, "finding-not-acted-on");

    // When what was done is not enough at first
    act(owner, finding).then().statusCode(200).body("state", is("ACTED"));
    assertEquals(List.of(), tasks(owner, id));
    assertEquals(List.of("audit-finding.verify"), tasks(CISO_TOKEN, id));
    verify(CISO_TOKEN, finding, false).then().statusCode(200).body("state", is("OPEN"));
    assertEquals(List.of("audit-finding.act"), tasks(owner, id));
    problem(change(id, "closure"), 409, "findings-unsettled");
    act(owner, finding).then().statusCode(200);
    verify(CISO_TOKEN, finding, true)
        .then()
        .statusCode(200)
        .body("state", is("VERIFIED"))
        .body("actedBy", is(ownerId.toString()))
        .body("decidedBy", is(CISO_ID.toString()));
    nextDue(id, nullValue());
    String another = raised(id, "NC-02", ownerId);
    nextDue(id, is(now.plus(Duration.ofDays(20)).toString()));
    accept(CISO_TOKEN, another).then().statusCode(200);

    // Then
    problem(accept(CISO_TOKEN, finding), 409, "finding-settled");
    change(id, "closure")
        .then()
        .statusCode(200)
        .body("state", is("CLOSED"))
        .body("findings", is(2))
        .body("unsettled", is(0));
    problem(raise(id, "NC-03", "R4.6", ownerId), 409, "audit-not-open");
    problem(change(id, "opening"), 409, "audit-begun");
    assertEquals(List.of(), tasks(CISO_TOKEN, id));
    assertEquals(
        List.of(
            "control-audit.planned.v1",
            "control-audit.begun.v1",
            "control-audit.finding-raised.v1",
            "control-audit.finding-acted-on.v1",
            "control-audit.finding-verified.v1",
            "control-audit.finding-acted-on.v1",
            "control-audit.finding-verified.v1",
            "control-audit.finding-raised.v1",
            "control-audit.finding-accepted.v1",
            "control-audit.closed.v1"),
        types(id, 10));
  }

  @Test
  void whoActedVerifiesNothingAndWhoOwnsAcceptsNothing() {
    // Given
    String id = begun();
    String finding = raised(id, "NC-01", CISO_ID);

    // When and then
    problem(accept(CISO_TOKEN, finding), 422, "self-acceptance");
    problem(act(OTHER_CISO, finding), 403, "forbidden");
    act(CISO_TOKEN, finding).then().statusCode(200);
    problem(verify(CISO_TOKEN, finding, true), 422, "self-verification");
    assertEquals(List.of(), tasks(CISO_TOKEN, id));
    assertEquals(List.of("audit-finding.verify"), tasks(OTHER_CISO, id));
    verify(OTHER_CISO, finding, true).then().statusCode(200).body("state", is("VERIFIED"));
  }

  @Test
  void whoHasNotReadAFindingAsItIsChangesNothing() {
    // Given
    String finding = raised(begun(), "NC-01", ownerId);
    String first = etag(finding);
    Map<String, Object> action = Map.of("action", "Mr Doe cannot any more");
    Map<String, Object> acceptance = Map.of("reason", "Mr Doe retires");
    Map<String, Object> verification = Map.of("effective", true, "reason", "tried as Mr Doe");

    // When and then
    problem(post(owner, null, action, finding + "/action"), 428, "precondition-required");
    String acted =
        post(owner, first, action, finding + "/action")
            .then()
            .statusCode(200)
            .body("state", is("ACTED"))
            .extract()
            .header("ETag");
    assertEquals(etag(finding), acted);
    problem(post(CISO_TOKEN, first, verification, finding + "/verification"), 412, "stale");
    problem(post(CISO_TOKEN, first, acceptance, finding + "/acceptance"), 412, "stale");
    post(CISO_TOKEN, acted, verification, finding + "/verification")
        .then()
        .statusCode(200)
        .body("state", is("VERIFIED"));
  }

  private static Response post(String token, String etag, Map<String, Object> body, String path) {
    RequestSpecification request = Rest.as(token).body(body);
    return (etag == null ? request : request.header("If-Match", etag)).post(path);
  }

  private static Response cancel(String token, String audit) {
    String etag = Rest.as(CISO_TOKEN).get(AUDITS + "/" + audit).header("ETag");
    return Rest.as(token)
        .header("If-Match", etag)
        .body(Map.of("reason", "Mr Doe's firm is bankrupt"))
        .post(AUDITS + "/" + audit + "/cancellation");
  }

  @Test
  void anAuditIsCancelledForAReasonAndWhatItFoundStays() {
    // Given
    String id = begun();
    String finding = raised(id, "NC-01", ownerId);
    problem(cancel(auditor, id), 403, "forbidden");

    // When
    cancel(OTHER_CISO, id)
        .then()
        .statusCode(200)
        .body("state", is("CANCELLED"))
        .body("cancelReason", is("Mr Doe's firm is bankrupt"))
        .body("cancelledAt", notNullValue())
        .body("unsettled", is(1));

    // Then
    problem(cancel(CISO_TOKEN, id), 409, "audit-over");
    problem(change(id, "closure"), 409, "audit-not-open");
    problem(raise(id, "NC-02", "R4.6", ownerId), 409, "audit-not-open");
    problem(Rest.as(auditor).get(AUDITS + "/" + id), 404, "not-found");
    problem(Rest.as(auditor).get(FINDINGS + "?audit=" + id), 404, "not-found");
    assertEquals(List.of("audit-finding.act"), tasks(owner, id));
    act(owner, finding).then().statusCode(200).body("state", is("ACTED"));
    verify(CISO_TOKEN, finding, true).then().statusCode(200).body("state", is("VERIFIED"));
    Rest.as(CISO_TOKEN)
        .get(AUDITS + "?state=CANCELLED&auditor=" + auditorId)
        .then()
        .body("items.id", contains(id))
        .body("items.unsettled", contains(0));
    assertEquals(
        List.of(
            "control-audit.planned.v1",
            "control-audit.begun.v1",
            "control-audit.finding-raised.v1",
            "control-audit.cancelled.v1",
            "control-audit.finding-acted-on.v1",
            "control-audit.finding-verified.v1"),
        types(id, 6));
  }

  @Test
  void anAuditIsCancelledBeforeItBeginsAndNotOnceItIsClosed() {
    String planned = plan(now.plus(Duration.ofDays(30)));
    cancel(CISO_TOKEN, planned)
        .then()
        .statusCode(200)
        .body("state", is("CANCELLED"))
        .body("begunAt", nullValue());
    problem(change(planned, "opening"), 409, "audit-begun");

    String closed = begun();
    change(closed, "closure").then().statusCode(200);
    problem(cancel(CISO_TOKEN, closed), 409, "audit-over");
    Rest.as(CISO_TOKEN)
        .header("If-Match", "*")
        .body(Map.of("reason", " "))
        .post(AUDITS + "/" + plan(now) + "/cancellation")
        .then()
        .statusCode(400)
        .body("errors.field", contains("reason"));
  }

  @Test
  void anAuditorSeesTheAuditsThatNameThemWhileTheirPeriodLasts() {
    // Given
    String id = begun();
    String later = plan(now.plus(Duration.ofDays(30)));
    String finding = raised(id, "NC-01", ownerId);
    String another = Tokens.of(AUDITOR);
    String audit = AUDITS + "/" + id;
    String ofAudit = FINDINGS + "?audit=" + id;

    // When and then, in the period
    Rest.as(auditor).get(AUDITS).then().statusCode(200).body("items.id", contains(id));
    Rest.as(auditor).get(audit).then().statusCode(200).body("auditor", is(auditorId.toString()));
    Rest.as(auditor).get(ofAudit).then().body("items.reference", contains("NC-01"));
    Rest.as(auditor).get(finding).then().statusCode(200);
    problem(Rest.as(auditor).get(AUDITS + "/" + later), 404, "not-found");
    Rest.as(another).get(AUDITS).then().statusCode(200).body("items", empty());
    problem(Rest.as(another).get(audit), 404, "not-found");
    problem(Rest.as(another).get(ofAudit), 404, "not-found");
    problem(Rest.as(another).get(finding), 404, "not-found");
    problem(Rest.as(Tokens.of(SYSADMIN)).get(finding), 404, "not-found");
    problem(Rest.as(Tokens.of(auditorId, STAFF)).get(finding), 404, "not-found");
    Rest.as(Tokens.of(auditorId, STAFF)).get(ofAudit).then().body("items", empty());
    Rest.as(auditor).get(FINDINGS).then().body("items", empty());
    problem(Rest.as(Tokens.of(auditorId, STAFF)).get(audit), 403, "forbidden");
    problem(verify(auditor, finding, true), 403, "forbidden");

    // And behind it
    clock.move(Duration.ofDays(11));
    Rest.as(auditor).get(AUDITS).then().statusCode(200).body("items", empty());
    problem(Rest.as(auditor).get(audit), 404, "not-found");
    problem(Rest.as(auditor).get(ofAudit), 404, "not-found");
    problem(Rest.as(auditor).get(finding), 404, "not-found");
    Rest.as(owner).get(finding).then().statusCode(200);
    Rest.as(CISO_TOKEN)
        .get(AUDITS + "?state=BEGUN&kind=THIRD_PARTY&auditor=" + auditorId)
        .then()
        .body("items.id", contains(id));
  }

  @Test
  void aFindingIsOverdueFromItsDueDateUntilItIsSettled() {
    // Given
    String id = begun();
    String finding = raised(id, "NC-01", ownerId);
    String accepted = raised(id, "NC-02", ownerId);
    accept(CISO_TOKEN, accepted).then().statusCode(200);
    ofOwner(CISO_TOKEN, "overdue=true").body("items", empty());
    ofOwner(owner, "overdue=false").body("items.reference", contains("NC-01", "NC-02"));

    // When
    clock.move(Duration.ofDays(21));

    // Then
    ofOwner(CISO_TOKEN, "overdue=true&rule=R4.6&severity=MINOR")
        .body("items.reference", contains("NC-01"));
    Rest.as(owner).get(FINDINGS + "?overdue=true").then().body("items.audit", contains(id));
    ofOwner(Tokens.of(STAFF), "overdue=true").body("items", empty());
    ofOwner(owner, "overdue=false").body("items.reference", contains("NC-02"));
    act(owner, finding).then().statusCode(200);
    ofOwner(owner, "overdue=true&state=ACTED").body("items.reference", contains("NC-01"));
    verify(CISO_TOKEN, finding, true).then().statusCode(200);
    ofOwner(owner, "overdue=true").body("items", empty());
  }

  private ValidatableResponse ofOwner(String token, String filter) {
    return Rest.as(token).get(FINDINGS + "?owner=" + ownerId + "&" + filter).then().statusCode(200);
  }

  @Test
  void anAuditHasAScopeOfTheCatalogueAndAPeriodThatIsNotOver() {
    // Given
    List<UUID> clients = List.of(UUID.randomUUID());

    // When and then
    problem(plan(audit(List.of(), List.of(), now)), 400, "validation")
        .body("errors.field", hasItem("rules"));
    problem(plan(audit(List.of("R99.1"), clients, now)), 400, "validation")
        .body("errors.field", hasItem("rules"));
    problem(
            plan(audit(List.of("R4.6"), clients, now.minus(Duration.ofDays(10)))),
            400,
            "validation")
        .body("errors.field", hasItem("periodUntil"));
    String id =
        plan(audit(List.of(), clients, now.plus(Duration.ofDays(1))))
            .then()
            .statusCode(201)
            .body("clients", contains(clients.get(0).toString()))
            .extract()
            .path("id");
    problem(raise(id, "NC-01", "R4.6", ownerId), 409, "audit-not-open");
    problem(change(id, "opening"), 409, "audit-period");
    clock.move(Duration.ofDays(2));
    change(id, "opening").then().statusCode(200).body("closedAt", nullValue());
    raise(id, "NC-01", "R5.1", ownerId).then().statusCode(201);
    problem(raise(id, "NC-02", "R99.1", ownerId), 422, "rule-out-of-scope");
    problem(raise(id, "NC-01", "R4.6", ownerId), 409, "already-exists");
    problem(raise(begun(), "NC-01", "R5.1", ownerId), 422, "rule-out-of-scope");
  }

  private static Response plan(Map<String, Object> audit) {
    return Rest.as(CISO_TOKEN).body(audit).post(AUDITS);
  }

  @Test
  void auditsArePublishedAgainOnDemand() {
    // Given
    String id = plan(now);

    // When
    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(not(is(403)));

    // Then
    assertEquals(List.of("control-audit.planned.v1", "control-audit.snapshot.v1"), types(id, 2));
  }
}
