package io.vigie.console;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Dashboards, what is behind their figures, and the policy, as a browser without scripts gets them.
 */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(
    user = "charlie",
    roles = {"staff", "ciso"})
class DashboardPagesTest {

  private static final String ID = "0199a000-0000-7000-8000-000000000001";
  private static final String OTHER = "0199a000-0000-7000-8000-000000000002";
  private static final String OBJECT_HISTORY = "/controls/R3.3/objects/" + ID + "/history";
  private static final String HOSTILE =
      "<script>alert(1)</script>'\\\"><img src=x onerror=alert(1)>{inject:viewer.name}{#include base/}javascript:alert(1)";

  private static final String GREEN =
      figure("rules-green", "STRATEGIC", "PERCENT", "HIGHER", "87.5", null, true);
  private static final String CLOCKS =
      figure("legal-clocks-overdue", "STRATEGIC", "COUNT", "LOWER", "2", "0", true);
  private static final String TRAINED =
      figure("people-trained", "STEERING", "PERCENT", "HIGHER", "100", "100", true);
  private static final String ALERTS =
      figure("alerts-unacknowledged", "OPERATIONAL", "COUNT", "LOWER", "1200", null, false);

  @BeforeEach
  void servicesWithFigures() {
    Services.reset();
    figures(GREEN, CLOCKS);
    Services.say(
        "audit/v1/controls",
        200,
        "["
            + control("R3.1", "QUERY", "GREEN")
            + ","
            + control("R3.2", "QUERY", "AMBER")
            + ","
            + control("R3.3", "QUERY", "RED")
            + ","
            + control("R3.4", "QUERY", "NOT_APPLICABLE")
            + ","
            + control("R3.5", "ATTESTATION", null)
            + "]");
  }

