package io.vigie.console;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Audits, their rooms and evidence that is asked for, as a browser without scripts gets them. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(user = "sacha", roles = "third-party-auditor")
class AuditPagesTest {

  private static final String AUDIT = "0199a000-0000-7000-8000-0000000000a1";
  private static final String REQUEST = "0199a000-0000-7000-8000-0000000000e1";
  private static final String RECEIPT = "0199a000-0000-7000-8000-0000000000f1";
  private static final String DOCUMENT = "document/0199a000-0000-7000-8000-0000000000d1";
  private static final String AUDIT_PAGE = "/audits/" + AUDIT;
  private static final String REQUEST_PAGE = "/evidence-requests/" + REQUEST;
  private static final String REQUESTS = "audit/v1/evidence-requests";
  private static final String ONE = REQUESTS + "/" + REQUEST;

  private static final Pattern HIDDEN =
      Pattern.compile("name=\"(key|version)\" value=\"([^\"]+)\"");

  private static final String HOSTILE =
      "<script>alert(1)</script>'\\\"><img src=x onerror=alert(1)>{inject:viewer.name}{#include base/}javascript:alert(1)";

  @BeforeEach
  void oneAuditIsOpen() {
    Services.reset();
    Services.say("audit/v1/audits", 200, "{\"items\": [" + audit("sacha") + "]}");
    Services.say("audit/v1/audits/" + AUDIT, 200, audit("sacha"));
    Services.say("audit/v1/audits/" + AUDIT + "/room", 200, room(request("ANSWERED")));
    Services.say("audit/v1/audit-findings", 200, "{\"items\": [" + finding() + "]}");
    Services.say(ONE, 200, request("ASKED"));
  }

  private static String finding() {
    return """
        {"id": "%s", "audit": "%s", "reference": "F-1", "rule": "R4.6", "severity": "MAJOR", "text": "Nobody %s",
         "owner": "somebody", "dueAt": "2026-03-01T22:59:00Z", "state": "ACTED", "action": "Trained all"}"""
        .formatted(REQUEST, AUDIT, HOSTILE);
  }

  private static String audit(String auditor) {
    Instant now = Instant.now();
    return """
        {"id": "%s", "title": "Rights %s", "kind": "THIRD_PARTY", "rules": ["R4.6"], "clients": [], "auditor": "%s",
         "periodFrom": "%s", "periodUntil": "%s", "state": "BEGUN", "findings": 0, "unsettled": 0, "requests": 1, "unanswered": 1}"""
        .formatted(
            AUDIT, HOSTILE, auditor, now.minus(5, ChronoUnit.DAYS), now.plus(5, ChronoUnit.DAYS));
  }

  private static String request(String state) {
    return request(state, "sacha", null);
  }

  private static String request(String state, String askedBy, String assignee) {
    String answer =
        state.equals("ASKED")
            ? "\"entries\": [], \"objects\": []"
            : "\"answer\": \"Here %s\", \"entries\": [4711], \"objects\": [\"%s\"], \"answeredBy\": \"charlie\", \"answeredAt\": \"2026-01-31T16:05:00Z\""
                .formatted(HOSTILE, DOCUMENT);
    return """
        {"id": "%s", "audit": "%s", "rule": "R4.6", "text": "Who approves? %s", "askedBy": "%s", "askedAt": "2026-01-30T16:05:00Z",
         "dueAt": "2026-02-10T22:59:00Z", %s "state": "%s", "since": "2026-01-30T16:05:00Z", %s, "version": 3}"""
        .formatted(
            REQUEST,
            AUDIT,
            HOSTILE,
            askedBy,
            assignee == null ? "" : "\"assignee\": \"" + assignee + "\",",
            state,
            answer);
  }

