package io.vigie.audit.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class EvidenceRequestResourceTest {

  private static final String AUDITS = "/v1/audits";
  private static final String REQUESTS = "/v1/evidence-requests";
  private static final UUID CISO_ID = UUID.randomUUID();
  private static final String CISO_TOKEN = Tokens.of(CISO_ID, CISO);

  @Inject MovableClock clock;

  private final UUID auditorId = UUID.randomUUID();
  private final String auditor = Tokens.of(auditorId, THIRD_PARTY_AUDITOR);
  private final UUID expertId = UUID.randomUUID();
  private final String expert = Tokens.of(expertId, STAFF);
  private Instant now;

  @BeforeEach
  void now() {
    now = clock.instant();
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private String planned(String kind) {
    return Rest.as(CISO_TOKEN)
        .body(
            Map.of(
                "title",
                "Rights in 2026",
                "kind",
                kind,
                "rules",
                List.of("R4.6", "R4.1"),
                "clients",
                List.of(),
                "auditor",
                auditorId,
                "periodFrom",
                now.minusSeconds(60).toString(),
                "periodUntil",
                now.plus(Duration.ofDays(30)).toString()))
        .post(AUDITS)
        .then()
        .statusCode(201)
        .body("requests", is(0))
        .body("unanswered", is(0))
        .extract()
        .path("id");
  }

  private static void change(String audit, String what) {
    String etag = Rest.as(CISO_TOKEN).get(AUDITS + "/" + audit).header("ETag");
    Rest.as(CISO_TOKEN)
        .header("If-Match", etag)
        .body(Map.of("reason", "no more"))
        .post(AUDITS + "/" + audit + "/" + what)
        .then()
        .statusCode(200);
  }

  private String begun(String kind) {
    String id = planned(kind);
    change(id, "opening");
    return id;
  }

  private Map<String, Object> request(String audit) {
    Map<String, Object> body = new HashMap<>();
    body.put("audit", audit);
    body.put("rule", "R4.6");
    body.put("object", "asset/" + UUID.randomUUID());
    body.put("text", "Who approves for Mr Doe?");
    body.put("dueAt", now.plus(Duration.ofDays(5)).toString());
    return body;
  }

  private static Response ask(String token, Map<String, Object> body) {
    return Rest.as(token).body(body).post(REQUESTS);
  }

  private String asked(String audit) {
    String id =
        ask(auditor, request(audit))
            .then()
            .statusCode(201)
            .body("state", is("ASKED"))
            .body("askedBy", is(auditorId.toString()))
            .body("assignee", nullValue())
            .body("entries", empty())
            .extract()
            .path("id");
    return REQUESTS + "/" + id;
  }

  private static Response act(String token, String request, String what, Object body) {
    String etag = Rest.as(CISO_TOKEN).get(request).header("ETag");
    return Rest.as(token).header("If-Match", etag).body(body).post(request + "/" + what);
  }

  private static Response assign(String request, UUID to) {
    return act(CISO_TOKEN, request, "assignment", Map.of("assignee", to));
  }

  private static Response answer(String token, String request) {
    return act(
        token,
        request,
        "answer",
        Map.of(
            "answer",
            "Mrs Doe does",
            "entries",
            List.of(),
            "objects",
            List.of("document/01936f2a-5c00-7000-8000-0000000000d1")));
  }

  private static Response accept(String token, String request) {
    return act(token, request, "review", Map.of("accepted", true));
  }

  private static Response sendBack(String token, String request) {
    return act(token, request, "review", Map.of("accepted", false, "reason", "Mrs Doe left"));
  }

  private static Response withdraw(String token, String request) {
    return act(token, request, "withdrawal", Map.of("reason", "Mr Doe told me"));
  }

  /** What waits as to an audit, on all pages. */
  private static List<String> tasks(String token, String audit) {
    List<String> kinds = new ArrayList<>();
    String path = "/v1/tasks?limit=200";
    while (path != null) {
      Response page = Rest.as(token).urlEncodingEnabled(false).get(path);
      page.then().statusCode(200);
      kinds.addAll(
          page.jsonPath()
              .getList("items.findAll { it.subject == 'control-audit/" + audit + "' }.kind"));
      path =
          page.headers().getValues("Link").stream()
              .filter(link -> link.endsWith("rel=\"next\""))
              .map(link -> link.substring(1, link.indexOf('>')))
              .findFirst()
              .orElse(null);
    }
    return kinds;
  }

  private static ValidatableResponse audit(String audit) {
    return Rest.as(CISO_TOKEN).get(AUDITS + "/" + audit).then().statusCode(200);
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
  void evidenceIsAskedForGivenToSomebodyAnsweredAndAccepted() {
    // Given
    String audit = begun("THIRD_PARTY");

    // When it is asked for, and given to somebody
    String request = asked(audit);
    assertEquals(List.of("evidence-request.answer"), tasks(CISO_TOKEN, audit));
    assertEquals(List.of(), tasks(expert, audit));
    assign(request, expertId).then().statusCode(200).body("assignee", is(expertId.toString()));
    assertEquals(List.of(), tasks(CISO_TOKEN, audit));
    assertEquals(List.of("evidence-request.answer"), tasks(expert, audit));
    problem(accept(auditor, request), 409, "evidence-not-answered");
    audit(audit).body("requests", is(1)).body("unanswered", is(1));

    // When the answer is not enough at first
    answer(expert, request)
        .then()
        .statusCode(200)
        .body("state", is("ANSWERED"))
        .body("answer", is("Mrs Doe does"))
        .body("objects", contains("document/01936f2a-5c00-7000-8000-0000000000d1"))
        .body("answeredBy", is(expertId.toString()));
    audit(audit).body("unanswered", is(0));
    problem(answer(expert, request), 409, "evidence-not-asked");
    problem(assign(request, CISO_ID), 409, "evidence-not-asked");
    assertEquals(List.of(), tasks(expert, audit));
    sendBack(auditor, request)
        .then()
        .statusCode(200)
        .body("state", is("ASKED"))
        .body("reason", is("Mrs Doe left"));
    audit(audit).body("unanswered", is(1));
    assertEquals(List.of("evidence-request.answer"), tasks(expert, audit));
    answer(CISO_TOKEN, request).then().statusCode(200).body("answeredBy", is(CISO_ID.toString()));
    accept(auditor, request).then().statusCode(200).body("state", is("ACCEPTED"));

    // Then
    problem(sendBack(auditor, request), 409, "evidence-not-answered");
    problem(withdraw(auditor, request), 409, "evidence-settled");
    assertEquals(List.of(), tasks(expert, audit));
    assertEquals(
        List.of(
            "control-audit.planned.v1",
            "control-audit.begun.v1",
            "control-audit.evidence-asked.v1",
            "control-audit.evidence-assigned.v1",
            "control-audit.evidence-answered.v1",
            "control-audit.evidence-reviewed.v1",
            "control-audit.evidence-answered.v1",
            "control-audit.evidence-reviewed.v1"),
        types(audit, 8));
  }

  @Test
  void whatIsNotNeededAnyMoreIsWithdrawnForAReason() {
    // Given
    String audit = begun("THIRD_PARTY");
    String unanswered = asked(audit);
    String answered = asked(audit);
    answer(CISO_TOKEN, answered).then().statusCode(200);

    // When
    for (String request : List.of(unanswered, answered)) {
      withdraw(auditor, request)
          .then()
          .statusCode(200)
          .body("state", is("WITHDRAWN"))
          .body("reason", is("Mr Doe told me"));
      problem(withdraw(auditor, request), 409, "evidence-settled");
      problem(answer(CISO_TOKEN, request), 409, "evidence-not-asked");
    }

    // Then
    audit(audit).body("requests", is(2)).body("unanswered", is(0));
    assertEquals(List.of(), tasks(CISO_TOKEN, audit));
    assertEquals("control-audit.evidence-withdrawn.v1", types(audit, 7).get(6));
    act(auditor, unanswered, "withdrawal", Map.of("reason", " "))
        .then()
        .statusCode(400)
        .body("errors.field", contains("reason"));
    act(auditor, answered, "review", Map.of("accepted", false))
        .then()
        .statusCode(400)
        .body("errors.field", contains("reason"));
  }

  @Test
  void whoAskedDoesNotAnswerAndNobodyElseDecides() {
    // Given
    String audit = begun("INTERNAL");
    String house = Tokens.of(auditorId, STAFF, AUDITOR);
    String request = asked(audit);
    String another = Tokens.of(AUDITOR);

    // When and then
    problem(ask(CISO_TOKEN, request(audit)), 403, "forbidden");
    problem(ask(expert, request(audit)), 403, "forbidden");
    problem(ask(another, request(audit)), 404, "not-found");
    problem(assign(request, auditorId), 422, "self-answer");
    problem(answer(expert, request), 404, "not-found");
    problem(answer(auditor, request), 403, "forbidden");
    problem(answer(house, request), 404, "not-found");
    problem(answer(Tokens.of(auditorId, CISO, AUDITOR), request), 422, "self-answer");
    assign(request, expertId).then().statusCode(200);
    problem(act(expert, request, "assignment", Map.of("assignee", "me")), 403, "forbidden");
    answer(expert, request).then().statusCode(200);
    assertEquals(List.of("evidence-request.review"), tasks(house, audit));
    problem(accept(CISO_TOKEN, request), 403, "forbidden");
    problem(accept(another, request), 404, "not-found");
    problem(withdraw(another, request), 404, "not-found");
    accept(house, request).then().statusCode(200);
    assertEquals(List.of(), tasks(house, audit));
  }

  @Test
  void aRequestIsSeenByWhoeverIsToAnswerTheCisoAndItsAuditorWhileTheAuditIsOpen() {
    // Given
    String audit = begun("THIRD_PARTY");
    String request = asked(audit);
    assign(request, expertId).then().statusCode(200);
    String id = request.substring(REQUESTS.length() + 1);
    String ofAudit = REQUESTS + "?audit=" + audit;

    // When and then
    for (String token : List.of(auditor, CISO_TOKEN, expert)) {
      Rest.as(token)
          .get(request)
          .then()
          .statusCode(200)
          .body("text", is("Who approves for Mr Doe?"));
      Rest.as(token).get(ofAudit + "&rule=R4.6&state=ASKED").then().body("items.id", contains(id));
    }
    Rest.as(expert).get(REQUESTS).then().body("items.id", contains(id));
    Rest.as(CISO_TOKEN)
        .get(REQUESTS + "?assignee=" + expertId)
        .then()
        .body("items.id", contains(id));
    Rest.as(auditor).get(REQUESTS).then().statusCode(200).body("items", empty());
    for (String token : List.of(Tokens.of(THIRD_PARTY_AUDITOR), Tokens.of(AUDITOR))) {
      problem(Rest.as(token).get(request), 404, "not-found");
      problem(Rest.as(token).get(ofAudit), 404, "not-found");
    }
    problem(Rest.as(Tokens.of(SYSADMIN)).get(request), 404, "not-found");
    Rest.as(Tokens.of(SYSADMIN)).get(ofAudit).then().statusCode(200).body("items", empty());

    // And once the audit is over
    change(audit, "cancellation");
    problem(Rest.as(auditor).get(request), 404, "not-found");
    problem(Rest.as(auditor).get(ofAudit), 404, "not-found");
    problem(withdraw(auditor, request), 404, "not-found");
    problem(answer(expert, request), 409, "audit-not-open");
    problem(ask(auditor, request(audit)), 404, "not-found");
    assertEquals(List.of(), tasks(expert, audit));
    Rest.as(expert).get(request).then().statusCode(200);
  }

  @Test
  void aRequestIsOverdueFromItsDueDateUntilItIsAnsweredAndThenTheCisosTaskToo() {
    // Given
    String audit = begun("THIRD_PARTY");
    String request = asked(audit);
    assign(request, expertId).then().statusCode(200);
    String id = request.substring(REQUESTS.length() + 1);
    String overdue = REQUESTS + "?audit=" + audit + "&overdue=";
    Rest.as(CISO_TOKEN).get(overdue + true).then().statusCode(200).body("items", empty());
    Rest.as(CISO_TOKEN).get(overdue + false).then().body("items.id", contains(id));

    // When
    clock.move(Duration.ofDays(6));

    // Then
    for (String token : List.of(CISO_TOKEN, auditor, expert)) {
      Rest.as(token).get(overdue + true).then().statusCode(200).body("items.id", contains(id));
    }
    Rest.as(CISO_TOKEN).get(overdue + false).then().body("items", empty());
    assertEquals(List.of("evidence-request.answer"), tasks(CISO_TOKEN, audit));
    assertEquals(List.of("evidence-request.answer"), tasks(expert, audit));
    answer(expert, request).then().statusCode(200);
    Rest.as(CISO_TOKEN).get(overdue + true).then().body("items", empty());
    assertEquals(List.of(), tasks(CISO_TOKEN, audit));
    sendBack(auditor, request).then().statusCode(200);
    Rest.as(CISO_TOKEN).get(overdue + true).then().body("items.id", contains(id));
    String waiting = REQUESTS + "?audit=" + audit + "&waiting=";
    Rest.as(CISO_TOKEN).get(waiting + true).then().body("items.id", contains(id));
    Rest.as(CISO_TOKEN).get(waiting + false).then().body("items", empty());
    change(audit, "cancellation");
    Rest.as(CISO_TOKEN).get(overdue + true).then().body("items", empty());
    Rest.as(CISO_TOKEN).get(overdue + false).then().body("items.id", contains(id));
    Rest.as(CISO_TOKEN).get(waiting + true).then().body("items", empty());
    Rest.as(CISO_TOKEN).get(waiting + false).then().body("items.id", contains(id));
  }

  @Test
  void onlyWhatIsInScopeIsAskedForInAnAuditThatHasBegun() {
    // Given
    String audit = begun("THIRD_PARTY");

    // When and then
    Map<String, Object> body = request(audit);
    body.put("rule", "R5.1");
    problem(ask(auditor, body), 422, "rule-out-of-scope");
    body.put("rule", null);
    body.put("object", null);
    ask(auditor, body).then().statusCode(201).body("rule", nullValue());
    body.put("object", "the file server");
    problem(ask(auditor, body), 400, "validation").body("errors.field", hasItem("object"));
    body.put("object", null);
    body.put("dueAt", now.minusSeconds(1).toString());
    problem(ask(auditor, body), 400, "validation").body("errors.field", hasItem("dueAt"));
    problem(ask(auditor, request(planned("THIRD_PARTY"))), 404, "not-found");
  }

  @Test
  void whoHasNotReadARequestAsItIsChangesNothing() {
    // Given
    String request = asked(begun("THIRD_PARTY"));
    String first = Rest.as(CISO_TOKEN).get(request).header("ETag");
    Map<String, Object> body =
        Map.of("answer", "Mrs Doe does", "entries", List.of(), "objects", List.of());

    // When and then
    problem(Rest.as(CISO_TOKEN).body(body).post(request + "/answer"), 428, "precondition-required");
    String answered =
        Rest.as(CISO_TOKEN)
            .header("If-Match", first)
            .body(body)
            .post(request + "/answer")
            .then()
            .statusCode(200)
            .extract()
            .header("ETag");
    problem(
        Rest.as(auditor)
            .header("If-Match", first)
            .body(Map.of("accepted", true))
            .post(request + "/review"),
        412,
        "stale");
    Rest.as(auditor)
        .header("If-Match", answered)
        .body(Map.of("accepted", true))
        .post(request + "/review")
        .then()
        .statusCode(200);
  }
}