  private static void figures(String... figures) {
    Services.say("audit/v1/kpis", 200, "[" + String.join(",", figures) + "]");
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  private static String page(String path) {
    return browser().get(path).then().statusCode(200).extract().asString();
  }

  private static String figure(
      String id,
      String level,
      String unit,
      String better,
      String value,
      String target,
      boolean history) {
    return """
        {"id": "%s", "level": "%s", "title": {"en": "About %s", "fr": "Sur %s"},
         "explanation": {"en": "What it counts.", "fr": "Ce qu'il compte."}, "unit": "%s", "measure": "SUM",
         "better": "%s", "target": %s, "value": %s, "unknown": null, "objects": 3, "unmeasured": 0,
         "at": "2026-01-31T16:05:00Z", "current": true, "history": %s}"""
        .formatted(
            id,
            level,
            id,
            id,
            unit,
            better,
            target == null ? "null" : "{\"value\": " + target + ", \"rule\": \"R13.2\"}",
            value,
            history);
  }

  private static String unknown(String figure, String says) {
    return figure
        .replaceAll("\"value\": [0-9.]+, \"unknown\": null", "\"value\": null, \"unknown\": {}")
        .replace(
            "\"unknown\": {}",
            "\"unknown\": {\"why\": \"NOTHING\", \"says\": {\"en\": \"%s\", \"fr\": \"%s\"}}"
                .formatted(says, says))
        .replace("\"current\": true", "\"current\": false");
  }

  private static String control(String rule, String decided, String state) {
    return """
        {"rule": "%s", "section": 3, "sectionTitle": {"en": "Inventory", "fr": "Inventaire"}, "title": {"en": "The title of %s", "fr": "Le titre"},
         "asks": {"en": "Asks.", "fr": "Demande."}, "decided": "%s", "state": %s, "since": "2026-01-01T00:00:00Z",
         "inScope": 3, "failing": 2, "excepted": 1, "current": true}"""
        .formatted(rule, rule, decided, state == null ? "null" : "\"" + state + "\"");
  }

  private static String whole(String figure, String days) {
    return "{\"kpi\": %s, \"query\": \"select 1 <> 2\", \"days\": %s}".formatted(figure, days);
  }

  private static final String DAYS =
      """
      [{"day": "2026-01-29", "value": 50, "objects": 2}, {"day": "2026-01-30", "value": null, "objects": 0},
       {"day": "2026-01-31", "value": 87.5, "objects": 3}]""";

  @Test
  void aDashboardShowsEachFigureWithItsUnitItsTargetAndWhatIsBehindIt() {
    String page = page("/dashboards/strategic");
    assertTrue(page.contains("<h1>Strategic dashboard</h1>"), page);
    assertTrue(
        page.contains("href=\"/dashboards/figures/rules-green\">About rules-green</a>"), page);
    assertTrue(page.contains("<strong>87.5%"), page);
    assertTrue(page.contains("stroke-dasharray=\"87.5 100\""), page);
    assertTrue(page.contains("href=\"/controls/R13.2\""), page);
    assertTrue(page.contains("Missed"), page);
    assertFalse(page.contains("Met<"), page);
    assertFalse(page.contains("style="), page);
    assertTrue(
        Services.asked().contains("audit/v1/kpis?level=STRATEGIC"), Services.asked()::toString);

    figures(TRAINED);
    String steering = page("/dashboards/steering");
    assertTrue(steering.contains("<h1>Steering dashboard</h1>"), steering);
    assertTrue(steering.contains(">Met<"), steering);
    assertFalse(steering.contains("Rules by section"), steering);

    figures(ALERTS);
    String french =
        browser().header("Accept-Language", "fr").get("/dashboards/operational").asString();
    assertTrue(french.contains("Tableau de bord opérationnel"), french);
    assertTrue(french.contains("Sur alerts-unacknowledged"), french);
    assertTrue(french.matches("(?s).*<strong>1\\h200\\s*</strong>.*"), french);
    assertTrue(french.contains("Aucun historique"), french);
    String swiss =
        browser().header("Accept-Language", "en-CH").get("/dashboards/operational").asString();
    assertTrue(swiss.contains("<strong>1’200"), swiss);
  }

  @Test
  void theStrategicDashboardHasABarForEachSectionWhoseNumbersStandBesideIt() {
    String page = page("/dashboards/strategic");
    assertTrue(page.contains("href=\"/controls#section-3\""), page);
    for (String piece :
        List.of(
            "class=\"fill-green\" x=\"0.0\" y=\"0\" width=\"25.0\"",
            "class=\"fill-amber\" x=\"25.0\" y=\"0\" width=\"25.0\"",
            "class=\"fill-red\" x=\"50.0\" y=\"0\" width=\"25.0\"",
            "class=\"fill-none\" x=\"75.0\" y=\"0\" width=\"25.0\"")) {
      assertTrue(page.contains(piece), piece + " in " + page);
    }
    assertTrue(page.contains("<td>1</td><td>1</td><td>1</td><td>1</td><td>0</td>"), page);
  }

  @Test
  void aFigureThatIsNotKnownOrNotUpToDateSaysSoAndIsNotZero() {
    figures(
        unknown(TRAINED, "Nobody is known to work here")
            .replace("\"unmeasured\": 0", "\"unmeasured\": 4"));
    String page = page("/dashboards/steering");
    assertTrue(page.contains("No figure"), page);
    assertTrue(page.contains("Nobody is known to work here."), page);
    assertTrue(page.contains("not up to date"), page);
    assertTrue(page.contains("Not measured, and not in it: 4"), page);
    assertFalse(page.contains("<strong>0"), page);
    assertFalse(page.contains("class=\"ring\""), page);
    assertFalse(page.contains("Missed"), page);
  }

  @Test
  void ofWhatIsNotUpToDateNothingIsClaimed() {
    String page = page("/dashboards/strategic");
    assertTrue(page.contains("Missed"), page);
    assertFalse(page.contains("not up to date"), page);

    figures(CLOCKS.replace("\"current\": true", "\"current\": false"));
    String stale = page("/dashboards/strategic");
    assertTrue(stale.contains("not up to date"), stale);
    assertTrue(stale.contains("Target:"), stale);
    assertFalse(stale.contains("Missed") || stale.contains("Met<"), stale);

    figures(GREEN);
    Services.say(
        "audit/v1/controls",
        200,
        "["
            + control("R3.1", "QUERY", "GREEN")
            + ","
            + control("R3.2", "QUERY", "GREEN").replace("\"current\": true", "\"current\": false")
            + ","
            + control("R4.1", "QUERY", null)
                .replace("\"section\": 3", "\"section\": 4")
                .replace("\"current\": true", "\"current\": false")
            + "]");
    String section = page("/dashboards/strategic");
    assertTrue(section.contains("3. Inventory</a> <small>not up to date</small>"), section);
    assertTrue(section.contains("4. Inventory</a></th>"), section);
  }

  @Test
  void theHistoryOfAFigureIsALineWithWordsForIt() {
    Services.say("audit/v1/kpis/rules-green", 200, whole(GREEN, DAYS));
    String part =
        browser()
            .header("HX-Request", "true")
            .get("/dashboards/figures/rules-green/days")
            .asString();
    assertTrue(part.contains("role=\"img\""), part);
    assertTrue(
        part.contains("aria-label=\"Jan 29, 2026: 50. Jan 31, 2026: 87.5. Between 50 and 87.5.\""),
        part);
    assertTrue(part.contains("d=\"M0.0 30.0l0 0M300.0 9.8l0 0\""), part);
    assertTrue(part.contains("+37.5 points"), part);
    assertTrue(part.contains("better"), part);

    String page = page("/dashboards/figures/rules-green");
    assertTrue(page.contains("<th scope=\"row\">Jan 29, 2026</th><td>50%"), page);
    assertTrue(page.contains("<th scope=\"row\">Jan 30, 2026</th><td>No figure</td>"), page);
    assertTrue(page.contains("select 1 &lt;&gt; 2"), page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{\"day\": \"2026-01-31\", \"value\": 87.5, \"objects\": 3}]"})
  void noTrendIsMadeUpWhereTooFewDaysAreKnown(String days) {
    Services.say("audit/v1/kpis/rules-green", 200, whole(GREEN, days));
    String part = page("/dashboards/figures/rules-green/days");
    assertTrue(part.contains("Too few days are known"), part);
    assertFalse(part.contains("<svg"), part);
  }

  @Test
  void noTrendIsClaimedOfAFigureThatHasNoneNow() {
    Services.say(
        "audit/v1/kpis/rules-green",
        200,
        whole(GREEN, DAYS.replace("\"value\": null", "\"value\": 60").replace("87.5", "null")));
    for (String path :
        List.of("/dashboards/figures/rules-green/days", "/dashboards/figures/rules-green")) {
      String page = page(path);
      assertTrue(
          page.contains("aria-label=\"Jan 29, 2026: 50. Jan 30, 2026: 60. Between 50 and 60.\""),
          page);
      assertFalse(page.contains("class=\"trend\"") || page.contains("better"), page);
    }
  }

  @Test
  void aHistoryThatCannotBeToldIsNotTakenForOneOfTooFewDays() {
    Services.say("audit/v1/kpis/rules-green", 200, whole(GREEN, "null"));
    for (String path :
        List.of("/dashboards/figures/rules-green/days", "/dashboards/figures/rules-green")) {
      String page = page(path);
      assertTrue(page.contains("This does not answer at the moment."), page);
      assertFalse(page.contains("Too few days") || page.contains("<svg class=\"line\""), page);
    }
    Services.say("audit/v1/kpis/log-lag", 200, whole(ALERTS, "null"));
    String none = page("/dashboards/figures/log-lag");
    assertTrue(none.contains("No history is kept"), none);
    assertFalse(none.contains("This does not answer"), none);
  }

  @Test
  void aFigureLeadsToTheObjectsAndTheEntriesBehindItPageByPage() {
    Services.say("audit/v1/kpis/rules-green", 200, whole(GREEN, DAYS));
    String behind =
        """
        {"items": [{"kind": "rule", "id": "R3.3", "amount": 0, "whole": 1, "entry": 1234},
          {"kind": "asset", "id": "%s", "amount": 1, "whole": 2, "entry": null},
          {"kind": "entry", "id": "77", "amount": null, "whole": null, "entry": 77}]}"""
            .formatted(ID);
    Services.sayWithMore("audit/v1/kpis/rules-green/objects", behind);

    String page = page("/dashboards/figures/rules-green?amount=0&after=R3.2");

    assertTrue(page.contains("href=\"/controls/R3.3\""), page);
    assertTrue(page.contains("href=\"/objects/asset/" + ID + "\""), page);
    assertTrue(page.contains("href=\"/trace/entries/77\""), page);
    assertTrue(page.contains("href=\"/trace/entries/1234\">1,234</a>"), page);
    assertTrue(page.contains("<td>1 / 2</td>"), page);
    assertTrue(page.contains("class=\"share\" x=\"0\" y=\"0\" width=\"50.0\""), page);
    assertTrue(page.contains("<td>not measured</td>"), page);
    String french =
        browser().header("Accept-Language", "fr").get("/dashboards/figures/rules-green").asString();
    for (String kind : List.of("Règle de la politique", "Bien", "Entrée du journal")) {
      assertTrue(french.contains("<td>" + kind + "</td>"), french);
    }
    assertTrue(page.contains("/dashboards/figures/rules-green?amount=0&amp;after=77"), page);
    assertTrue(page.contains("name=\"amount\" type=\"number\" step=\"1\" value=\"0\""), page);
    assertTrue(
        Services.asked().contains("audit/v1/kpis/rules-green/objects?amount=0&after=R3.2"),
        Services.asked()::toString);

    Services.say("audit/v1/kpis/rules-green/objects", 200, "{\"items\": []}");
    String last = page("/dashboards/figures/rules-green");
    assertTrue(last.contains("Nothing is behind it."), last);
    assertFalse(last.contains("after="), last);
  }

  @Test
  void aDashboardWithoutFiguresSaysSo() {
    figures();
    Services.say("audit/v1/controls", 200, "[]");
    assertTrue(page("/dashboards/strategic").contains("There are no figures here yet."));
  }

  @Test
  void whatDoesNotAnswerCostsItsPart() {
    Services.say("audit/v1/kpis", 503, "{}");
    String page = page("/dashboards/strategic");
    assertTrue(page.contains("This does not answer at the moment."), page);
    assertTrue(page.contains("class=\"fill-green\""), page);

    figures(GREEN);
    Services.say("audit/v1/controls", 500, "{}");
    String other = page("/dashboards/strategic");
    assertTrue(other.contains("About rules-green"), other);
    assertTrue(other.contains("This does not answer at the moment."), other);

    Services.say("audit/v1/kpis/rules-green", 200, whole(GREEN, DAYS));
    String figure = page("/dashboards/figures/rules-green");
    assertTrue(figure.contains("What is behind it does not answer"), figure);
    assertTrue(figure.contains("About rules-green"), figure);

    browser().get("/dashboards/figures/away").then().statusCode(503);
    Services.say("audit/v1/kpis/none", 404, "{}");
    browser().get("/dashboards/figures/none").then().statusCode(404);
    browser().get("/dashboards/tactical").then().statusCode(404);
  }

  @Test
  void aScriptGetsWhatChangesAloneAndTheHistoryThatIsThereIsKeptForAnHour() {
    long before = Instant.now().getEpochSecond() / 3600;
    String part = browser().header("HX-Request", "true").get("/dashboards/strategic").asString();
    assertTrue(part.contains("About rules-green"), part);
    assertFalse(part.contains("<title>") || part.contains("<nav"), part);
    // htmx keeps what has the same id
    long hour =
        Long.parseLong(
            part.replaceFirst(
                "(?s).*id=\"days-rules-green-([0-9]+)\" hx-preserve=\"true\".*", "$1"));
    assertTrue(hour == before || hour == before + 1, hour + " after " + before);
    String page = page("/dashboards/strategic");
    assertTrue(
        page.contains("hx-get=\"/dashboards/strategic\" hx-trigger=\"moved from:body\""), page);
    assertTrue(page.contains("/own/live.js?"), page);
    // And without one
    assertTrue(page.contains("<a href=\"/dashboards/strategic\">Reload</a>"), page);
  }

  @Test
  void aWallHasNothingToChooseIsDarkAndBeginsAnewByItself() {
    String wall =
        browser()
            .get("/dashboards/strategic?wall")
            .then()
            .statusCode(200)
            .header("Refresh", equalTo(null))
            .header("Cache-Control", "no-store")
            .extract()
            .asString();
    assertTrue(wall.contains("class=\"wall\" data-bs-theme=\"dark\""), wall);
    assertTrue(wall.contains("About rules-green"), wall);
    assertTrue(wall.contains("data-wall"), wall);
    assertTrue(
        wall.matches(
            "(?s).*<head>.*<noscript><meta http-equiv=\"refresh\" content=\"300\"></noscript>\\s*</head>.*"),
        wall);
    assertFalse(wall.contains("id=\"pause\""), wall);
    assertFalse(
        wall.contains("<nav") || wall.contains("<footer") || wall.contains("/logout"), wall);
    String dashboard = page("/dashboards/strategic");
    assertFalse(dashboard.contains("http-equiv=\"refresh\""), dashboard);
  }

  @Test
  void aDashboardCanBePausedAndKeepsThePlaceOfWhoReadsItByKeyboard() {
    String page = page("/dashboards/strategic");
    assertTrue(
        page.contains(
            "<button class=\"btn btn-sm script\" id=\"pause\" type=\"button\"><span class=\"live-pause\">Pause</span><span class=\"live-resume\">Follow again</span></button>"),
        page);
    assertTrue(page.contains("<span id=\"live\" role=\"status\">"), page);
    assertTrue(page.contains("<span class=\"live-paused\">Paused:"), page);
    String french =
        browser().header("Accept-Language", "fr").get("/dashboards/strategic").asString();
    assertTrue(french.contains(">Mettre en pause<") && french.contains(">En pause :"), french);
    // htmx gives the focus back to what has an id, and all that can have it comes anew
    String part = browser().header("HX-Request", "true").get("/dashboards/strategic").asString();
    assertTrue(
        part.contains("<a id=\"target-legal-clocks-overdue\" href=\"/controls/R13.2\""), part);
    assertTrue(part.contains("id=\"sections-table\" tabindex=\"0\""), part);
    String kept = part.replaceAll("(?s)<div id=\"days-[^>]*>.*?</div>", "");
    assertFalse(kept.matches("(?s).*<(a |[a-z]+ (?=[^>]*tabindex))(?![^>]*\\bid=).*"), kept);
  }

  @Test
  void onPaperADashboardIsFiguresAlone() {
    String page = page("/dashboards/strategic");
    for (String part :
        List.of("<header", "<footer", "<nav class=\"d-print-none\"", "<p class=\"d-print-none")) {
      int at = page.indexOf(part);
      assertTrue(at > 0, part);
      assertTrue(page.substring(at, page.indexOf('>', at)).contains("d-print-none"), part);
    }
    String address = page.replaceFirst("(?s).*href=\"(/own/dashboard.css[^\"]*)\".*", "$1");
    browser()
        .urlEncodingEnabled(false)
        .get(address)
        .then()
        .statusCode(200)
        .body(containsString("size: A4"))
        .body(containsString("@media print"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboards/strategic",
        "/dashboards/strategic?wall",
        "/dashboards/figures/rules-green",
        "/controls/statement",
        "/controls/R3.3/history"
      })
  void noPageHasAScriptOrAStyleOfItsOwn(String path) {
    Services.say("audit/v1/kpis/rules-green", 200, whole(GREEN, DAYS));
    policy("A reason");
    browser()
        .get(path)
        .then()
        .statusCode(200)
        .header(
            "Content-Security-Policy",
            allOf(startsWith("default-src 'none'"), not(containsString("unsafe"))))
        .body(not(containsString("style=")))
        .body(not(containsString("<style")))
        .body(not(containsString("<script>")));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void systemAdministratorsSeeOperationsAlone() {
    figures(ALERTS);
    browser()
        .get("/dashboards")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/dashboards/operational"));
    String page = page("/dashboards/operational");
    assertTrue(page.contains("href=\"/dashboards\""), page);
    assertFalse(page.contains("/dashboards/strategic") || page.contains("/controls"), page);
    for (String level : List.of("strategic", "steering")) {
      browser()
          .get("/dashboards/" + level)
          .then()
          .statusCode(403)
          .body(containsString("This page is not for you"));
    }
    assertFalse(
        Services.asked().toString().contains("STRATEGIC"),
        "a level of others is not even asked for");
    Services.say("audit/v1/kpis/rules-green", 403, "{}");
    browser().get("/dashboards/figures/rules-green").then().statusCode(403);

    Services.say("audit/v1/kpis/log-lag", 200, whole(ALERTS, "null"));
    Services.say(
        "audit/v1/kpis/log-lag/objects",
        200,
        """
        {"items": [{"kind": "entry", "id": "77", "amount": 3, "entry": 77, "event": null},
          {"kind": "entry", "id": "1278", "amount": 3, "entry": 1278, "event": "%s"}]}"""
            .formatted(ID));
    String figure = page("/dashboards/figures/log-lag");
    assertTrue(figure.contains("<td class=\"font-monospace\">77</td>"), figure);
    for (String words : List.of("1278", "1,278")) {
      String link = "<a href=\"/trace/receipts/" + ID + "\">" + words + "</a>";
      assertTrue(figure.contains(link), figure);
    }
    assertFalse(figure.contains("/trace/entries"), figure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboards",
        "/dashboards/strategic",
        "/dashboards/operational",
        "/dashboards/figures/rules-green",
        "/dashboards/figures/rules-green/days",
        "/dashboards/changes",
        "/controls/statement",
        "/controls/statement.csv",
        "/controls/statement.pdf",
        "/controls/report.pdf",
        "/controls/report.csv",
        "/controls/R3.3/history",
        OBJECT_HISTORY
      })
  @TestSecurity(user = "sacha", roles = "staff")
  void othersAreToldThatItIsNotForThem(String path) {
    browser().get(path).then().statusCode(403).body(containsString("This page is not for you"));
    browser().get("/tasks").then().body(not(containsString("href=\"/dashboards\"")));
  }

  private static void policy(String reason) {
    Services.say(
        "audit/v1/controls/R3.3",
        200,
        """
        {"control": %s, "provenBy": ["asset.registered.v1"], "query": "select 1",
         "whys": {"no-owner": {"en": "Nobody owns it", "fr": "Personne"}}, "notApplicable": {"en": "No asset", "fr": "Aucun"}}"""
            .formatted(control("R3.3", "QUERY", "RED")));
    Services.say(
        "audit/v1/controls/R3.3/objects",
        200,
        """
        {"items": [{"kind": "asset", "id": "%s", "holds": false, "why": "no-owner", "since": "2026-01-01T00:00:00Z", "entry": 42,
          "exception": {"id": "%s", "reason": "%s", "decidedBy": "the-ciso", "endsAt": "2026-06-01T00:00:00Z"}}]}"""
            .formatted(ID, ID, reason));
    Services.say(
        "audit/v1/control-exceptions",
        200,
        """
        {"items": [{"id": "%s", "rule": "R3.3", "object": "asset/%s", "reason": "%s", "requestedBy": "somebody",
          "decidedBy": "the-ciso", "endsAt": "2026-06-01T00:00:00Z", "stage": "APPROVED", "version": 1}]}"""
            .formatted(ID, ID, reason));
    Services.say(
        "audit/v1/controls/R3.3/history",
        200,
        """
        {"items": [{"number": 1, "state": "GREEN", "at": "2026-01-01T00:00:00Z", "cause": "QUERY", "inScope": 3, "failing": 0, "excepted": 0},
          {"number": 2, "state": "RED", "at": "2026-01-02T00:00:00Z", "cause": "EVENT", "entry": 42, "inScope": 3, "failing": 2, "excepted": 0},
          {"number": 3, "state": "AMBER", "at": "2026-01-03T00:00:00Z", "cause": "TIME", "inScope": 3, "failing": 1, "excepted": 1}]}""");
    Services.say(
        "audit/v1/controls/statement-of-applicability",
        200,
        """
        {"at": "2026-01-31T16:05:00Z", "signed": {"size": 4712, "root": "9f86d081", "note": "x"}, "controls": [
          {"id": "A.5.9", "applicable": true, "rules": [%s]},
          {"id": "A.5.10", "title": {"en": "%s", "fr": "x"}, "applicable": true, "justification": {"en": "%s", "fr": "y"}, "rules": []},
          {"id": "A.7.13", "title": {"en": "Cables", "fr": "x"}, "applicable": false, "justification": {"en": "We have none", "fr": "y"}, "rules": []}]}"""
            .formatted(
                control("R3.3", "QUERY", "RED")
                    .replaceFirst(
                        "^\\s*\\{",
                        "{\"evidence\": {\"count\": 7, \"last\": {\"index\": 4711, \"leafHash\": \"bGVhZg==\"}},"
                            + " \"turn\": {\"index\": 4242, \"leafHash\": \"dHVybg==\"}, "),
                reason,
                reason));
  }

  @Test
  void aRuleShowsItsExceptionsWithWhoApprovedThemAndTheirEnd() {
    policy("It is replaced in May");
    String page = page("/controls/R3.3");
    assertTrue(page.contains("Exceptions in force"), page);
    assertTrue(page.contains("It is replaced in May"), page);
    assertTrue(page.contains("the-ciso"), page);
    assertTrue(page.contains("until Jun 1, 2026"), page);
    assertTrue(page.contains("href=\"/objects/asset/" + ID + "\""), page);
    assertTrue(page.contains("href=\"/trace/entries/42\""), page);
    assertTrue(page.contains("href=\"/trace?type=asset.registered.v1\""), page);
    assertTrue(page.contains("<td>Asset</td>"), page);
    assertTrue(
        Services.asked().contains("audit/v1/control-exceptions?rule=R3.3&inForce=true"),
        Services.asked()::toString);

    assertFalse(page.contains("50 of them"), page);

    Services.sayWithMore(
        "audit/v1/control-exceptions",
        "{\"items\": [{\"id\": \"%s\", \"reason\": \"One of many\", \"requestedBy\": \"somebody\", \"endsAt\": \"2026-06-01T00:00:00Z\"}]}"
            .formatted(ID));
    String more = page("/controls/R3.3?afterException=" + OTHER);
    assertTrue(more.contains("50 of them are shown here"), more);
    assertTrue(
        more.contains("href=\"/controls/R3.3?afterException=" + ID + "#exceptions\">More</a>"),
        more);
    assertTrue(
        Services.asked()
            .contains("audit/v1/control-exceptions?rule=R3.3&inForce=true&after=" + OTHER),
        Services.asked()::toString);

    Services.say("audit/v1/control-exceptions", 200, "{\"items\": []}");
    assertTrue(page("/controls/R3.3").contains("None is in force."));
    Services.say("audit/v1/control-exceptions", 503, "{}");
    String away = page("/controls/R3.3");
    assertTrue(away.contains("Exceptions do not answer"), away);
    assertTrue(away.contains("Nobody owns it"), away);
  }

  @Test
  void ofARuleThatPeopleAttestItIsSaidWhoDidUntilWhenOrThatNobodyHas() {
    String attested =
        "\"attested\": {\"id\": \"%1$s\", \"by\": \"%1$s\", \"at\": \"2026-01-02T10:00:00Z\", \"until\": \"2027-01-02T10:00:00Z\"}"
            .formatted(ID);
    String nobody = control("R10.4", "ATTESTATION", null);
    for (String control :
        List.of(nobody, nobody.replace("\"current\": true", "\"current\": true, " + attested))) {
      Services.say("audit/v1/controls", 200, "[" + control + "]");
      Services.say(
          "audit/v1/controls/R10.4",
          200,
          "{\"control\": %s, \"provenBy\": [], \"attestation\": {\"by\": \"ciso\", \"interval\": \"P1Y\"}}"
              .formatted(control));
      Services.say(
          "access/v1/people",
          200,
          "{\"items\": [{\"id\": \"%s\", \"subject\": \"%s\", \"givenName\": \"Charlie\", \"familyName\": \"Petit\"}]}"
              .formatted(OTHER, ID));
      boolean isAttested = control.contains("attested\": {");
      for (String path : List.of("/controls", "/controls/R10.4")) {
        String page = page(path);
        assertEquals(isAttested, page.contains("Attested until Jan 2, 2027"), page);
        assertEquals(!isAttested, page.contains("Not attested"), page);
      }
      String rule = page("/controls/R10.4");
      assertEquals(isAttested, rule.contains("Attested on Jan 2, 2026"), rule);
      assertEquals(isAttested, rule.contains(">Charlie Petit</a>"), rule);
      assertEquals(!isAttested, rule.contains("Nobody attests it at present."), rule);
      assertTrue(rule.contains("so people say so: the CISO."), rule);
    }
  }

  private static final String ALL_KEEP_IT = "Every object in scope keeps this rule.";

  private static String failing(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            number ->
                "{\"kind\": \"asset\", \"id\": \"0199a000-0000-7000-8000-%012d\", \"why\": \"no-owner\", \"since\": \"2026-01-01T00:00:00Z\"}"
                    .formatted(number))
        .collect(Collectors.joining(",", "{\"items\": [", "]}"));
  }

  @Test
  void theObjectsThatFailGoOnWhereThereAreMoreAndItIsNeverSaidOfSomeThatAllKeepTheRule() {
    policy("A reason");
    Services.sayWithMore("audit/v1/controls/R3.3/objects", failing(50));
    assertTrue(
        page("/controls/R3.3")
            .contains(
                "href=\"/controls/R3.3?after=0199a000-0000-7000-8000-000000000049\">More</a>"));

    // Of exactly a page, there are no more
    Services.say("audit/v1/controls/R3.3/objects", 200, failing(50));
    assertFalse(page("/controls/R3.3").contains("?after="));
    Services.say("audit/v1/controls/R3.3/objects", 200, failing(0));
    String behind = page("/controls/R3.3?after=" + ID);
    assertTrue(behind.contains("There is no other that you may see."), behind);
    assertFalse(behind.contains(ALL_KEEP_IT), behind);
  }

  @Test
  void nothingIsSaidOfTheObjectsOfARuleThatIsNotJudgedYet() {
    policy("A reason");
    Services.say(
        "audit/v1/controls/R3.3",
        200,
        "{\"control\": %s, \"provenBy\": [], \"query\": \"select 1\", \"whys\": {}, \"notApplicable\": {\"en\": \"a\", \"fr\": \"b\"}}"
            .formatted(
                control("R3.3", "QUERY", null)
                    .replace("\"inScope\": 3, \"failing\": 2, \"excepted\": 1,", "")));
    Services.say("audit/v1/controls/R3.3/objects", 200, failing(0));
    String page = page("/controls/R3.3");
    assertTrue(page.contains("It was not judged yet"), page);
    assertFalse(page.contains(ALL_KEEP_IT), page);
  }

  @Test
  @TestSecurity(user = "odile", roles = "third-party-auditor")
  void whoSeesNoneOfTheObjectsThatFailIsNotToldThatAllKeepTheRule() {
    policy("A reason");
    Services.say("audit/v1/controls/R3.3/objects", 200, failing(0));
    String page = page("/controls/R3.3");
    assertTrue(page.contains("but none that you may see"), page);
    assertFalse(page.contains(ALL_KEEP_IT), page);
  }

  @Test
  void aRuleSaysSinceWhenItsQueryCannotBeAsked() {
    policy("A reason");
    Services.say(
        "audit/v1/controls/R3.3",
        200,
        "{\"control\": %s, \"provenBy\": [], \"query\": \"select 1\", \"whys\": {}, \"notApplicable\": {\"en\": \"a\", \"fr\": \"b\"}}"
            .formatted(
                control("R3.3", "QUERY", "RED")
                    .replace(
                        "\"current\": true",
                        "\"current\": false, \"failure\": {\"why\": \"secret\", \"since\": \"2026-01-05T11:00:00Z\"}")));
    browser()
        .get("/controls/R3.3")
        .then()
        .body(containsString("Its query cannot be asked since Jan 5, 2026"));
  }

  @Test
  void theHistoryOfARuleSaysWhenItTurnedAndWhy() {
    policy("A reason");
    String page = page("/controls/R3.3/history?after=7");
    assertTrue(page.contains("another query, or a log read anew"), page);
    assertTrue(
        page.contains("href=\"/trace/entries/42\">what happened: entry 42 of the log</a>"), page);
    assertTrue(page.contains("time that passed"), page);
    assertTrue(page.indexOf("Kept") < page.indexOf("Excepted"), page);
    assertFalse(page.contains("after="), page);
    assertTrue(
        Services.asked().contains("audit/v1/controls/R3.3/history?after=7"),
        Services.asked()::toString);

    Services.sayWithMore(
        "audit/v1/controls/R3.3/history",
        """
        {"items": [{"number": 50, "state": null, "at": "2026-01-01T00:00:00Z", "cause": "QUERY", "inScope": 3, "failing": 0, "excepted": 0}]}""");
    assertTrue(page("/controls/R3.3/history").contains("/controls/R3.3/history?after=50"));
    Services.say("audit/v1/controls/R3.3/history", 200, "{\"items\": []}");
    assertTrue(page("/controls/R3.3/history").contains("It never turned."));
  }

  @Test
  void theHistoryOfAnObjectUnderARuleSaysWhenItTurnedWhyAndWhoOwnedItThen() {
    policy("A reason");
    assertTrue(page("/controls/R3.3").contains("href=\"" + OBJECT_HISTORY + "\">and before</a>"));
    Services.say(
        "access/v1/people",
        200,
        "{\"items\": [{\"id\": \"%s\", \"givenName\": \"Charlie\", \"familyName\": \"Petit\"}]}"
            .formatted(OTHER));
    String turns =
        """
        {"items": [{"number": 1, "kind": "asset", "holds": true, "why": "owned", "owner": "%1$s", "at": "2026-01-01T00:00:00Z", "cause": "QUERY"},
          {"number": 2, "kind": "asset", "holds": false, "why": "no-owner", "at": "2026-01-02T00:00:00Z", "cause": "EVENT", "entry": 42},
          {"number": 3, "kind": "asset", "holds": false, "why": "<script>alert(1)</script>", "exception": "%1$s", "at": "2026-01-03T00:00:00Z", "cause": "TIME"},
          {"number": 4, "kind": "asset", "owner": "<img src=x>", "at": "2026-01-04T00:00:00Z", "cause": "EVENT", "entry": 44}]}"""
            .formatted(OTHER);
    Services.say("audit/v1" + OBJECT_HISTORY, 200, turns);

    String page = page(OBJECT_HISTORY + "?after=7");

    assertTrue(page.contains("href=\"/objects/asset/" + ID + "\""), page);
    for (List<String> inOrder :
        List.of(
            List.of(">Kept<", ">Not kept<", ">Excepted<", ">Not applicable<"),
            List.of(">Charlie Petit</a>", ">nobody by name<", "&lt;img src=x&gt;"),
            List.of("another query", "href=\"/trace/entries/42\"", "time that passed"))) {
      for (int i = 1; i < inOrder.size(); i++) {
        String before = inOrder.get(i - 1);
        assertTrue(page.contains(before), page);
        assertTrue(page.indexOf(before) < page.indexOf(inOrder.get(i)), page);
      }
    }
    assertTrue(page.contains("<td>Nobody owns it</td>"), page);
    assertTrue(page.contains("&lt;script&gt;"), page);
    assertFalse(page.contains("<script>alert") || page.contains("<img src=x"), page);
    assertFalse(page.contains("after="), page);
    assertTrue(
        Services.asked().contains("audit/v1" + OBJECT_HISTORY + "?after=7"),
        Services.asked()::toString);

    Services.sayWithMore("audit/v1" + OBJECT_HISTORY, turns);
    assertTrue(page(OBJECT_HISTORY).contains(OBJECT_HISTORY + "?after=4"));
    Services.say("audit/v1" + OBJECT_HISTORY, 200, "{\"items\": []}");
    assertTrue(page(OBJECT_HISTORY).contains("It never turned under this rule"));
  }

  @Test
  void theStatementOfApplicabilityHasAllOfAnnexAAndATable() {
    policy("Nobody has decided yet");
    String page = page("/controls/statement");
    assertTrue(page.contains("href=\"/controls/R3.3\""), page);
    assertTrue(page.contains("Nobody has decided yet"), page);
    assertTrue(page.contains("No rule serves it"), page);
    assertTrue(page.contains("We have none"), page);
    assertTrue(page.indexOf("A.5.9") < page.indexOf("A.5.10"), page);
    assertTrue(page("/controls").contains("href=\"/controls/statement\""));
    for (String proof :
        List.of(
            "Proven by the log of 4,712 entries",
            "9f86d081",
            "Evidence: 7",
            "href=\"/trace/entries/4711\"",
            "bGVhZg==",
            "href=\"/trace/entries/4242\"",
            "href=\"/controls/statement.pdf\"")) {
      assertTrue(page.contains(proof), proof);
    }
    Services.say("audit/v1/controls/statement-of-applicability/pdf", 503, "{}");
    browser().get("/controls/statement.pdf").then().statusCode(503);

    Services.say(
        "audit/v1/controls/statement-of-applicability/csv",
        200,
        "control,applicable\r\nA.5.9,true\r\n");
    browser()
        .get("/controls/statement.csv")
        .then()
        .statusCode(200)
        .contentType("text/csv")
        .header("Content-Disposition", containsString("attachment"))
        .body(equalTo("control,applicable\r\nA.5.9,true\r\n"));
    Services.say("audit/v1/controls/statement-of-applicability", 503, "{}");
    browser()
        .get("/controls/statement")
        .then()
        .statusCode(503)
        .body(containsString("A part is away"));
    Services.say("audit/v1/controls/statement-of-applicability/csv", 503, "{}");
    browser().get("/controls/statement.csv").then().statusCode(503);
  }

  @ParameterizedTest
  @CsvSource({"PDF,application/pdf,pdf", "CSV,text/csv,csv"})
  void theReportOnThePolicyIsTakenFromItsPageInTheLanguageOfThePage(
      String format, String type, String ending) {
    String address = "/controls/report." + ending;
    assertTrue(page("/controls").contains("href=\"" + address + "\""));
    Services.say(
        "audit/v1/controls/report",
        exchange -> {
          String asked =
              exchange.getRequestURI().getQuery()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Accept-Language");
          exchange.getResponseHeaders().add("Content-Type", type);
          exchange.sendResponseHeaders(200, asked.length());
          exchange.getResponseBody().write(asked.getBytes(UTF_8));
        });
    String file =
        browser()
            .header("Accept-Language", "fr-CA,en;q=0.5")
            .get(address)
            .then()
            .statusCode(200)
            .contentType(startsWith(type))
            .header("Content-Disposition", "attachment; filename=\"policy." + ending + "\"")
            .extract()
            .asString();
    assertEquals("format=" + format + " fr", file);

    Services.reset();
    Services.say("audit/v1/controls/report", 503, "{}");
    browser().get(address).then().statusCode(503).body(containsString("A part is away"));
  }

  @ParameterizedTest
  @CsvSource({
    "/dashboards/steering",
    "/dashboards/steering?wall",
    "/dashboards/figures/hostile",
    "/controls/R3.3",
    "/controls/statement"
  })
  void hostileTextIsShownInert(String path) {
    String hostile =
        unknown(TRAINED, HOSTILE)
            .replace("About people-trained", HOSTILE)
            .replace("What it counts.", HOSTILE);
    figures(hostile);
    policy(HOSTILE);
    Services.say("audit/v1/kpis/hostile", 200, whole(hostile, "null"));
    Services.say(
        "audit/v1/kpis/hostile/objects",
        200,
        "{\"items\": [{\"kind\": \"%s\", \"id\": \"%s\", \"amount\": 1}]}"
            .formatted(HOSTILE, HOSTILE));
    String page = page(path);
    assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
    assertTrue(page.contains("{inject:viewer.name}{#include base/}"), page);
    assertFalse(page.contains("<script>alert"), page);
    assertFalse(page.contains("<img src=x"), page);
    assertFalse(page.contains("href=\"javascript"), page);
  }

  @Test
  void theFirstDashboardIsTheStrategicOne() {
    String location =
        browser().get("/dashboards").then().statusCode(303).extract().header("Location");
    assertEquals("/dashboards/strategic", location.replaceFirst("https?://[^/]*", ""));
  }
}