  private static String room(String request) {
    return """
        {"audit": "%s", "evidence": 42, "pack": "/v1/log/evidence?audit=%s",
         "controls": [{"control": {"rule": "R4.6", "section": 4, "title": {"en": "Two people", "fr": "Deux personnes"},
           "asks": {"en": "x", "fr": "x"}, "decided": "QUERY", "state": "RED", "inScope": 5, "failing": 1, "excepted": 0, "current": true},
           "evidence": 7, "last": {"index": 4712, "leafHash": "bGVhZg=="}}],
         "requests": [{"request": %s, "entries": [{"index": 4711, "leafHash": "LCbnCjxf"}]}]}"""
        .formatted(AUDIT, AUDIT, request);
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  /** A form of this page, as it came with its cookie. */
  private static RequestSpecification form(String page) {
    Response opened = browser().get(page);
    opened.then().statusCode(200);
    String token = opened.getCookie("csrf-token");
    RequestSpecification form =
        browser().cookie("csrf-token", token).formParam("csrf-token", token);
    // A page may have several forms, which have these in common.
    Matcher hidden = HIDDEN.matcher(opened.asString());
    Map<String, String> values = new TreeMap<>();
    while (hidden.find()) {
      values.put(hidden.group(1), hidden.group(2));
    }
    values.forEach((name, value) -> form.formParam(name, value));
    return form;
  }

  private static void assertInert(Response page) {
    page.then()
        .body(not(containsString("<script>alert")))
        .body(not(containsString("<img src=x")))
        .body(containsString("&lt;script&gt;alert"));
  }

  @Test
  void whoAuditsFromOutsideComesInAtTheirAudits() {
    browser().get("/").then().statusCode(303).header("Location", endsWith("/audits"));
    browser().get("/callback").then().statusCode(303);

    Response page = browser().get("/audits");
    page.then()
        .statusCode(200)
        .body(containsString("href=\"" + AUDIT_PAGE + "\""))
        .body(containsString("href=\"/controls\""))
        .body(containsString("href=\"/trace\""));
    assertInert(page);
    for (String closed : List.of("/registers", "/dashboards", "/tasks", "/my")) {
      page.then().body(not(containsString("href=\"" + closed + "\"")));
    }
    assertFalse(Services.asked().toString().contains("evidence-requests"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tasks",
        "/my",
        "/registers",
        "/assets",
        "/dashboards",
        "/controls/statement",
        "/controls/statement.csv"
      })
  void whatIsOfTheHouseIsClosedToWhoAuditsFromOutside(String path) {
    browser().get(path).then().statusCode(403).body(containsString("<main"));
  }

  @Test
  void noAuditIsADesignedState() {
    Services.say("audit/v1/audits", 200, "{\"items\": []}");

    browser().get("/audits").then().body(containsString("No audit that names you is open now."));
    browser()
        .header("Accept-Language", "fr")
        .get("/audits")
        .then()
        .body(containsString("Aucun audit qui vous désigne"));
  }

  @Test
  void theRoomHasRulesEvidenceAndAnswersWithTheirProofs() {
    Response page = browser().get(AUDIT_PAGE);

    page.then()
        .statusCode(200)
        .body(containsString("href=\"/controls/R4.6\""))
        .body(containsString("href=\"/trace/entries/4712\""))
        .body(containsString("href=\"" + REQUEST_PAGE + "\""))
        .body(containsString("href=\"/trace/entries/4711/tlog-proof\""))
        .body(containsString("LCbnCjxf"))
        .body(containsString("href=\"/trace/exports?audit=" + AUDIT + "\""))
        .body(containsString("<option value=\"R4.6\""))
        .body(containsString("F-1"))
        .body(containsString("to be verified"))
        .body(containsString("Trained all"))
        .body(not(containsString("/audit-findings/")));
    assertInert(page);
    Services.say("audit/v1/audit-findings", 503, "{}");
    browser()
        .get(AUDIT_PAGE)
        .then()
        .statusCode(200)
        .body(containsString("Findings are not told at the moment."));
    Services.say("audit/v1/audit-findings", 200, "{\"items\": []}");
    browser().get(AUDIT_PAGE).then().body(containsString("Nothing was found until now."));
  }

  @Test
  void theCountOfARulesEvidenceLeadsToItInTheLogDuringTheAudit() {
    Services.say(
        "audit/v1/audits/" + AUDIT,
        200,
        audit("sacha")
            .replaceAll("(\"periodFrom\": )\"[^\"]*\"", "$1\"2026-01-31T16:05:00Z\"")
            .replaceAll("(\"periodUntil\": )\"[^\"]*\"", "$1\"2026-06-30T22:00:00Z\""));

    browser()
        .get(AUDIT_PAGE)
        .then()
        .body(
            containsString(
                "href=\"/trace?rule=R4.6&amp;from=2026-01-31T17:05&amp;to=2026-07-01T00:00\""))
        .body(containsString("aria-label=\"7 entries that prove R4.6\">7</a>"));
  }

  @Test
  void aRoomThatDoesNotAnswerCostsItsPartOfThePage() {
    Services.say("audit/v1/audits/" + AUDIT + "/room", 503, "{}");

    browser()
        .get(AUDIT_PAGE)
        .then()
        .statusCode(200)
        .body(containsString("does not answer at the moment"))
        .body(containsString("Ask for evidence"));
    Services.say("audit/v1/audits/" + AUDIT, 404, "{}");
    browser().get(AUDIT_PAGE).then().statusCode(404);
  }

  @Test
  void evidenceIsAskedForOnceUnderTheKeyOfItsForm() {
    // Given
    RequestSpecification form = form(AUDIT_PAGE).formParam("text", "Who\r\napproves?");
    String receipt = "http://127.0.0.1:8085/v1/receipts/" + RECEIPT;
    Services.say(REQUESTS, 201, receipt, request("ASKED"));

    // When
    form.formParam("rule", "R4.6").formParam("object", "").formParam("due", "2026-03-01");
    for (int i = 0; i < 2; i++) {
      form.post(AUDIT_PAGE)
          .then()
          .statusCode(303)
          .header("Location", endsWith(AUDIT_PAGE + "?receipt=" + RECEIPT));
    }

    // Then
    List<Services.Request> posted = Services.posted();
    assertEquals(2, posted.size());
    assertEquals(posted.get(0).key(), posted.get(1).key());
    assertEquals(36, posted.get(0).key().length());
    assertEquals(
        "{\"audit\":\"%s\",\"rule\":\"R4.6\",\"object\":null,\"text\":\"Who\\napproves?\",\"dueAt\":\"2026-03-01T22:59:00Z\"}"
            .formatted(AUDIT),
        posted.get(0).body());
    browser()
        .get(AUDIT_PAGE + "?receipt=" + RECEIPT)
        .then()
        .body(containsString("href=\"/trace/receipts/" + RECEIPT + "\""));
  }

  @Test
  void whatIsNotAskedForIsStillThereWithWhy() {
    // Given
    RequestSpecification form = form(AUDIT_PAGE).formParam("text", "Mind <b>this</b>");

    // When and then
    form.formParam("due", "soon")
        .post(AUDIT_PAGE)
        .then()
        .statusCode(400)
        .body(containsString("Say until which day."))
        .body(containsString("Mind &lt;b&gt;this&lt;/b&gt;"));
    form(AUDIT_PAGE)
        .formParam("text", " ")
        .formParam("due", "2026-03-01")
        .post(AUDIT_PAGE)
        .then()
        .statusCode(400)
        .body(containsString("Something that is needed was not filled in."));
    assertEquals(List.of(), Services.posted());
    Services.say(
        REQUESTS,
        422,
        "{\"type\": \"urn:vigie:problem:rule-out-of-scope\", \"detail\": \"Name a rule <i>in scope</i>.\"}");
    form(AUDIT_PAGE)
        .formParam("text", "Mind this")
        .formParam("due", "2026-03-01")
        .post(AUDIT_PAGE)
        .then()
        .statusCode(400)
        .body(containsString("Name a rule &lt;i&gt;in scope&lt;/i&gt;."))
        .body(not(containsString("périmètre")))
        .body(containsString("Mind this"));
    form(AUDIT_PAGE)
        .header("Accept-Language", "fr")
        .formParam("text", "Mind this")
        .formParam("due", "2026-03-01")
        .post(AUDIT_PAGE)
        .then()
        .statusCode(400)
        .body(containsString("audit ne porte pas sur cette règle."))
        .body(containsString("lang=\"en\">Name a rule &lt;i&gt;in scope&lt;/i&gt;."));
    Services.say(REQUESTS, 503, "{}");
    form(AUDIT_PAGE)
        .formParam("text", "Mind this")
        .formParam("due", "2026-03-01")
        .post(AUDIT_PAGE)
        .then()
        .statusCode(503)
        .body(containsString("Mind this"))
        .body(containsString("What you wrote is still here"));
    browser().formParam("text", "x").post(AUDIT_PAGE).then().statusCode(400);
  }

  @Test
  void onlyTheAuditorOfAnAuditAsksAndDecides() {
    Services.say("audit/v1/audits/" + AUDIT, 200, audit("somebody-else"));
    browser().get(AUDIT_PAGE).then().statusCode(200).body(not(containsString("id=\"ask\"")));

    Services.say(ONE, 200, request("ANSWERED", "somebody-else", null));
    browser().get(REQUEST_PAGE).then().statusCode(200).body(not(containsString("<textarea")));
  }

  @Test
  void theAuditorAcceptsSendsBackOrTakesBack() {
    // Given
    Services.say(ONE, 200, request("ANSWERED"));
    Response page = browser().get(REQUEST_PAGE);
    page.then()
        .statusCode(200)
        .body(containsString("href=\"/trace/entries/4711\""))
        .body(containsString("href=\"/objects/" + DOCUMENT + "\""))
        .body(not(containsString("id=\"answering\"")));
    assertInert(page);
    AtomicReference<String> version = new AtomicReference<>();
    AtomicReference<String> body = new AtomicReference<>();
    for (String what : List.of("review", "withdrawal")) {
      Services.say(
          ONE + "/" + what,
          exchange -> {
            version.set(exchange.getRequestHeaders().getFirst("If-Match"));
            body.set(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] answer = request("ACCEPTED").getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          });
    }

    // When it is accepted
    form(REQUEST_PAGE)
        .formParam("act", "review")
        .formParam("accepted", "true")
        .formParam("reason", "")
        .post(REQUEST_PAGE)
        .then()
        .statusCode(303)
        .header("Location", endsWith(REQUEST_PAGE));
    assertEquals("\"3\"", version.get());
    assertEquals("{\"accepted\":true}", body.get());

    // When it is sent back, for a reason alone
    body.set(null);
    form(REQUEST_PAGE)
        .formParam("act", "review")
        .formParam("accepted", "false")
        .post(REQUEST_PAGE)
        .then()
        .statusCode(400)
        .body(containsString("Something that is needed was not filled in."));
    assertEquals(null, body.get());
    form(REQUEST_PAGE)
        .formParam("act", "review")
        .formParam("accepted", "false")
        .formParam("reason", "Not that")
        .post(REQUEST_PAGE)
        .then()
        .statusCode(303);
    assertTrue(body.get().contains("\"accepted\":false"), body.get());
    assertTrue(body.get().contains("\"reason\":\"Not that\""), body.get());

    // When it is taken back
    form(REQUEST_PAGE)
        .formParam("act", "withdrawal")
        .formParam("reason", "Seen")
        .post(REQUEST_PAGE)
        .then()
        .statusCode(303);
    assertEquals("{\"reason\":\"Seen\"}", body.get());
    form(REQUEST_PAGE).formParam("act", "deletion").post(REQUEST_PAGE).then().statusCode(400);
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void theCisoFindsWhatIsToBeAnsweredAndAnswersIt() {
    // Given
    Services.say(REQUESTS, 200, "{\"items\": [" + request("ASKED") + "]}");
    Response audits = browser().get("/audits");
    audits
        .then()
        .statusCode(200)
        .body(containsString("href=\"" + REQUEST_PAGE + "\""))
        .body(containsString("Late"))
        .body(containsString("Under way"));
    assertInert(audits);
    assertTrue(Services.asked().contains(REQUESTS + "?waiting=true"), Services.asked().toString());
    browser().get("/audits?state=CLOSED").then().statusCode(200);
    assertTrue(
        Services.asked().contains("audit/v1/audits?state=CLOSED"), Services.asked().toString());
    Services.say(ONE + "/answer", 200, "http://x/v1/receipts/" + RECEIPT, request("ANSWERED"));

    // When
    form(REQUEST_PAGE)
        .formParam("act", "answer")
        .formParam("answer", "Here")
        .formParam("entries", "4711\r\n 4712")
        .formParam("objects", DOCUMENT)
        .post(REQUEST_PAGE)
        .then()
        .statusCode(303)
        .header("Location", endsWith(REQUEST_PAGE + "?receipt=" + RECEIPT));

    // Then
    assertEquals(1, Services.posted().size());
    String body = Services.posted().get(0).body();
    for (String part :
        List.of(
            "\"answer\":\"Here\"",
            "\"entries\":[4711,4712]",
            "\"objects\":[\"" + DOCUMENT + "\"]")) {
      assertTrue(body.contains(part), body);
    }
    form(REQUEST_PAGE)
        .formParam("act", "answer")
        .formParam("answer", "Here")
        .formParam("entries", "the first")
        .post(REQUEST_PAGE)
        .then()
        .statusCode(400)
        .body(allOf(containsString("Entries are numbers"), containsString("the first")));
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whatIsToBeAnsweredIsAPartOfThePage() {
    browser()
        .get("/audits")
        .then()
        .statusCode(200)
        .body(containsString("does not answer at the moment"))
        .body(containsString("href=\"" + AUDIT_PAGE + "\""));
    Services.sayWithMore(REQUESTS, "{\"items\": [" + request("ASKED") + "]}");
    Services.sayWithMore("audit/v1/audits", "{\"items\": [" + audit("sacha") + "]}");
    browser()
        .get("/audits")
        .then()
        .body(containsString("href=\"/audits?afterRequest=" + REQUEST + "\""))
        .body(containsString("href=\"/audits?after=" + AUDIT + "\""));
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void theCisoIsLedToWhereAuditsArePlannedAndTheirFindingsAre() {
    browser()
        .get("/audits")
        .then()
        .body(containsString("href=\"/audit-plans/new\""))
        .body(containsString("href=\"/audit-findings?audit=" + AUDIT + "\""));
    browser().get(AUDIT_PAGE).then().body(containsString("href=\"/audit-plans/" + AUDIT + "\""));
  }

  @Test
  void whoAuditsFromOutsideIsNotLedThere() {
    for (String page : List.of("/audits", AUDIT_PAGE)) {
      browser()
          .get(page)
          .then()
          .statusCode(200)
          .body(not(containsString("/audit-plans")))
          .body(not(containsString("/audit-findings")));
    }
    browser().get("/audit-plans/" + AUDIT).then().statusCode(403);
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void theCisoGivesARequestToSomebodyByName() {
    // Given
    String account = "0199a000-0000-7000-8000-0000000000b1";
    Services.say(ONE + "/assignment", 200, request("ASKED", "sacha", account));
    String ann = "{\"subject\": \"" + account + "\", \"state\": \"ACTIVE\"}";
    String left = "{\"subject\": \"other\", \"state\": \"LEFT\"}";

    // When and then
    Services.say("access/v1/people", 200, "{\"items\": [" + left + "]}");
    assign("Ann").then().statusCode(400).body(containsString("Nobody who is here"));
    Services.say("access/v1/people", 200, "{\"items\": [" + ann + "," + ann + "]}");
    assign("Ann").then().statusCode(400).body(containsString("Several people"));
    assertEquals(List.of(), Services.posted());
    Services.say("access/v1/people", 200, "{\"items\": [" + ann + "," + left + "]}");
    assign("Ann").then().statusCode(303);
    assign(account).then().statusCode(303);
    Services.posted()
        .forEach(posted -> assertEquals("{\"assignee\":\"" + account + "\"}", posted.body()));
    assertEquals(2, Services.posted().size());
  }

  private static Response assign(String to) {
    return form(REQUEST_PAGE)
        .formParam("act", "assignment")
        .formParam("assignee", to)
        .post(REQUEST_PAGE);
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whoWasTooLateSeesHowItStandsAndWhatTheyWrote() {
    // Given
    RequestSpecification form =
        form(REQUEST_PAGE).formParam("act", "answer").formParam("answer", "My own words");
    Services.say(ONE + "/answer", 412, "{}");
    Services.say(ONE, 200, request("ANSWERED"));

    // When and then
    form.post(REQUEST_PAGE)
        .then()
        .statusCode(409)
        .body(containsString("Somebody changed it meanwhile."))
        .body(containsString("My own words"))
        .body(containsString("Answered"));
  }

  @Test
  @TestSecurity(user = "ann", roles = "staff")
  void whoeverIsToAnswerDoesAndFindsItAmongTheirTasks() {
    // Given
    Services.say(ONE, 200, request("ASKED", "sacha", "ann"));
    List.of("asset", "access", "incident", "backup", "audit")
        .forEach(service -> Services.say(service + "/v1/tasks", 200, "{\"items\": []}"));
    Services.say(
        "audit/v1/tasks",
        200,
        """
        {"items": [{"id": "%s", "kind": "evidence-request.answer", "subject": "control-audit/%s", "since": "2026-01-30T16:05:00Z"}]}"""
            .formatted(REQUEST, AUDIT));

    // When and then
    browser()
        .get("/tasks")
        .then()
        .body(containsString("href=\"" + REQUEST_PAGE + "\""))
        .body(containsString("Answer what an auditor asks for"));
    browser()
        .get(REQUEST_PAGE)
        .then()
        .statusCode(200)
        .body(containsString("id=\"answering\""))
        .body(not(containsString("id=\"assigning\"")))
        .body(not(containsString("href=\"/audits\"")));
    browser().get("/audits").then().statusCode(403);
    Services.say(ONE, 200, request("ASKED", "sacha", "somebody-else"));
    browser().get(REQUEST_PAGE).then().body(not(containsString("id=\"answering\"")));
  }

  @Test
  void whoAuditsFromOutsideHasRulesWithoutExceptionsAndTraceWithoutExports() {
    // Given
    Services.say(
        "audit/v1/controls/R4.6",
        200,
        """
        {"control": {"rule": "R4.6", "section": 4, "title": {"en": "Two people", "fr": "Deux personnes"}, "asks": {"en": "x", "fr": "x"},
          "decided": "QUERY", "state": "RED", "inScope": 5, "failing": 1, "excepted": 0, "current": true},
         "provenBy": [], "tests": [], "query": "select", "whys": {}, "notApplicable": {"en": "x", "fr": "x"}}""");
    Services.say("audit/v1/controls/R4.6/objects", 200, "{\"items\": []}");
    Services.say("audit/v1/log/entries", 200, "{\"items\": []}");

    // When and then
    browser()
        .get("/controls/R4.6")
        .then()
        .statusCode(200)
        .body(not(containsString("id=\"exceptions\"")));
    assertFalse(Services.asked().toString().contains("control-exceptions"));
    browser()
        .get("/trace")
        .then()
        .statusCode(200)
        .body(not(containsString("href=\"/trace/exports")));
    browser()
        .get("/trace/exports?audit=" + AUDIT)
        .then()
        .statusCode(200)
        .body(containsString("value=\"" + AUDIT + "\""))
        .body(not(containsString("id=\"export\"")));
  }

  @Test
  @TestSecurity(user = "sacha", roles = "auditor")
  void anAuditorWhoIsNoStaffHasWhatAuditorsFromOutsideHave() {
    whoAuditsFromOutsideComesInAtTheirAudits();
    whoAuditsFromOutsideHasRulesWithoutExceptionsAndTraceWithoutExports();
    browser().get(REQUEST_PAGE).then().statusCode(200);
  }

  @Test
  @TestSecurity(
      user = "sacha",
      roles = {"staff", "auditor"})
  void whomAnAuditFromOutsideEverNamedIsOfferedWhatAuditServiceLetsThem() {
    Services.say("audit/v1/reach", 200, "{\"whole\": false}");
    whoAuditsFromOutsideHasRulesWithoutExceptionsAndTraceWithoutExports();
    String dashboards = "href=\"/dashboards\"";
    browser()
        .get("/audits")
        .then()
        .body(not(containsString(dashboards)))
        .body(containsString("href=\"/my\""));

    // An auditor of the house, or whom nobody knows any better at the moment
    Services.say("audit/v1/reach", 200, "{\"whole\": true}");
    browser().get("/audits").then().body(containsString(dashboards));
    Services.say("audit/v1/reach", 503, "{}");
    browser().get("/audits").then().body(containsString(dashboards));
  }
}
