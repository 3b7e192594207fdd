package io.vigie.console.register;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.path.xml.XmlPath;
import io.restassured.path.xml.XmlPath.CompatibilityMode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.console.Database;
import io.vigie.console.Services;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Registers, objects and actions, with services that answer as the contracts' examples do. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(user = "sacha", roles = "staff")
class RegisterPagesTest {

  private record Request(
      String method,
      String path,
      String query,
      String version,
      String key,
      String authorization,
      JsonNode body) {}

  private record Answer(int status, Map<String, String> headers, String type, String body) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ZoneId ZONE = ZoneId.of("Europe/Paris"); // vigie.console.zone

  private static final String HOSTILE =
      "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{inject:viewer.name}{#include base/}javascript:alert(1)";

  private static final String ASSET = "01937f1c-6b1e-7a44-9d1c-2f6d5a0c8e11";
  private static final String ADA = "01937f0a-2c55-7b02-8f3e-6a1b9c7d4e22";
  private static final String RIGHT = "01937f2e-11d0-7c1f-a5b4-0d9e8f7a6b33";
  private static final String CAMPAIGN = "01938010-4a5b-7c6d-8e7f-9a0b1c2d3e01";
  private static final String ITEM = "01938010-4a5b-7c6d-8e7f-9a0b1c2d3e02";
  private static final String DIGEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  private static final String RECEIPT = "0199a000-0000-7000-8000-000000000002";
  private static final String NOTHING = "{\"items\": []}";
  private static final String MEASURES = "backup/v1/restore-duties/" + ASSET + "/measures";

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  @BeforeEach
  void servicesThatListNothing() {
    Services.reset();
    Services.answerWith(this::answer);
    for (String list :
        List.of(
            "asset/v1/assets",
            "asset/v1/vulnerabilities",
            "asset/v1/components",
            "asset/v1/disposals",
            "asset/v1/posture-exemptions",
            "access/v1/people",
            "access/v1/rights",
            "access/v1/campaigns",
            "incident/v1/security-events",
            "incident/v1/incidents",
            "incident/v1/alerts",
            "incident/v1/scan-findings",
            "backup/v1/plans",
            MEASURES)) {
      say("GET", list, 200, NOTHING);
    }
    say("GET", "access/v1/people/me", 200, person().toString());
  }

  @AfterEach
  void otherTestsTellTheirOwnServices() {
    Services.reset();
  }

  /** To a path with a query first, then to the path whatever the query. */
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    String query = exchange.getRequestURI().getQuery();
    byte[] sent = exchange.getRequestBody().readAllBytes();
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            path,
            query,
            exchange.getRequestHeaders().getFirst("If-Match"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            sent.length == 0 ? null : JSON.readTree(sent)));
    String wanted = exchange.getRequestMethod() + " " + path;
    Answer answer =
        answers.getOrDefault(
            wanted + "?" + query,
            answers.getOrDefault(wanted, new Answer(503, Map.of(), "application/json", "{}")));
    exchange.getResponseHeaders().add("Content-Type", answer.type());
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private void say(String method, String path, int status, String body, String... headers) {
    Map<String, String> all = new ConcurrentHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    String type = status >= 400 ? "application/problem+json" : "application/json";
    answers.put(method + " " + path, new Answer(status, all, type, body));
  }

  private void list(String path, JsonNode... items) {
    ArrayNode all = JSON.createArrayNode();
    all.addAll(List.of(items));
    say("GET", path, 200, JSON.createObjectNode().set("items", all).toString());
  }

  private List<Request> sent() {
    return requests.stream().filter(each -> !each.method().equals("GET")).toList();
  }

  private static ObjectNode example(String service, String name) {
    try {
      return (ObjectNode)
          JSON.readTree(Path.of("..", "contracts", "examples", service + "-service.json").toFile())
              .path(name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode person() {
    return example("access", "Person").put("state", "ACTIVE");
  }

  private static ObjectNode asset(String state) {
    return example("asset", "Asset").put("state", state).without(List.of("handoverTo"));
  }

  private void show(String path, ObjectNode object) {
    say("GET", path, 200, object.toString(), "ETag", "\"5\"");
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  private static String page(String path) {
    Response answer = browser().get(path);
    assertEquals(200, answer.statusCode(), answer::asString);
    return answer.asString();
  }

  /** A form of a page, as it came with its cookie. */
  private record Form(String token, XmlPath page, String to) {

    static Form on(String path, String to) {
      Response answer = browser().get(path);
      assertEquals(200, answer.statusCode(), answer::asString);
      XmlPath page = new XmlPath(CompatibilityMode.HTML, answer.asString());
      return new Form(answer.getCookie("csrf-token"), page, to);
    }

    String hidden(String name) {
      return page.getString(
          "**.find { it.name() == 'form' && it.@action == '"
              + to
              + "' }.'**'.find { it.@name == '"
              + name
              + "' }.@value");
    }

    /** A review has a version for each item instead, and what is confirmed has none. */
    RequestSpecification filled() {
      RequestSpecification sent =
          browser()
              .cookie("csrf-token", token)
              .formParam("csrf-token", token)
              .formParam("key", hidden("key"));
      return to.endsWith("/review") || to.endsWith("/confirmations")
          ? sent
          : sent.formParam("version", hidden("version"));
    }
  }

  @Test
  void aRegisterHasWhatItsServiceListsWithNamesAndWaysToItsPages() {
    list("asset/v1/assets", asset("IN_SERVICE"));
    list("access/v1/people", person());

    String page = page("/assets?state=IN_SERVICE&name=web");

    assertTrue(page.contains("<a href=\"/assets/" + ASSET + "\">web-1</a>"), page);
    assertTrue(page.contains("<a href=\"/people/" + ADA + "\">Ada Lovelace</a>"), page);
    assertTrue(page.contains(">In service<"), page);
    Request asked =
        requests.stream().filter(each -> each.path().equals("asset/v1/assets")).findFirst().get();
    assertEquals("name=web&state=IN_SERVICE", asked.query());
    assertEquals("Bearer the-access-token", asked.authorization());
    // And what was asked is still in the form
    assertTrue(page.contains("<details class=\"card mb-3\" open>"), page);
    assertTrue(page.contains("value=\"web\""), page);
    assertTrue(page.contains("<option value=\"IN_SERVICE\" selected>"), page);
  }

  @Test
  void aListIsSortedByTheHeadsOfItsColumnsThatTheServiceSortsBy() {
    list("asset/v1/assets", asset("IN_SERVICE"));

    String page = page("/assets?state=IN_SERVICE");
    assertTrue(
        page.contains("<th scope=\"col\"><a href=\"/assets?state=IN_SERVICE&amp;sort=kind\">"),
        page);
    assertTrue(page.contains("<th scope=\"col\">Owner</th>"), page);
    assertFalse(page.contains("aria-sort"), page);

    // And by the same once more from the last to the first
    page = page("/assets?sort=kind");
    assertTrue(
        page.contains("<th scope=\"col\" aria-sort=\"ascending\"><a href=\"/assets?sort=-kind\">"),
        page);
    page = page("/assets?sort=-kind&state=IN_SERVICE");
    assertTrue(
        page.contains(
            "<th scope=\"col\" aria-sort=\"descending\"><a href=\"/assets?state=IN_SERVICE&amp;sort=kind\">"),
        page);
    assertTrue(page.contains("<option value=\"-kind\" selected>Kind, from the last<"), page);
    Request asked =
        requests.stream()
            .filter(each -> each.path().equals("asset/v1/assets"))
            .reduce((before, last) -> last)
            .get();
    assertEquals("state=IN_SERVICE&sort=-kind", asked.query());
  }

  @Test
  void titlesAreSortedInTheLanguageThatTheyAreShownIn() {
    list("asset/v1/documents", example("asset", "Document"));
    assertTrue(page("/documents").contains("<a href=\"/documents?sort=sheet.titleEn\">"));
    browser()
        .header("Accept-Language", "fr")
        .get("/documents")
        .then()
        .statusCode(200)
        .body(containsString("<a href=\"/documents?sort=sheet.titleFr\">"));
  }

  @Test
  void aPageLeadsToTheNextOneAndTheFirstOneWithItsFilters() {
    say(
        "GET",
        "asset/v1/assets",
        200,
        "{\"items\": [" + asset("IN_SERVICE") + "]}",
        "Link",
        "<http://127.0.0.1:8081/v1/assets?state=IN_SERVICE&after=" + ASSET + ">; rel=\"next\"");
    String page = page("/assets?state=IN_SERVICE");
    assertTrue(
        page.contains("href=\"/assets?state=IN_SERVICE&amp;after=" + ASSET + "\" rel=\"next\""),
        page);
    assertFalse(page.contains("First page"), page);

    list("asset/v1/assets?state=IN_SERVICE&after=" + ASSET);
    page = page("/assets?state=IN_SERVICE&after=" + ASSET);
    assertTrue(page.contains("Nothing is like that"), page);
    assertTrue(page.contains("<a href=\"/assets?state=IN_SERVICE\">First page"), page);
    assertFalse(page.contains("Next page"), page);
  }

  @Test
  void somebodyIsAskedForByTheirNameOrIsWhoeverAsks() {
    list("access/v1/people?name=Ada", person());
    page("/assets?owner=Ada");
    assertTrue(asked("asset/v1/assets", "owner=" + ADA), requests::toString);

    requests.clear();
    page("/assets?owner=me");
    assertTrue(asked("asset/v1/assets", "owner=" + ADA), requests::toString);

    ObjectNode other = person().put("id", ITEM).put("givenName", "Adam");
    list("access/v1/people?name=Ada", person(), other);
    requests.clear();
    String page = browser().get("/assets?owner=Ada").then().statusCode(400).extract().asString();
    assertTrue(page.contains("Several people have this name"), page);
    assertTrue(page.contains("<option value=\"" + ITEM + "\">Adam Lovelace</option>"), page);
    assertFalse(asked("asset/v1/assets", null), requests::toString);

    browser()
        .get("/assets?owner=Nobody")
        .then()
        .statusCode(400)
        .body(containsString("Nobody who works here has this name"));
  }

  @Test
  void aBookmarkSaysHowFarADayIsAndTheFormWhichOneThatIsToday() {
    LocalDate today = LocalDate.now(ZONE);

    String page = page("/assets?warrantyEndsBefore=P90D");
    assertTrue(asked("asset/v1/assets", "warrantyEndsBefore=" + today.plusDays(90)));
    assertTrue(
        page.contains("value=\"" + today.plusDays(90) + "\" autocomplete=\"off\" type=\"date\""),
        page);
    assertTrue(
        page.contains(
            "<a href=\"/assets?warrantyEndsBefore=P90D&amp;state=IN_SERVICE\">Warranty over within 90 days</a>"),
        page);

    page("/assets?notSeenSince=P-30D");
    assertTrue(
        asked(
            "asset/v1/assets",
            "notSeenSince=" + today.minusDays(30).atStartOfDay(ZONE).toInstant()),
        requests::toString);

    page("/assets?endsBefore=2027-01-31");
    assertTrue(asked("asset/v1/assets", "endsBefore=2027-01-31"), requests::toString);

    browser()
        .get("/assets?endsBefore=soon")
        .then()
        .statusCode(400)
        .body(containsString("This is no day."));
  }

  @Test
  void anAssetIsAskedForByItsName() {
    list("asset/v1/assets?name=web", asset("IN_SERVICE"));
    page("/backup-plans?asset=web");
    assertTrue(asked("backup/v1/plans", "asset=" + ASSET), requests::toString);

    list(
        "asset/v1/assets?name=web",
        asset("IN_SERVICE"),
        asset("IN_SERVICE").put("id", ITEM).put("name", "web-2"));
    browser()
        .get("/backup-plans?asset=web")
        .then()
        .statusCode(400)
        .body(containsString("Several assets have this name"))
        .body(containsString("<option value=\"" + ITEM + "\">web-2</option>"));
    browser()
        .get("/backup-plans?asset=none")
        .then()
        .statusCode(400)
        .body(containsString("No asset has this name"));
  }

  private boolean asked(String path, String query) {
    return requests.stream()
        .anyMatch(
            each -> each.path().equals(path) && (query == null || query.equals(each.query())));
  }

  @Test
  void whatAServiceDoesNotTakeItSaysAndWhereItIsAwayThePageSaysSo() {
    say(
        "GET",
        "asset/v1/assets",
        400,
        """
        {"type": "urn:vigie:problem:validation", "title": "The request is not valid.", "status": 400,
         "errors": [{"field": "name", "message": "size must be between 3 and 200"}]}""");
    browser()
        .get("/assets?name=we")
        .then()
        .statusCode(400)
        .body(containsString("size must be between 3 and 200"))
        .body(containsString("value=\"we\""));

    say("GET", "asset/v1/assets", 503, "{}");
    browser()
        .get("/assets?name=web")
        .then()
        .statusCode(503)
        .body(containsString("This part does not answer"))
        .body(containsString("value=\"web\""));
  }

  @Test
  void nobodySeesARegisterThatIsNotForThem() {
    String registers = page("/registers");
    assertTrue(registers.contains("href=\"/assets\""), registers);
    assertFalse(registers.contains("href=\"/suppliers\""), registers);
    for (String path :
        List.of("/suppliers", "/incidents/" + ASSET, "/alerts", "/backup-runs?asset=" + ASSET)) {
      browser().get(path).then().statusCode(403).body(containsString("This page is not for you"));
    }
    assertEquals(List.of(), requests);
  }

  @Test
  void anObjectHasItsFieldsItsListsAndSaysWhichPartIsAway() {
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    list("access/v1/people", person());
    list("access/v1/rights", example("access", "Right").put("state", "APPROVED"));
    say("GET", "backup/v1/plans", 503, "{}");

    String page = page("/assets/" + ASSET);

    assertTrue(page.contains("<h1 class=\"text-break\">web-1</h1>"), page);
    assertTrue(page.contains("<a href=\"/people/" + ADA + "\">Ada Lovelace</a>"), page);
    assertTrue(page.contains("<a href=\"/rights/" + RIGHT + "\">read</a>"), page);
    assertTrue(page.contains("Its levels · Confidentiality"), page);
    assertTrue(page.contains("This part does not answer"), page);
    assertTrue(page.contains("href=\"/assets/" + ASSET + "/dependencies\""), page);
    // What is not for staff is neither shown nor asked for
    assertFalse(page.contains("Open vulnerabilities"), page);
    assertFalse(asked("asset/v1/vulnerabilities", null), requests::toString);
    assertFalse(page.contains("/objects/asset/"), page);
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void anObjectsPageLeadsWhoReadsTimelinesToItsOwn() {
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));

    String page = page("/assets/" + ASSET);

    assertTrue(page.contains("href=\"/objects/asset/" + ASSET + "\""), page);
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void nobodyIsLedToATimelineThatTheLogDoesNotShowThem() {
    ObjectNode incident = example("incident", "Incident");
    ObjectNode alert = example("incident", "Alert");
    String incidents = "/incidents/" + incident.path("id").asText();
    String alerts = "/alerts/" + alert.path("id").asText();
    show("incident/v1" + incidents, incident);
    show("incident/v1" + alerts, alert);
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));

    for (String page : List.of(page(incidents), page("/assets/" + ASSET))) {
      assertFalse(page.contains("href=\"/objects/"), page);
    }
    String page = page(alerts);
    String timeline = "/objects/monitoring-alert/" + alert.path("id").asText();
    assertTrue(page.contains("href=\"" + timeline + "\""), page);
  }

  @Test
  void anObjectThatIsNotThereOrIsNotTheirsHasThePageThatSaysSo() {
    say("GET", "asset/v1/assets/" + ASSET, 404, "{}");
    browser().get("/assets/" + ASSET).then().statusCode(404).body(containsString("no such page"));
    say("GET", "access/v1/rights/" + RIGHT, 403, "{}");
    browser().get("/rights/" + RIGHT).then().statusCode(403).body(containsString("not for you"));
    browser().get("/backup-plans/" + ASSET).then().statusCode(503);
    browser().get("/components/" + ASSET).then().statusCode(403);
    browser().get("/assets/none").then().statusCode(404);
  }

  private List<String> offered(String path) {
    XmlPath page = new XmlPath(CompatibilityMode.HTML, page(path));
    List<String> to =
        page.getList("**.findAll { it.name() == 'form' && it.@method == 'post' }.@action");
    return to.stream()
        .filter(each -> each.startsWith(path + "/"))
        .map(each -> each.substring(path.length() + 1))
        .toList();
  }

  @Test
  @TestSecurity(
      user = "sacha",
      roles = {"staff", "asset-manager"})
  void whatIsOfferedIsWhatItsStateAllows() {
    String path = "/assets/" + ASSET;
    show("asset" + "/v1/assets/" + ASSET, asset("IN_STOCK"));
    assertEquals(
        List.of(
            "assign-owner",
            "classify",
            "commission",
            "hand-over",
            "repair",
            "lose",
            "retire",
            "place",
            "move",
            "give-to-client",
            "take-from-client",
            "say-needs",
            "return"),
        offered(path));
    show("asset/v1/assets/" + ASSET, asset("IN_STOCK").without("owner"));
    assertFalse(offered(path).contains("commission"));
    show("asset/v1/assets/" + ASSET, asset("LOST"));
    assertEquals(List.of("assign-owner", "recover"), offered(path));
    show("asset/v1/assets/" + ASSET, asset("DISPOSED"));
    assertTrue(page(path).contains("There is nothing that you may do with it now"));
  }

  @Test
  void whatIsOfferedIsWhatTheirRolesAllowAndTheRestIsRefused() {
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    assertEquals(List.of("lose"), offered("/assets/" + ASSET));

    Form form = Form.on("/assets/" + ASSET, "/assets/" + ASSET + "/lose");
    form.filled().post("/assets/" + ASSET + "/commission").then().statusCode(403);
    form.filled().post("/assets/" + ASSET + "/nothing").then().statusCode(403);
    browser()
        .formParam("f.stolen", "true")
        .post("/assets/" + ASSET + "/lose")
        .then()
        .statusCode(400)
        .body(containsString("did not come from this console"));
    assertEquals(List.of(), sent());

    // Who signed in again while they sent it comes back to the object
    browser()
        .get("/assets/" + ASSET + "/lose")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/assets/" + ASSET));
  }

  @Test
  @TestSecurity(
      user = "sacha",
      roles = {"staff", "asset-manager"})
  void whatIsDoneIsDoneOnceToTheVersionThatWasSeen() {
    show("asset/v1/assets/" + ASSET, asset("IN_STOCK"));
    say(
        "POST",
        "asset/v1/assets/" + ASSET + "/retirement",
        200,
        asset("RETIRED").toString(),
        "Vigie-Receipt",
        "http://127.0.0.1:8085/v1/receipts/" + RECEIPT);
    String to = "/assets/" + ASSET + "/retire";
    Form form = Form.on("/assets/" + ASSET, to);

    form.filled()
        .formParam("f.reason", " End of support.\r\nThe disks were shredded. ")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/assets/" + ASSET + "?done=retire&receipt=" + RECEIPT));

    assertEquals(1, sent().size());
    Request done = sent().get(0);
    assertEquals("asset/v1/assets/" + ASSET + "/retirement", done.path());
    assertEquals("\"5\"", done.version());
    assertEquals(form.hidden("key"), done.key());
    assertEquals(36, done.key().length());
    assertEquals(
        JSON.createObjectNode().put("reason", "End of support.\nThe disks were shredded."),
        done.body());
    String page = page("/assets/" + ASSET + "?done=retire&receipt=" + RECEIPT);
    assertTrue(page.contains("Done: Retire"), page);
    assertTrue(page.contains("/receipts/" + RECEIPT), page);
  }

  @Test
  void anybodySaysThatSomethingWasLostWhateverItsVersion() {
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    say("POST", "asset/v1/assets/" + ASSET + "/loss", 200, asset("LOST").toString());
    String to = "/assets/" + ASSET + "/lose";
    Form.on("/assets/" + ASSET, to)
        .filled()
        .formParam("f.circumstances", "Left on the train")
        .formParam("f.occurredAt", "2026-03-01T18:04")
        .post(to)
        .then()
        .statusCode(303);
    Request done = sent().get(0);
    assertNull(done.version());
    assertEquals(
        JSON.createObjectNode()
            .put("stolen", false)
            .put("circumstances", "Left on the train")
            .put("occurredAt", "2026-03-01T17:04:00Z"),
        done.body());
  }

  @Test
  @TestSecurity(
      user = "sacha",
      roles = {"staff", "asset-manager"})
  void anOwnerIsNamedAndWhereSeveralHaveTheNameOneIsChosen() {
    show("asset/v1/assets/" + ASSET, asset("IN_STOCK"));
    say("PUT", "asset/v1/assets/" + ASSET + "/owner", 200, asset("IN_STOCK").toString());
    list(
        "access/v1/people?name=Lovelace",
        person(),
        person().put("id", ITEM).put("givenName", "Adam"),
        person().put("id", RIGHT).put("givenName", "Gone").put("state", "LEFT"));
    String to = "/assets/" + ASSET + "/assign-owner";

    String page =
        Form.on("/assets/" + ASSET, to)
            .filled()
            .formParam("f.owner", "Lovelace")
            .post(to)
            .then()
            .statusCode(400)
            .extract()
            .asString();
    assertTrue(page.contains("<option value=\"" + ITEM + "\">Adam Lovelace</option>"), page);
    assertFalse(page.contains("Gone Lovelace"), page);
    assertEquals(List.of(), sent());

    Form.on("/assets/" + ASSET, to)
        .filled()
        .formParam("f.owner", ITEM)
        .post(to)
        .then()
        .statusCode(303);
    assertEquals("PUT", sent().get(0).method());
    assertEquals(JSON.createObjectNode().put("owner", ITEM), sent().get(0).body());
    assertNull(sent().get(0).key(), "what is put is the same however often");
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whoWasSlowerSeesHowItStandsAndKeepsWhatTheyTyped() {
    ObjectNode incident =
        example("incident", "Incident").put("state", "DETECTED").without(List.of("mergedInto"));
    String id = incident.path("id").asText();
    show("incident/v1/incidents/" + id, incident);
    say("GET", "incident/v1/incidents/" + id + "/steps", 200, NOTHING);
    String to = "/incidents/" + id + "/assign";
    Form form = Form.on("/incidents/" + id, to);
    say("PUT", "incident/v1/incidents/" + id + "/assignee", 412, "{\"title\": \"Stale\"}");
    say(
        "GET",
        "incident/v1/incidents/" + id,
        200,
        incident.put("state", "TRIAGED").toString(),
        "ETag",
        "\"6\"");

    String page =
        form.filled()
            .formParam("f.assignee", ADA)
            .post(to)
            .then()
            .statusCode(409)
            .extract()
            .asString();
    assertTrue(page.contains("Somebody changed it meanwhile"), page);
    assertTrue(page.contains(">Triaged<"), page);
    assertTrue(page.contains("value=\"" + ADA + "\""), page);
    assertTrue(page.contains("name=\"version\" value=\"&quot;6&quot;\""), page);
    assertFalse(page.contains("name=\"version\" value=\"&quot;5&quot;\""), page);

    // Where the form is not offered any more, what was typed is there nevertheless
    form = Form.on("/incidents/" + id, "/incidents/" + id + "/investigate");
    say("POST", "incident/v1/incidents/" + id + "/investigation", 412, "{}");
    show("incident/v1/incidents/" + id, incident.put("state", "CLOSED"));
    form.filled()
        .formParam("f.note", "I look at the mail server.")
        .post("/incidents/" + id + "/investigate")
        .then()
        .statusCode(409)
        .body(containsString("You typed:"))
        .body(containsString("I look at the mail server."));
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whatTheRulesRefuseIsToldInTheirWordsBesideWhatWasTyped() {
    ObjectNode alert = example("incident", "Alert").put("state", "FIRING");
    String id = alert.path("id").asText();
    show("incident/v1/alerts/" + id, alert);
    say(
        "POST",
        "incident/v1/alerts/" + id + "/acknowledgement",
        409,
        """
        {"type": "urn:vigie:problem:alert-not-firing", "title": "Conflict", "status": 409,
         "detail": "It is RESOLVED; what fires can be acknowledged, once.",
         "errors": [{"field": "note", "message": "is too kind"}]}""");
    String to = "/alerts/" + id + "/acknowledge";
    Form.on("/alerts/" + id, to)
        .filled()
        .formParam("f.note", "I look at it.")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("Not done: Acknowledge"))
        .body(containsString("It is RESOLVED; what fires can be acknowledged, once."))
        .body(containsString("Note: <span lang=\"en\">is too kind</span>"))
        .body(containsString(">I look at it.</textarea>"));

    // What is missing is not even sent
    int before = sent().size();
    Form.on("/alerts/" + id, to)
        .filled()
        .formParam("f.note", " ")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("This is needed."));
    assertEquals(before, sent().size());
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whereTheServiceIsAwayTheFormStaysAsItIsUnderItsKey() {
    ObjectNode alert = example("incident", "Alert").put("state", "FIRING");
    String id = alert.path("id").asText();
    show("incident/v1/alerts/" + id, alert);
    String to = "/alerts/" + id + "/acknowledge";
    Form form = Form.on("/alerts/" + id, to);
    say("POST", "incident/v1/alerts/" + id + "/acknowledgement", 503, "{}");
    say("GET", "incident/v1/alerts/" + id, 503, "{}");
    form.filled()
        .formParam("f.note", "I look at it.")
        .post(to)
        .then()
        .statusCode(503)
        .body(containsString("send it again in a moment"))
        .body(containsString("I look at it."))
        .body(containsString("name=\"version\" value=\"&quot;5&quot;\""))
        .body(containsString("value=\"" + form.hidden("key") + "\""));
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void aReportThatIsMadeAnIncidentLeadsToIt() {
    ObjectNode report = example("incident", "SecurityEvent").put("state", "REPORTED");
    String id = report.path("id").asText();
    show("incident/v1/security-events/" + id, report);
    ObjectNode incident = example("incident", "Incident");
    say("POST", "incident/v1/security-events/" + id + "/promotion", 201, incident.toString());
    String to = "/reports/" + id + "/promote";
    Form.on("/reports/" + id, to)
        .filled()
        .formParam("f.category", "FRAUD")
        .formParam("f.impact", "LOW")
        .formParam("f.urgency", "HIGH")
        .post(to)
        .then()
        .statusCode(303)
        .header(
            "Location", endsWith("/incidents/" + incident.path("id").asText() + "?done=promote"));
    // What is not in the list is not sent
    Form.on("/reports/" + id, to)
        .filled()
        .formParam("f.category", "FRAUD")
        .formParam("f.impact", "WORSE")
        .formParam("f.urgency", "HIGH")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("Choose one of the list."));
    assertEquals(1, sent().size());
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void aReportOfWhatIsWorkedAlreadyIsMergedIntoThatIncident() {
    ObjectNode report = example("incident", "SecurityEvent").put("state", "REPORTED");
    String id = report.path("id").asText();
    show("incident/v1/security-events/" + id, report);
    ObjectNode merged = report.deepCopy().put("state", "MERGED");
    say("POST", "incident/v1/security-events/" + id + "/merge", 200, merged.toString());
    String to = "/reports/" + id + "/merge";

    Form.on("/reports/" + id, to)
        .filled()
        .formParam("f.into", ASSET)
        .formParam("f.note", "The same sender")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/reports/" + id + "?done=merge"));

    assertEquals(
        JSON.createObjectNode().put("into", ASSET).put("note", "The same sender"),
        sent().get(0).body());
    show("incident/v1/security-events/" + id, merged);
    String page = page("/reports/" + id);
    assertTrue(page.contains(">Of an incident<"), page);
    assertEquals(List.of(), offered("/reports/" + id));
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void anIncidentsPageHasItsReportsAndItsFiles() {
    ObjectNode incident = example("incident", "Incident");
    String id = incident.path("id").asText();
    show("incident/v1/incidents/" + id, incident);
    list(
        "incident/v1/security-events?incident=" + id,
        example("incident", "SecurityEvent").put("title", "Again the same mail"));
    ObjectNode file = example("incident", "Attachment");
    list("incident/v1/attachments?incident=" + id, file);

    String page = page("/incidents/" + id);

    assertTrue(page.contains("Again the same mail"), page);
    String address = "/incidents/" + id + "/attachments/" + file.path("id").asText();
    assertTrue(page.contains("<a href=\"" + address + "\">screenshot.png</a>"), page);
    assertTrue(page.contains("20,480"), page);
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whatElseAnIncidentAffectsIsNamedBesideWhatItIsKnownToAffect() {
    ObjectNode incident = example("incident", "Incident").put("state", "INVESTIGATING");
    String id = incident.path("id").asText();
    show("incident/v1/incidents/" + id, incident);
    say("PUT", "incident/v1/incidents/" + id + "/affected", 200, incident.toString());

    String to = "/incidents/" + id + "/name-affected";
    Form.on("/incidents/" + id, to)
        .filled()
        .formParam("f.assets.0", ITEM)
        .formParam("f.assets.1", "")
        .formParam("f.clients.0", "")
        .formParam("f.people.0", "me")
        .post(to)
        .then()
        .statusCode(303);

    ObjectNode wanted = JSON.createObjectNode();
    wanted.putArray("assets").add(ASSET).add(ITEM);
    wanted.putArray("clients");
    wanted.putArray("people").add(ADA);
    assertEquals(wanted, sent().get(0).body());
    assertEquals("\"5\"", sent().get(0).version());
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void anIncidentIsClassifiedByRegimesThatThereAreAndAMajorOneHasRolesInItsCrisis() {
    ObjectNode incident = example("incident", "Incident").put("state", "INVESTIGATING");
    String id = incident.path("id").asText();
    String at = "incident/v1/incidents/" + id;
    show(at, incident);
    list("incident/v1/notification-regimes", example("incident", "NotificationRegime"));
    say("POST", at + "/classification", 200, "{}");
    say("PUT", at + "/crisis/roles/LEAD", 200, "{}");

    String to = "/incidents/" + id + "/classify-incident";
    String page = page("/incidents/" + id);
    assertTrue(page.contains("<option value=\"gdpr-33-1\">gdpr-33-1 Regulation (EU)"), page);
    Form.on("/incidents/" + id, to)
        .filled()
        .formParam("f.regimes.0", "gdpr-33-1")
        .formParam("f.regimes.1", "")
        .formParam("f.awareAt", "2026-03-02T10:05")
        .post(to)
        .then()
        .statusCode(303);
    ObjectNode classification = JSON.createObjectNode().put("awareAt", "2026-03-02T09:05:00Z");
    classification.putArray("regimes").add("gdpr-33-1");
    classification.putArray("clients");
    assertEquals(classification, sent().get(0).body());

    // What is in the path is not in what is sent
    to = "/incidents/" + id + "/give-crisis-role";
    Form.on("/incidents/" + id, to)
        .filled()
        .formParam("f.role", "LEAD")
        .formParam("f.person", ADA)
        .post(to)
        .then()
        .statusCode(303);
    assertEquals(at + "/crisis/roles/LEAD", sent().get(1).path());
    assertEquals(JSON.createObjectNode().put("person", ADA), sent().get(1).body());
  }

  private static ObjectNode right(String state) {
    ObjectNode right =
        example("access", "Right")
            .put("state", state)
            .put("ground", "REQUEST")
            .put("validUntil", Instant.now().plus(10, ChronoUnit.DAYS).toString());
    return right.without(List.of("renewalUntil", "duration", "emergency"));
  }

  @Test
  void aRightIsApprovedByWhomItsServiceWaitsForAlone() {
    show("access/v1/rights/" + RIGHT, right("REQUESTED"));
    assertEquals(List.of(), offered("/rights/" + RIGHT));
    list("access/v1/rights", right("REQUESTED"));
    assertEquals(List.of("approve", "refuse"), offered("/rights/" + RIGHT));
    assertTrue(
        requests.stream()
            .anyMatch(
                each ->
                    each.path().equals("access/v1/rights")
                        && each.query().startsWith("awaiting=me&person=" + ADA)),
        requests::toString);

    say("POST", "access/v1/rights/" + RIGHT + "/approval", 200, right("APPROVED").toString());
    String to = "/rights/" + RIGHT + "/approve";
    Form.on("/rights/" + RIGHT, to).filled().post(to).then().statusCode(303);
    assertNull(sent().get(0).body(), "there is nothing to say");
    assertEquals("\"5\"", sent().get(0).version());

    // And whoever asked for it may take that back
    ObjectNode own = right("REQUESTED");
    ((ObjectNode) own.path("approval")).put("askedBy", "sacha");
    list("access/v1/rights");
    show("access/v1/rights/" + RIGHT, own);
    assertEquals(List.of("withdraw"), offered("/rights/" + RIGHT));
  }

  @Test
  void aRightIsAskedForWhereItIsOffered() {
    ObjectNode entitlement = example("access", "Entitlement").put("state", "ACTIVE");
    String id = entitlement.path("id").asText();
    show("access/v1/entitlements/" + id, entitlement);
    say("POST", "access/v1/rights", 201, right("REQUESTED").toString());
    String to = "/entitlements/" + id + "/ask";
    Form form = Form.on("/entitlements/" + id, to);
    assertEquals("me", form.hidden("f.person"));
    form.filled()
        .formParam("f.person", "me")
        .formParam("f.reason", "The new project")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/rights/" + RIGHT + "?done=ask"));
    assertEquals(
        JSON.createObjectNode()
            .put("reason", "The new project")
            .put("person", ADA)
            .put("entitlement", id),
        sent().get(0).body());
    assertNull(sent().get(0).version());
  }

  @Test
  @TestSecurity(
      user = "sacha",
      roles = {"staff", "sysadmin"})
  void whatWaitsForTheDirectoryIsTriedAgainAndMayBeDoneAndGoneWhenThatIsTold() {
    // Given
    ObjectNode change = example("access", "DirectoryChange").putNull("account");
    String id = change.path("id").asText();
    String at = "access/v1/directory/changes/" + id;
    show(at, change);
    say("POST", at + "/retry", 202, "{}");
    String to = "/directory-changes/" + id + "/try-again";

    // When
    Form.on("/directory-changes/" + id, to)
        .filled()
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/directory-changes/" + id + "?done=try-again"));

    // Then
    assertEquals(at + "/retry", sent().get(0).path());
    assertNull(sent().get(0).version());
    say("GET", at, 404, "{}");
    String page = page("/directory-changes/" + id + "?done=try-again");
    assertTrue(page.contains("Done: Try again at once"), page);

    // And what is tried at once anyway is not tried by hand
    show(at, change.putNull("nextAt"));
    assertEquals(List.of(), offered("/directory-changes/" + id));
  }

  @Test
  void aRightIsRenewedByWhoHasItInItsLastDays() {
    show("access/v1/rights/" + RIGHT, right("APPROVED"));
    assertEquals(List.of("renew"), offered("/rights/" + RIGHT));
    show(
        "access/v1/rights/" + RIGHT,
        right("APPROVED").put("validUntil", Instant.now().plus(30, ChronoUnit.DAYS).toString()));
    assertEquals(List.of(), offered("/rights/" + RIGHT));
    // Those who may ask for somebody else may renew for them, and access-service knows who does
    show("access/v1/rights/" + RIGHT, right("APPROVED").put("person", ITEM));
    assertEquals(List.of("renew"), offered("/rights/" + RIGHT));
  }

  @Test
  @TestSecurity(
      user = "alma",
      roles = {"staff", "access-manager"})
  void accessManagersRefuseWhatWaitsForSomebodyElse() {
    show("access/v1/rights/" + RIGHT, right("REQUESTED"));
    assertEquals(List.of("refuse"), offered("/rights/" + RIGHT));
    String end = Instant.now().plus(90, ChronoUnit.DAYS).toString();
    show("access/v1/rights/" + RIGHT, right("APPROVED").put("renewalUntil", end));
    assertEquals(List.of("refuse-renewal", "revoke"), offered("/rights/" + RIGHT));
    show("access/v1/rights/" + RIGHT, right("APPROVED"));
    assertEquals(List.of("renew", "revoke"), offered("/rights/" + RIGHT));
  }

  @Test
  void whoAskedForARenewalTakesThatBack() {
    ObjectNode own =
        right("APPROVED").put("renewalUntil", Instant.now().plus(90, ChronoUnit.DAYS).toString());
    show("access/v1/rights/" + RIGHT, own);
    assertEquals(List.of(), offered("/rights/" + RIGHT));
    ((ObjectNode) own.path("approval")).put("askedBy", "sacha");
    show("access/v1/rights/" + RIGHT, own);
    assertEquals(List.of("withdraw-renewal"), offered("/rights/" + RIGHT));
    say("POST", "access/v1/rights/" + RIGHT + "/withdrawal", 200, right("APPROVED").toString());
    String to = "/rights/" + RIGHT + "/withdraw-renewal";
    Form.on("/rights/" + RIGHT, to).filled().post(to).then().statusCode(303);
    assertEquals("access/v1/rights/" + RIGHT + "/withdrawal", sent().get(0).path());
  }

  @Test
  void whoDidSomethingIsToldSoWhereTheyDoNotSeeItAnyMore() {
    show("access/v1/rights/" + RIGHT, right("REQUESTED"));
    list("access/v1/rights", right("REQUESTED"));
    String to = "/rights/" + RIGHT + "/refuse";
    Form form = Form.on("/rights/" + RIGHT, to);

    // It waits for somebody else now
    say("GET", "access/v1/rights/" + RIGHT, 403, "{}");
    for (String done : List.of("approve", "ask")) {
      String page = page("/rights/" + RIGHT + "?done=" + done + "&receipt=" + RECEIPT);
      assertTrue(page.contains("<strong>Done: A"), page);
      assertTrue(page.contains("href=\"/receipts/" + RECEIPT + "\""), page);
    }
    browser().get("/rights/" + RIGHT + "?done=promote").then().statusCode(403);
    browser().get("/rights/" + RIGHT).then().statusCode(403);

    // And whoever was too late keeps what they typed
    say(
        "POST",
        "access/v1/rights/" + RIGHT + "/refusal",
        403,
        "{\"title\": \"Forbidden\", \"detail\": \"Whoever may approve this now refuses it.\"}");
    form.filled()
        .formParam("f.reason", "Not in this team.")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("Not done: Refuse"))
        .body(containsString("Whoever may approve this now refuses it."))
        .body(containsString("Not in this team."));
    say("GET", "access/v1/rights/" + RIGHT, 404, "{}");
    form.filled()
        .formParam("f.reason", "Not in this team.")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("Not in this team."));
  }

  private static String problem(String name) {
    return JSON.createObjectNode()
        .put("type", "urn:vigie:problem:" + name)
        .put("title", "Refused")
        .put("detail", "In words for programs")
        .toString();
  }

  @ParameterizedTest
  @CsvSource({"409,request-in-flight", "429,too-many-requests"})
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whatIsBeingDoneIsSentAgainUnderItsKey(int status, String problem) {
    ObjectNode alert = example("incident", "Alert").put("state", "FIRING");
    String id = alert.path("id").asText();
    show("incident/v1/alerts/" + id, alert);
    say("POST", "incident/v1/alerts/" + id + "/acknowledgement", status, problem(problem));
    String to = "/alerts/" + id + "/acknowledge";
    Form form = Form.on("/alerts/" + id, to);
    form.filled()
        .formParam("f.note", "I look at it.")
        .post(to)
        .then()
        .statusCode(503)
        .body(containsString("send it again in a moment"))
        .body(not(containsString("Not done")))
        .body(containsString(">I look at it.</textarea>"))
        .body(containsString("name=\"version\" value=\"&quot;5&quot;\""))
        .body(containsString("value=\"" + form.hidden("key") + "\""));

    campaignThatAsks(item(ITEM, "NORMAL"));
    say("POST", "access/v1/campaigns/" + CAMPAIGN + "/decisions", status, problem(problem));
    to = "/campaigns/" + CAMPAIGN + "/review";
    form = Form.on(to, to);
    answered(form, "CERTIFY")
        .formParam("reason." + ITEM, "On call")
        .post(to)
        .then()
        .statusCode(503)
        .body(containsString("send it again in a moment"))
        .body(not(containsString("No answer was taken")))
        .body(containsString("value=\"On call\""))
        .body(containsString("value=\"" + form.hidden("key") + "\""));
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whatWasSentFirstWasTakenAndThePageShowsIt() {
    ObjectNode alert = example("incident", "Alert").put("state", "FIRING");
    String id = alert.path("id").asText();
    show("incident/v1/alerts/" + id, alert);
    String to = "/alerts/" + id + "/acknowledge";
    Form form = Form.on("/alerts/" + id, to);
    show("incident/v1/alerts/" + id, alert.put("state", "ACKNOWLEDGED"));
    String reused = problem("idempotency-key-reused");
    say("POST", "incident/v1/alerts/" + id + "/acknowledgement", 422, reused);
    form.filled()
        .formParam("f.note", "I look at it now.")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("What was sent first was taken"))
        .body(containsString(">Acknowledged<"))
        .body(containsString("I look at it now."))
        .body(not(containsString("Not done")))
        .body(not(containsString("In words for programs")));

    campaignThatAsks(item(ITEM, "NORMAL"));
    say("POST", "access/v1/campaigns/" + CAMPAIGN + "/decisions", 422, reused);
    to = "/campaigns/" + CAMPAIGN + "/review";
    answered(Form.on(to, to), "CERTIFY")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("What was sent first was taken"))
        .body(not(containsString("No answer was taken")));
  }

  @Test
  void mineIsWhatTheServicesHaveOfWhoIsThere() {
    list("access/v1/rights?person=" + ADA, right("APPROVED"));
    list("asset/v1/assets?owner=" + ADA, asset("IN_SERVICE"));
    list("access/v1/campaigns?state=OPEN", example("access", "Campaign").put("state", "OPEN"));
    say("GET", "incident/v1/security-events", 503, "{}");

    String page = page("/my");
    assertTrue(page.contains("<a href=\"/rights/" + RIGHT + "\">read</a>"), page);
    assertTrue(page.contains("<a href=\"/assets/" + ASSET + "\">web-1</a>"), page);
    assertTrue(page.contains("href=\"/campaigns/" + CAMPAIGN + "/review\""), page);
    assertTrue(page.contains("This part does not answer"), page);
    assertTrue(browser().get("/").asString().contains("href=\"/my\""));

    say("GET", "access/v1/people/me", 404, "{}");
    page = page("/my");
    assertTrue(page.contains("Nobody in the register of people has your account"), page);
    assertFalse(page.contains(ASSET), page);
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whatRespondersSeeIsNotAllTheirs() {
    list("incident/v1/security-events", example("incident", "SecurityEvent"));
    String page = page("/my");
    assertFalse(page.contains("My reports"), page);
    assertFalse(asked("incident/v1/security-events", null), requests::toString);
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "auditor"})
  void whatAuditorsSeeIsNotAllTheirs() {
    list("incident/v1/security-events", example("incident", "SecurityEvent"));
    String page = page("/my");
    assertFalse(page.contains("My reports"), page);
    assertFalse(asked("incident/v1/security-events", null), requests::toString);
  }

  @Test
  void whereAccessServiceIsAwayNobodyIsToldThatTheyHaveNoAccount() {
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE").put("handoverTo", ADA));
    assertTrue(offered("/assets/" + ASSET).contains("sign-handover"));

    say("GET", "access/v1/people/me", 503, "{}");
    String page = page("/my");
    assertTrue(page.contains("It cannot be told at the moment"), page);
    assertFalse(page.contains("Nobody in the register of people"), page);
    assertTrue(page.contains("My reports"), page);
    browser()
        .get("/assets?owner=me")
        .then()
        .statusCode(503)
        .body(containsString("This part does not answer"))
        .body(not(containsString("Nobody in the register of people")));
    assertFalse(offered("/assets/" + ASSET).contains("sign-handover"));
  }

  @Test
  void namesAreAskedOfWhatIsShownAlone() {
    list("asset/v1/assets", asset("IN_SERVICE").put("custodian", RIGHT));
    list("access/v1/people", person());
    assertTrue(page("/assets").contains("Ada Lovelace"));
    assertTrue(asked("access/v1/people", "who=" + ADA), requests::toString);
    assertEquals(
        List.of("asset/v1/assets", "asset/v1/assets/" + asset("IN_SERVICE").path("site").asText()),
        requests.stream().map(Request::path).filter(path -> path.startsWith("asset")).toList());
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void peopleAreShownByTheirNamesWhereOnlyTheirAccountsAreKnownWithOneRequestForThePage() {
    String account = person().path("subject").asText();
    ObjectNode alert = example("incident", "Alert").put("acknowledgedBy", account);
    String id = alert.path("id").asText();
    show("incident/v1/alerts/" + id, alert);
    list("asset/v1/assets", asset("IN_SERVICE"));
    list("access/v1/people", person());
    String link = "<a href=\"/people?subject=" + account + "\"";

    assertTrue(page("/alerts/" + id).contains(link + ">Ada Lovelace</a>"));
    assertEquals(
        1,
        requests.stream().filter(each -> each.path().equals("access/v1/people")).count(),
        requests::toString);
    assertTrue(
        requests.stream()
            .filter(each -> each.path().equals("access/v1/people"))
            .allMatch(each -> each.query().contains(account)),
        requests::toString);

    // And where nobody tells them by their accounts; a person's own account stays what it is
    say("GET", "access/v1/people", 403, "{}");
    assertTrue(page("/alerts/" + id).contains(link + " class=\"font-monospace\">" + account));
    list("access/v1/people", person());
    show("access/v1/people/" + ADA, person());
    assertTrue(page("/people/" + ADA).contains(">" + account + "</a>"));
  }

  @Test
  void theNamesOfAllListsOfAPageAreAskedForAtOnce() {
    list("asset/v1/assets", asset("IN_SERVICE"));
    list("access/v1/people", person());
    list("access/v1/rights", example("access", "Right").put("state", "APPROVED"));
    page("/my");
    assertEquals(
        1,
        requests.stream().filter(each -> each.path().equals("access/v1/people")).count(),
        requests::toString);
    requests.clear();
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    page("/assets/" + ASSET);
    assertEquals(
        1,
        requests.stream().filter(each -> each.path().equals("access/v1/people")).count(),
        requests::toString);
  }

  @Test
  void namesThatComeTooLateCostNothingButThemselves() {
    list("asset/v1/assets", asset("IN_SERVICE"));
    list("access/v1/people", person());
    CountDownLatch shown = new CountDownLatch(1);
    Services.answerWith(
        exchange -> {
          if (exchange.getRequestURI().getPath().endsWith("/v1/people")) {
            awaitOrGoOn(shown);
          }
          answer(exchange);
        });
    String page;
    try {
      page = page("/assets");
    } finally {
      shown.countDown();
    }
    assertTrue(page.contains("<a href=\"/assets/" + ASSET + "\">web-1</a>"), page);
    assertTrue(page.contains("<a href=\"/people/" + ADA + "\""), page);
    assertFalse(page.contains("Ada Lovelace"), page);
  }

  /** Longer than names are waited for. */
  private static void awaitOrGoOn(CountDownLatch shown) {
    try {
      shown.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode item(String id, String sensitivity) {
    return example("access", "ReviewItem")
        .put("id", id)
        .put("sensitivity", sensitivity)
        .put("version", 3);
  }

  private void campaignThatAsks(JsonNode... items) {
    say(
        "GET",
        "access/v1/campaigns/" + CAMPAIGN,
        200,
        example("access", "Campaign").put("state", "OPEN").toString());
    list("access/v1/campaigns/" + CAMPAIGN + "/items", items);
  }

  @Test
  void aReviewIsAnsweredWithOneButtonAndWhatIsLeftOpenStaysSo() {
    campaignThatAsks(item(ITEM, "NORMAL"), item(RIGHT, "SENSITIVE"), item(ADA, "NORMAL"));
    say("POST", "access/v1/campaigns/" + CAMPAIGN + "/decisions", 200, NOTHING);
    String to = "/campaigns/" + CAMPAIGN + "/review";
    Form form = Form.on(to, to);
    assertTrue(asked("access/v1/campaigns/" + CAMPAIGN + "/items", "reviewer=me&state=PENDING"));

    answered(form, "CERTIFY", "REVOKE", "")
        .formParam("reason." + RIGHT, "Left the team")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith(to + "?answered=2"));

    assertEquals(1, sent().size());
    JsonNode decisions = sent().get(0).body().path("decisions");
    assertEquals(2, decisions.size());
    assertEquals(
        JSON.createObjectNode().put("item", ITEM).put("version", 3).put("decision", "CERTIFY"),
        plainly(decisions.get(0)));
    assertEquals(
        JSON.createObjectNode()
            .put("item", RIGHT)
            .put("version", 3)
            .put("decision", "REVOKE")
            .put("reason", "Left the team"),
        plainly(decisions.get(1)));
    assertEquals(form.hidden("key"), sent().get(0).key());
    assertTrue(page(to + "?answered=2").contains("Answered: 2"));
  }

  /** Numbers that were read compare by their width. */
  private static JsonNode plainly(JsonNode node) {
    try {
      return JSON.readTree(node.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RequestSpecification answered(Form form, String... verdicts) {
    List<String> ids = List.of(ITEM, RIGHT, ADA);
    RequestSpecification filled = form.filled().formParam("name", "Premises");
    for (int i = 0; i < verdicts.length; i++) {
      filled
          .formParam("item", ids.get(i))
          .formParam("version." + ids.get(i), "3")
          .formParam("what." + ids.get(i), "read")
          .formParam("who." + ids.get(i), "Ada Lovelace")
          .formParam("decision." + ids.get(i), verdicts[i]);
    }
    return filled;
  }

  @Test
  void anItemIsLeftToSomebodyByTheirName() {
    campaignThatAsks(item(ITEM, "NORMAL"));
    say("POST", "access/v1/campaigns/" + CAMPAIGN + "/decisions", 200, NOTHING);
    ObjectNode other = person().put("id", RIGHT).put("givenName", "Adam");
    list("access/v1/people?name=Lovelace", person(), other);
    list("access/v1/people?name=Adam", other);
    String to = "/campaigns/" + CAMPAIGN + "/review";
    answered(Form.on(to, to), "DELEGATE")
        .formParam("delegate." + ITEM, "Lovelace")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("Several people have this name"))
        .body(matchesRegex("(?s).*<select [^>]* id=\"delegate-" + ITEM + "\"[^>]* aria-invalid.*"))
        .body(containsString("<option value=\"" + RIGHT + "\">Adam Lovelace</option>"));
    answered(Form.on(to, to), "DELEGATE")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("This is needed."));
    assertEquals(List.of(), sent());

    answered(Form.on(to, to), "DELEGATE")
        .formParam("delegate." + ITEM, "Adam")
        .post(to)
        .then()
        .statusCode(303);
    assertEquals(
        JSON.createObjectNode()
            .put("item", ITEM)
            .put("version", 3)
            .put("decision", "DELEGATE")
            .put("delegate", RIGHT),
        plainly(sent().get(0).body().path("decisions").get(0)));
  }

  @Test
  void answersThatAreRefusedAreToldWhichAndAreStillThere() {
    campaignThatAsks(item(ITEM, "NORMAL"), item(RIGHT, "SENSITIVE"));
    say(
        "POST",
        "access/v1/campaigns/" + CAMPAIGN + "/decisions",
        422,
        """
        {"title": "Refused", "status": 422, "detail": "None was taken.",
         "errors": [{"field": "decisions[0]", "message": "needs a reason"}]}""");
    String to = "/campaigns/" + CAMPAIGN + "/review";
    String page =
        answered(Form.on(to, to), "", "CERTIFY")
            .formParam("reason." + ITEM, "not sent")
            .post(to)
            .then()
            .statusCode(400)
            .extract()
            .asString();
    // The first that was sent is the second on the page
    assertTrue(page.contains("id=\"problem-" + RIGHT + "\" lang=\"en\">needs a reason"), page);
    assertTrue(page.contains("<li class=\"text-break\" lang=\"en\">None was taken."), page);
    assertFalse(page.contains("decisions[0]"), page);
    assertTrue(page.contains(" aria-describedby=\"problem-" + RIGHT + "\">"), page);
    assertFalse(page.contains("aria-invalid"), page);
    assertTrue(page.contains("name=\"decision." + RIGHT + "\" value=\"CERTIFY\" checked"), page);
    assertTrue(page.contains("value=\"not sent\""), page);

    // A reduction needs a day, and nothing at all is no answer
    int before = sent().size();
    answered(Form.on(to, to), "REDUCE", "")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("id=\"problem-" + ITEM + "\">Say until which day."))
        .body(matchesRegex("(?s).* id=\"until-" + ITEM + "\"[^>]* aria-invalid=\"true\">.*"))
        .body(not(matchesRegex("(?s).* id=\"reason-" + ITEM + "\"[^>]* aria-invalid.*")));
    answered(Form.on(to, to), "", "")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("You answered nothing yet"));
    assertEquals(before, sent().size());

    // And where the service is away, the form stays under its key
    Form form = Form.on(to, to);
    say("POST", "access/v1/campaigns/" + CAMPAIGN + "/decisions", 503, "{}");
    answered(form, "CERTIFY", "REVOKE")
        .formParam("reason." + RIGHT, "Left the team")
        .post(to)
        .then()
        .statusCode(503)
        .body(containsString("value=\"" + form.hidden("key") + "\""))
        .body(containsString("value=\"Left the team\""))
        .body(containsString("Ada Lovelace: read"));
  }

  @Test
  void theFieldThatAServiceNamesIsTheOneToMend() {
    campaignThatAsks(item(ITEM, "NORMAL"));
    say(
        "POST",
        "access/v1/campaigns/" + CAMPAIGN + "/decisions",
        400,
        """
        {"title": "The request is not valid.", "status": 400,
         "errors": [{"field": "decisions[0].until", "message": "must be in the future"}]}""");
    String to = "/campaigns/" + CAMPAIGN + "/review";
    answered(Form.on(to, to), "CERTIFY")
        .post(to)
        .then()
        .statusCode(400)
        .body(matchesRegex("(?s).* id=\"until-" + ITEM + "\"[^>]* aria-invalid=\"true\">.*"))
        .body(not(matchesRegex("(?s).* id=\"reason-" + ITEM + "\"[^>]* aria-invalid.*")));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void aChoiceThatIsMissingIsTiedToItsField() {
    ObjectNode test = example("backup", "RestoreTest").put("stage", "SUBMITTED");
    String path = "/restore-tests/" + test.path("id").asText();
    show("backup/v1" + path, test);
    Form.on(path, path + "/verify")
        .filled()
        .post(path + "/verify")
        .then()
        .statusCode(400)
        .body(
            matchesRegex(
                "(?s).*<select [^>]* name=\"f.passed\"[^>]* aria-describedby=\"verify-passed-problem\""
                    + " aria-invalid=\"true\">.*"));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void howRestoresOfAnAssetWentIsDrawnAboveATableOfIt() {
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    ObjectNode failed = example("backup", "RestoreMeasure").without(List.of("rtoSeconds"));
    list(
        MEASURES + "?newest=50",
        example("backup", "RestoreMeasure").put("rtoSeconds", 900),
        failed,
        example("backup", "RestoreMeasure").put("rtoSeconds", 1_800));

    String part = restores();

    assertTrue(part.contains("<path d=\"M0.0 55.3l0 0M300.0 53.6l0 0\""), part);
    assertTrue(
        part.contains("<path class=\"target\" d=\"M0.0 3.0l0 0L150.0 3.0L300.0 3.0\""), part);
    assertTrue(
        part.contains(
            "role=\"img\" aria-label=\"Seconds until it was back: 900 in the first, 1,800 in the"
                + " last, between 900 and 1,800\""),
        part);
    assertEquals(2, part.split("<svg ").length - 1, part);
    assertTrue(part.contains("<td class=\"text-break\">1,800</td>"), part);

    // Of one alone there is nothing to draw
    list(MEASURES + "?newest=50", example("backup", "RestoreMeasure"));
    assertFalse(restores().contains("<svg "));
    assertTrue(restores().contains("<td class=\"text-break\">1,860</td>"));
  }

  private static String restores() {
    String page = page("/assets/" + ASSET);
    return page.substring(page.indexOf("id=\"part-restore-measures\"")).split("</section>")[0];
  }

  @Test
  void whatIsNotAskedAnyMoreIsToldWithWhatWasTyped() {
    campaignThatAsks(item(ITEM, "NORMAL"), item(RIGHT, "SENSITIVE"));
    String to = "/campaigns/" + CAMPAIGN + "/review";
    Form form = Form.on(to, to);
    campaignThatAsks(item(ITEM, "NORMAL"));
    say(
        "POST",
        "access/v1/campaigns/" + CAMPAIGN + "/decisions",
        422,
        """
        {"title": "Refused", "status": 422, "detail": "None was taken.",
         "errors": [{"field": "decisions[1]", "message": "is about what ended meanwhile"}]}""");
    String page =
        answered(form, "CERTIFY", "REVOKE")
            .formParam("reason." + ITEM, "On call")
            .formParam("reason." + RIGHT, "Left the team")
            .post(to)
            .then()
            .statusCode(400)
            .extract()
            .asString();
    assertTrue(page.contains("Not asked any more"), page);
    String gone = page.substring(page.indexOf("Not asked any more")).split("</section>")[0];
    assertTrue(gone.contains("Ada Lovelace: read"), gone);
    assertTrue(gone.contains("Not needed: take it away<br>Left the team"), gone);
    assertTrue(gone.contains("is about what ended meanwhile"), gone);
    assertFalse(gone.contains("On call"), gone);
    assertTrue(page.contains("name=\"decision." + ITEM + "\" value=\"CERTIFY\" checked"), page);
  }

  @Test
  @TestSecurity(
      user = "alma",
      roles = {"staff", "access-manager"})
  void whatAnyAccessManagerAnswersIsAskedToo() {
    campaignThatAsks();
    list(
        "access/v1/campaigns/" + CAMPAIGN + "/items?reviewer=access-managers&state=PENDING",
        item(ITEM, "NORMAL"));
    say("POST", "access/v1/campaigns/" + CAMPAIGN + "/decisions", 200, NOTHING);
    String to = "/campaigns/" + CAMPAIGN + "/review";
    String shared = to + "?whose=access-managers";
    String page = page(to);
    assertTrue(page.contains("Nothing waits for your answer"), page);
    assertTrue(page.contains("<a href=\"" + shared + "\">"), page);
    Form form = Form.on(shared, to);
    assertEquals("access-managers", form.hidden("whose"));
    answered(form, "")
        .formParam("whose", "access-managers")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("name=\"whose\" value=\"access-managers\""))
        .body(containsString("Ada Lovelace: read"));
    answered(form, "CERTIFY")
        .formParam("whose", "access-managers")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith(to + "?answered=1&whose=access-managers"));
    say(
        "GET",
        "access/v1/campaigns/" + CAMPAIGN + "/items?reviewer=access-managers&state=PENDING",
        200,
        "{\"items\": [" + item(ITEM, "NORMAL") + "]}",
        "Link",
        "<http://127.0.0.1/items?after=" + ITEM + ">; rel=\"next\"");
    page = page(shared);
    assertTrue(page.contains("?after=" + ITEM + "&amp;whose=access-managers\""), page);
  }

  @Test
  void whatAccessManagersAnswerIsForThemAlone() {
    campaignThatAsks(item(ITEM, "NORMAL"));
    String to = "/campaigns/" + CAMPAIGN + "/review";
    assertFalse(page(to).contains("whose="));
    browser().get(to + "?whose=access-managers").then().statusCode(403);
  }

  @Test
  void aTableIsDownloadedAsTheServiceWritesIt() {
    answers.put(
        "GET asset/v1/assets/export/csv",
        new Answer(200, Map.of(), "text/csv", "name,kind\r\nweb-1,SERVER"));
    browser()
        .get("/assets/export.csv?state=IN_SERVICE")
        .then()
        .statusCode(200)
        .contentType(startsWith("text/csv"))
        .header("Content-Disposition", containsString("assets.csv"))
        .body(equalTo("name,kind\r\nweb-1,SERVER"));
    assertTrue(asked("asset/v1/assets/export/csv", "state=IN_SERVICE"), requests::toString);
    assertEquals("Bearer the-access-token", requests.get(requests.size() - 1).authorization());

    browser().get("/incident-tasks/export.csv").then().statusCode(404);
    browser().get("/campaigns/" + CAMPAIGN + "/report.csv").then().statusCode(403);
  }

  @ParameterizedTest
  @CsvSource({
    "assets,asset,Asset,label,assets/labels?id=%s",
    "disposals,asset,Disposal,certificate,disposals/%s/certificate",
    "notification-clocks,incident,NotificationClock,draft,notification-clocks/%s/draft/pdf",
    "continuity-plans,backup,ContinuityPlan,gap,continuity-plans/%s/gap/pdf"
  })
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso", "asset-manager"})
  void anObjectsPageLeadsToTheFileThatTheServiceMakesOfIt(
      String register, String service, String name, String file, String path) {
    ObjectNode object = example(service, name);
    String id = object.path("id").asText();
    show(service + "/v1/" + register + "/" + id, object);
    answers.put(
        "GET " + service + "/v1/" + path.formatted(id),
        new Answer(200, Map.of(), "application/pdf", "%PDF-1.7 of " + id));
    String address = "/" + register + "/" + id + "/" + file + ".pdf";

    String page = page("/" + register + "/" + id);
    Response taken = browser().get(address);

    assertTrue(page.contains("<a href=\"" + address + "\">"), page);
    taken
        .then()
        .statusCode(200)
        .contentType("application/pdf")
        .header("Content-Disposition", containsString(register + "-" + id + "-" + file + ".pdf"));
    assertEquals("%PDF-1.7 of " + id, taken.asString());
    assertEquals("Bearer the-access-token", requests.get(requests.size() - 1).authorization());
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void aFileIsForWhoMayHaveItOnceThereIsOne() {
    ObjectNode disposal = example("asset", "Disposal").put("stage", "SANITISED");
    String id = disposal.path("id").asText();
    show("asset/v1/disposals/" + id, disposal);
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    say("GET", "asset/v1/disposals/" + id + "/certificate", 404, "{}");

    assertFalse(page("/disposals/" + id).contains("/certificate.pdf"));
    assertFalse(page("/assets/" + ASSET).contains("/label.pdf"));
    Map.of(
            "/disposals/" + id + "/certificate.pdf", 404,
            "/disposals/" + id + "/label.pdf", 404,
            "/assets/" + ASSET + "/label.pdf", 403)
        .forEach(
            (path, status) ->
                browser()
                    .get(path)
                    .then()
                    .statusCode(status)
                    .header("Content-Disposition", nullValue())
                    .body(containsString("<main")));
    assertFalse(asked("asset/v1/assets/labels", null), requests::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "incidents,attachments," + ITEM + ",incident/v1/attachments/" + ITEM + "/content",
    "reports,attachments," + ITEM + ",incident/v1/attachments/" + ITEM + "/content",
    "disposals,evidence," + DIGEST + ",asset/v1/disposals/" + ASSET + "/evidence/" + DIGEST
  })
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whatSomebodyAttachedIsSavedAndNeverShown(
      String register, String name, String file, String path) {
    String address = "/" + register + "/" + ASSET + "/" + name + "/" + file;
    String attachment = "attachment; filename=\"" + file + ".html\"";
    // And where its service would have it shown
    for (String said : List.of(attachment, "inline; filename=\"" + file + ".html\"")) {
      answers.put(
          "GET " + path,
          new Answer(
              200, Map.of("Content-Disposition", said), "text/html", "<script>alert(1)</script>"));

      Response taken = browser().get(address);

      taken
          .then()
          .statusCode(200)
          .header("Content-Type", startsWith("application/octet-stream"))
          .header("Content-Disposition", said.equals(attachment) ? attachment : "attachment")
          .header("X-Content-Type-Options", "nosniff");
      assertEquals("<script>alert(1)</script>", taken.asString());
      assertEquals("Bearer the-access-token", requests.get(requests.size() - 1).authorization());
    }
  }

  @Test
  void anAttachedFileIsForWhoMayHaveItWhereItIsAttached() {
    say("GET", "incident/v1/attachments/" + ITEM + "/content", 403, "{}");
    say("GET", "incident/v1/attachments/" + RIGHT + "/content", 404, "{}");
    Map.of(
            "/reports/" + ASSET + "/attachments/" + ITEM, 403,
            "/reports/" + ASSET + "/attachments/" + RIGHT, 404,
            "/reports/" + ASSET + "/attachments/" + CAMPAIGN, 503,
            "/reports/" + ASSET + "/evidence/" + ITEM, 404,
            "/assets/" + ASSET + "/attachments/" + ITEM, 404,
            "/incidents/" + ASSET + "/attachments/" + ITEM, 403,
            "/disposals/" + ASSET + "/evidence/" + DIGEST, 403)
        .forEach(
            (path, status) ->
                browser()
                    .get(path)
                    .then()
                    .statusCode(status)
                    .header("Content-Disposition", nullValue())
                    .body(containsString("<main")));
    assertFalse(asked("asset/v1/disposals/" + ASSET + "/evidence/" + DIGEST, null));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void aDisposalsPageLeadsToTheEvidenceOfEachMedium() {
    ObjectNode disposal = example("asset", "Disposal");
    String id = disposal.path("id").asText();
    ArrayNode media = (ArrayNode) disposal.path("media");
    media.addObject().put("number", 2).put("medium", "MAGNETIC").putNull("sanitisation");
    show("asset/v1/disposals/" + id, disposal);

    String page = page("/disposals/" + id);

    String evidence = "<a href=\"/disposals/" + id + "/evidence/" + DIGEST + "\">";
    assertTrue(page.contains(evidence + "Evidence of sanitisation, medium 1</a>"), page);
    assertFalse(page.contains("Evidence of sanitisation, medium 2"), page);
  }

  @Test
  void whatAnAssetNeedsIsAListThatEndsWhereItGoesInACircle() {
    ObjectNode first = asset("IN_SERVICE");
    ObjectNode second = asset("IN_SERVICE").put("id", ITEM).put("name", "db-1");
    first.putArray("dependsOn").add(ITEM);
    second.putArray("dependsOn").add(ASSET).add(RIGHT);
    show("asset/v1/assets/" + ASSET, first);
    show("asset/v1/assets/" + ITEM, second);
    list("asset/v1/assets?dependsOn=" + ASSET, asset("IN_STOCK").put("id", ADA).put("name", "x-1"));

    String page = page("/assets/" + ASSET + "/dependencies");
    assertTrue(page.contains("<a href=\"/assets/" + ITEM + "\">db-1</a>"), page);
    assertTrue(page.contains("<a href=\"/assets/" + ADA + "\">x-1</a>"), page);
    assertTrue(page.contains("Not all of it is shown"), page);
    assertFalse(page.contains("style="), page);
  }

  @Test
  void whatNeedsWhatIsDrawnWithABoxForEachAssetAndAnArrowForEachNeed() {
    ObjectNode shop = asset("IN_SERVICE");
    ObjectNode database =
        asset("IN_SERVICE")
            .put("id", ITEM)
            .put("name", "the database of the orders")
            .put("kind", "DATABASE");
    ObjectNode server = asset("IN_SERVICE").put("id", RIGHT).put("name", "srv-1");
    ObjectNode client = asset("IN_STOCK").put("id", ADA).put("name", "x-1");
    shop.putArray("dependsOn").add(ITEM).add(RIGHT);
    database.putArray("dependsOn").add(RIGHT);
    server.putArray("dependsOn").add(ASSET);
    client.putArray("dependsOn").add(ASSET).add(CAMPAIGN);
    show("asset/v1/assets/" + ASSET, shop);
    show("asset/v1/assets/" + ITEM, database);
    show("asset/v1/assets/" + RIGHT, server);
    list("asset/v1/assets?dependsOn=" + ASSET, client, server);

    String page = page("/assets/" + ASSET + "/dependencies");

    XmlPath html = new XmlPath(CompatibilityMode.HTML, page);
    String graph = "**.find { it.@class == 'graph' }";
    List<String> boxes = html.getList(graph + ".'**'.findAll { it.name() == 'a' }*.@href");
    assertEquals(
        List.of("/assets/" + ADA, "/assets/" + ASSET, "/assets/" + ITEM, "/assets/" + RIGHT),
        boxes);
    assertEquals(
        List.of(
            "x-1, Server, In stock",
            "web-1, Server, In service",
            "the database of the orders, Database, In service",
            "srv-1, Server, In service"),
        html.getList(graph + ".'**'.findAll { it.name() == 'a' }*.@aria-label"));
    // What needs it is left of it, what it needs right: an arrow for each need between the four
    assertEquals(5, page.split("<path class=\"arrow\"", -1).length - 1, page);
    assertTrue(page.contains(">the database of the o…</text>"), page);
    assertTrue(page.contains("role=\"group\" aria-labelledby=\"drawing\""), page);
    assertFalse(page.contains("style="), page);
    assertFalse(page.contains("<script>"), page);
  }

  @Test
  void anAssetThatIsAloneIsNotDrawn() {
    ObjectNode alone = asset("IN_SERVICE");
    alone.putArray("dependsOn");
    show("asset/v1/assets/" + ASSET, alone);
    String page = page("/assets/" + ASSET + "/dependencies");
    assertFalse(page.contains("<svg"), page);
    assertTrue(page.contains("It needs nothing else."), page);
  }

  @Test
  void theNetworkIsAMatrixOfWhatMayTalkToWhat() {
    ObjectNode office = example("asset", "Zone").put("id", ADA).put("name", "Office");
    ObjectNode hosting = example("asset", "Zone").put("id", ITEM).put("name", HOSTILE);
    ObjectNode quiet = example("asset", "Zone").put("id", RIGHT).put("name", "Quiet");
    list("asset/v1/zones", office, hosting, quiet);
    ObjectNode flow = example("asset", "Flow").put("fromZone", ADA).put("toZone", ITEM);
    list("asset/v1/flows?stage=APPROVED&limit=200", flow);

    String page = page("/network");
    assertTrue(page.contains("<a href=\"/zones/" + ADA + "\">Office</a>"), page);
    assertTrue(
        page.contains("<a href=\"/flows/" + flow.path("id").asText() + "\">TCP 443,8000-8099</a>"),
        page);
    assertTrue(page.contains("Zones without any: 1"), page);
    assertInert(page);

    // What was approved for a time that is over allows nothing any more
    list("asset/v1/flows?stage=APPROVED&limit=200", flow.put("validUntil", "2026-01-01T00:00:00Z"));
    page = page("/network");
    assertTrue(page.contains("No flow is approved"), page);
    assertTrue(page.contains("Zones without any: 3"), page);
    list("asset/v1/flows", flow);
    page = page("/flows");
    assertTrue(page.contains("<a href=\"/flows?stage=APPROVED\">Approved</a>"), page);
  }

  private static final String EXCEPTION = "01937f63-5e41-7d77-a04f-5c9a8d3f1c07";

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void whatSomebodyMayAskForTheyAskForOnAPageAndSeeItThen() {
    list("audit/v1/control-exceptions");
    String to = "/control-exceptions/new";
    assertTrue(page("/control-exceptions").contains("<a href=\"" + to + "\">Ask for an exception"));
    say(
        "POST",
        "audit/v1/control-exceptions",
        201,
        example("audit", "ControlException").toString(),
        "Vigie-Receipt",
        "http://127.0.0.1:8085/v1/receipts/" + RECEIPT);

    // What the address has is typed already
    Form form = Form.on(to + "?rule=R3.3&object=asset/" + ASSET + "&nothing=x", to);
    assertEquals("R3.3", form.hidden("f.rule"));
    assertEquals("asset/" + ASSET, form.hidden("f.object"));
    form.filled()
        .formParam("f.rule", "R3.3")
        .formParam("f.object", "")
        .formParam("f.reason", "Its successor begins in June")
        .formParam("f.endsAt", "2026-06-15T02:00")
        .post(to)
        .then()
        .statusCode(303)
        .header(
            "Location",
            endsWith(
                "/control-exceptions/" + EXCEPTION + "?done=ask-exception&receipt=" + RECEIPT));

    assertEquals(1, sent().size());
    assertEquals(form.hidden("key"), sent().get(0).key());
    assertNull(sent().get(0).version());
    assertEquals(
        JSON.createObjectNode()
            .put("rule", "R3.3")
            .put("reason", "Its successor begins in June")
            .put("endsAt", "2026-06-15T00:00:00Z"),
        sent().get(0).body());
    show("audit/v1/control-exceptions/" + EXCEPTION, example("audit", "ControlException"));
    String page = page("/control-exceptions/" + EXCEPTION + "?done=ask-exception");
    assertTrue(page.contains("Done: Ask for an exception"), page);
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void whatIsNotMadeIsToldWithWhatWasTypedAndSentAgainUnderItsKeyWhereNobodyAnswered() {
    String to = "/control-exceptions/new";
    Form form = Form.on(to, to);
    RequestSpecification whole =
        form.filled()
            .formParam("f.rule", "R3.3")
            .formParam("f.reason", "Because")
            .formParam("f.endsAt", "2026-06-15T02:00");
    form.filled()
        .formParam("f.rule", "R3.3")
        .post(to)
        .then()
        .statusCode(400)
        .body(containsString("This is needed."))
        .body(containsString("value=\"R3.3\""));
    assertEquals(List.of(), sent());

    say("POST", "audit/v1/control-exceptions", 503, "{}");
    whole
        .post(to)
        .then()
        .statusCode(503)
        .body(containsString("send it again in a moment"))
        .body(containsString("value=\"" + form.hidden("key") + "\""))
        .body(containsString("Because"));
    say(
        "POST",
        "audit/v1/control-exceptions",
        400,
        "{\"detail\": \"Not so.\", \"errors\": [{\"field\": \"endsAt\", \"message\": \"is too far\"}]}");
    String page = whole.post(to).then().statusCode(400).extract().asString();
    assertTrue(page.contains("Ends: <span lang=\"en\">is too far</span>"), page);
    assertTrue(page.contains("Because"), page);
    assertFalse(page.contains("value=\"" + form.hidden("key") + "\""), page);
  }

  @Test
  void nobodyMakesWhatIsNotTheirsToMake() {
    list("access/v1/business-profiles");
    assertFalse(page("/business-profiles").contains("/business-profiles/new"));
    browser().get("/business-profiles/new").then().statusCode(403);
    browser().get("/assets/new").then().statusCode(404);
    browser().get("/control-exceptions/new").then().statusCode(403);
    Form form = Form.on("/delegations/new", "/delegations/new");
    assertEquals("me", form.hidden("f.person"));
    form.filled()
        .formParam("f.name", "Everything")
        .formParam("f.entitlements", ASSET)
        .post("/business-profiles/new")
        .then()
        .statusCode(403);
    assertEquals(List.of(), sent());
  }

  @Test
  @TestSecurity(
      user = "alma",
      roles = {"staff", "access-manager"})
  void whatIsSentWholeIsAsItStandsButForWhatWasTyped() {
    ObjectNode client = example("access", "Client").put("state", "ACTIVE");
    String id = client.path("id").asText();
    show("access/v1/clients/" + id, client);
    list("access/v1/client-accesses");
    say("PUT", "access/v1/clients/" + id, 200, client.toString());
    String to = "/clients/" + id + "/renew-contract";
    Form.on("/clients/" + id, to)
        .filled()
        .formParam("f.contract.endsOn", "2029-12-31")
        .formParam("f.contract.reference", "")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/clients/" + id + "?done=renew-contract"));

    ObjectNode wanted = example("access", "ClientProfile");
    ((ObjectNode) wanted.path("contract")).put("endsOn", "2029-12-31");
    assertEquals(wanted, sent().get(0).body());
    assertEquals("\"5\"", sent().get(0).version());
    // And for somebody without a host none is sent
    show("access/v1/people/" + ADA, person().without(List.of("host", "endsOn")));
    say("PUT", "access/v1/people/" + ADA, 200, person().toString());
    String reassign = "/people/" + ADA + "/reassign";
    Form.on("/people/" + ADA, reassign)
        .filled()
        .formParam("f.manager", ITEM)
        .post(reassign)
        .then()
        .statusCode(303);
    assertEquals(
        example("access", "PersonDetails").put("manager", ITEM).without(List.of("host", "endsOn")),
        sent().get(1).body());
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whatIsInsideSomethingIsSentInsideItAndSeveralAreAList() {
    say(
        "POST",
        "access/v1/duty-conflicts",
        201,
        example("access", "DutyConflict").put("state", "EXCEPTED").toString());
    String to = "/duty-conflicts/new";
    Form.on(to, to)
        .filled()
        .formParam("f.rule", ASSET)
        .formParam("f.person", ADA)
        .formParam("f.exception.reason", "Two people run the office")
        .formParam("f.exception.compensatingControl", "The accountant looks")
        .formParam("f.exception.until", "2026-09-01T10:00")
        .post(to)
        .then()
        .statusCode(303);
    ObjectNode wanted = JSON.createObjectNode().put("rule", ASSET).put("person", ADA);
    wanted
        .putObject("exception")
        .put("reason", "Two people run the office")
        .put("compensatingControl", "The accountant looks")
        .put("until", "2026-09-01T08:00:00Z");
    assertEquals(wanted, sent().get(0).body());

    say("POST", "audit/v1/audits", 201, example("audit", "Audit").toString());
    Form.on("/audit-plans/new", "/audit-plans/new")
        .filled()
        .formParam("f.title", "Access control 2026")
        .formParam("f.kind", "INTERNAL")
        .formParam("f.rules", " R4.1 \r\nR4.6\r\n\r\nR4.7")
        .formParam("f.clients", "")
        .formParam("f.auditor", ADA)
        .formParam("f.periodFrom", "2026-02-02T09:00")
        .formParam("f.periodUntil", "2026-02-14T19:00")
        .post("/audit-plans/new")
        .then()
        .statusCode(303)
        .header("Location", containsString("/audit-plans/01936f2a-5c00-7000-8000-000000000001"));
    ObjectNode audit = JSON.createObjectNode();
    audit.putArray("rules").add("R4.1").add("R4.6").add("R4.7");
    audit.putArray("clients");
    audit
        .put("title", "Access control 2026")
        .put("kind", "INTERNAL")
        .put("auditor", ADA)
        .put("periodFrom", "2026-02-02T08:00:00Z")
        .put("periodUntil", "2026-02-14T18:00:00Z");
    assertEquals(audit, sent().get(1).body());
  }

  @Test
  @TestSecurity(
      user = "marc",
      roles = {"staff", "access-manager"})
  void whatIsOfAListInsideOfAnotherIsSentThereAndWhatIsInsideTwiceIsSentThere() {
    say("POST", "access/v1/clients", 201, example("access", "Client").toString());
    Form.on("/clients/new", "/clients/new")
        .filled()
        .formParam("f.name", "Société Exemple")
        .formParam("f.contract.reference", "2026-014")
        .formParam("f.contract.startsOn", "2026-01-01")
        .formParam("f.contract.endsOn", "")
        .formParam("f.contract.file", "9f86")
        .formParam("f.data.0.category", "identity")
        .formParam("f.data.0.assets.0", ASSET)
        .formParam("f.data.1.category", "")
        .formParam("f.data.1.assets.0", "")
        .formParam("f.notificationDelayHours", "48")
        .formParam("f.contact.name", "Dominique")
        .formParam("f.contact.email", "rssi@societe-exemple.example")
        .formParam("f.contact.phone", "")
        .post("/clients/new")
        .then()
        .statusCode(303);
    ObjectNode client =
        JSON.createObjectNode().put("name", "Société Exemple").put("notificationDelayHours", 48);
    client
        .putObject("contract")
        .put("reference", "2026-014")
        .put("startsOn", "2026-01-01")
        .put("file", "9f86");
    client.putArray("data").addObject().put("category", "identity").putArray("assets").add(ASSET);
    client
        .putObject("contact")
        .put("name", "Dominique")
        .put("email", "rssi@societe-exemple.example");
    assertEquals(client, sent().get(0).body());

    say("POST", "access/v1/entitlements", 201, example("access", "Entitlement").toString());
    Form.on("/entitlements/new", "/entitlements/new")
        .filled()
        .formParam("f.asset", ASSET)
        .formParam("f.name", "read")
        .formParam("f.type", "APPLICATION_ROLE")
        .formParam("f.terms.owner", ADA)
        .formParam("f.terms.sensitivity", "NORMAL")
        .formParam("f.terms.longest", "PT4320H")
        .formParam("f.terms.directory.kind", "ROLE")
        .formParam("f.terms.directory.name", "files-reader")
        .post("/entitlements/new")
        .then()
        .statusCode(303);
    assertEquals("files-reader", sent().get(1).body().at("/terms/directory/name").asText());
  }

  private static final String AUDIT = "01936f2a-5c00-7000-8000-000000000001";
  private static final String FINDING = "01937f63-5e41-7d77-a04f-5c9a8d3f1be5";

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void anAuditGoesFromItsPlanToItsEndAndItsFindingsAreActedOnByOneAndVerifiedByAnother() {
    ObjectNode audit = example("audit", "Audit").put("state", "PLANNED");
    show("audit/v1/audits/" + AUDIT, audit);
    list("audit/v1/audit-findings", example("audit", "AuditFinding"));
    assertEquals(List.of("open", "cancel"), offered("/audit-plans/" + AUDIT));
    show("audit/v1/audits/" + AUDIT, audit.put("state", "BEGUN").put("unsettled", 1));
    assertEquals(List.of("raise-finding", "cancel"), offered("/audit-plans/" + AUDIT));
    show("audit/v1/audits/" + AUDIT, audit.put("unsettled", 0));
    assertEquals(List.of("raise-finding", "close", "cancel"), offered("/audit-plans/" + AUDIT));
    String page = page("/audit-plans/" + AUDIT);
    assertTrue(page.contains("<a href=\"/audit-findings/" + FINDING + "\">NC-01</a>"), page);
    assertTrue(page.contains("<a href=\"/audits/" + AUDIT + "\">Room of the audit</a>"), page);

    ObjectNode finding =
        example("audit", "AuditFinding").put("state", "OPEN").put("owner", "charlie");
    show("audit/v1/audit-findings/" + FINDING, finding);
    assertEquals(List.of("say-done"), offered("/audit-findings/" + FINDING));
    show(
        "audit/v1/audit-findings/" + FINDING,
        finding.put("state", "ACTED").put("actedBy", "charlie"));
    assertEquals(List.of(), offered("/audit-findings/" + FINDING));
    show(
        "audit/v1/audit-findings/" + FINDING,
        finding.put("owner", "sacha").put("actedBy", "sacha"));
    assertEquals(List.of("verify", "leave-as-is"), offered("/audit-findings/" + FINDING));
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void aFieldIsReadAsTheRegisterOfItsObjectMeansIt() {
    String account = person().path("subject").asText();
    show(
        "audit/v1/audit-findings/" + FINDING,
        example("audit", "AuditFinding").put("owner", account));
    list("access/v1/people", person());
    String page = page("/audit-findings/" + FINDING);
    assertTrue(page.contains("<a href=\"/people?subject=" + account + "\">Ada Lovelace</a>"), page);
    assertFalse(page.contains("href=\"/people/" + account), page);

    ObjectNode finding = example("access", "InspectionFinding");
    String id = finding.path("id").asText();
    show("access/v1/inspection-findings/" + id, finding);
    page = page("/inspection-findings/" + id);
    assertTrue(page.contains("<a href=\"/people/" + ADA + "\">Ada Lovelace</a>"), page);
    String zone = finding.path("zone").asText();
    assertTrue(page.contains("href=\"/physical-zones/" + zone), page);
    ObjectNode program = example("access", "ServiceAccount");
    show("access/v1/service-accounts/" + program.path("id").asText(), program);
    page = page("/service-accounts/" + program.path("id").asText());
    assertFalse(page.contains("subject=" + program.path("subject").asText()), page);
    // A review certifies it, and a right by what it is of
    assertTrue(page.contains("<a href=\"/campaigns/new\">Have it certified by a review</a>"), page);
    ObjectNode right = example("access", "Right");
    show("access/v1/rights/" + RIGHT, right);
    String review = "/campaigns/new?scope.entitlements=" + right.path("entitlementId").asText();
    assertTrue(page("/rights/" + RIGHT).contains("<a href=\"" + review + "\">"), page);
    assertTrue(page(review).contains(">" + right.path("entitlementId").asText() + "</textarea>"));
  }

  @Test
  void whatWasRevokedIsSaidToBeGoneByWhoSawIt() {
    String waiting = "access/v1/campaigns/" + CAMPAIGN + "/confirmations";
    String to = "/campaigns/" + CAMPAIGN + "/confirmations";
    show("access/v1/campaigns/" + CAMPAIGN, example("access", "Campaign"));
    list(waiting, example("access", "ReviewItem"));
    Form form = Form.on(to, to);
    assertTrue(page(to).contains("Ada Lovelace: read"));
    form.filled().post(to).then().statusCode(400).body(containsString("Tick one at least."));
    assertEquals(List.of(), sent());

    say("POST", waiting, 422, JSON.createObjectNode().put("detail", HOSTILE).toString());
    String page =
        form.filled().formParam("item", ITEM).post(to).then().statusCode(400).extract().asString();
    assertInert(page);
    assertTrue(page.contains("value=\"" + ITEM + "\" checked"), page);

    say("POST", waiting, 200, NOTHING);
    form.filled()
        .formParam("item", ITEM)
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith(to + "?done=1"));
    assertEquals("{\"items\":[\"" + ITEM + "\"]}", sent().get(1).body().toString());
    list(waiting);
    assertTrue(page(to + "?done=1").contains("1 confirmed."));
    assertTrue(page(to).contains("Nothing waits for your confirmation here."));
    list(waiting, hostile(example("access", "ReviewItem")));
    assertInert(page(to));
  }

  /** All texts of an object are hostile, and a field's name too. */
  private static ObjectNode hostile(ObjectNode object) {
    for (Map.Entry<String, JsonNode> each : new ArrayList<>(object.properties())) {
      boolean needed = List.of("id", "state", "stage").contains(each.getKey());
      if (each.getValue().isTextual() && !needed) {
        object.set(each.getKey(), new TextNode(HOSTILE));
      } else if (each.getValue().isObject()) {
        hostile((ObjectNode) each.getValue());
      } else if (each.getValue().isArray() && !each.getValue().isEmpty()) {
        object.putArray(each.getKey()).add(HOSTILE);
      }
    }
    return object.put(HOSTILE, HOSTILE);
  }

  private static void assertInert(String page) {
    assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
    assertTrue(page.contains("{inject:viewer.name}{#include base/}"), page);
    assertFalse(page.contains("<script>alert"), page);
    assertFalse(page.contains("<img src=x"), page);
    assertFalse(page.contains("href=\"javascript"), page);
    assertFalse(page.contains("style="), page);
  }

  @ParameterizedTest
  @CsvSource({
    "assets,asset/v1/assets,asset,Asset",
    "suppliers,asset/v1/suppliers,asset,Supplier",
    "vulnerabilities,asset/v1/vulnerabilities,asset,Vulnerability",
    "advisories,asset/v1/advisories,asset,Advisory",
    "zones,asset/v1/zones,asset,Zone",
    "flows,asset/v1/flows,asset,Flow",
    "network-findings,asset/v1/network-findings,asset,NetworkFinding",
    "people,access/v1/people,access,Person",
    "rights,access/v1/rights,access,Right",
    "entitlements,access/v1/entitlements,access,Entitlement",
    "campaigns,access/v1/campaigns,access,Campaign",
    "delegations,access/v1/delegations,access,Delegation",
    "business-profiles,access/v1/business-profiles,access,BusinessProfile",
    "profile-assignments,access/v1/profile-assignments,access,ProfileAssignment",
    "service-accounts,access/v1/service-accounts,access,ServiceAccount",
    "duty-conflicts,access/v1/duty-conflicts,access,DutyConflict",
    "duty-rules,access/v1/duty-rules,access,DutyRule",
    "drifts,access/v1/drifts,access,Drift",
    "directory-changes,access/v1/directory/changes,access,DirectoryChange",
    "clients,access/v1/clients,access,Client",
    "client-accesses,access/v1/client-accesses,access,ClientAccess",
    "courses,access/v1/courses,access,Course",
    "visits,access/v1/visits,access,Visit",
    "badges,access/v1/badges,access,Badge",
    "keys,access/v1/keys,access,Key",
    "physical-zones,access/v1/physical-zones,access,PhysicalZone",
    "inspection-findings,access/v1/inspection-findings,access,InspectionFinding",
    "control-exceptions,audit/v1/control-exceptions,audit,ControlException",
    "re-evaluations,audit/v1/re-evaluations,audit,Reevaluation",
    "audit-plans,audit/v1/audits,audit,Audit",
    "audit-findings,audit/v1/audit-findings,audit,AuditFinding",
    "reports,incident/v1/security-events,incident,SecurityEvent",
    "incidents,incident/v1/incidents,incident,Incident",
    "alerts,incident/v1/alerts,incident,Alert",
    "scan-findings,incident/v1/scan-findings,incident,ScanFinding",
    "notification-clocks,incident/v1/notification-clocks,incident,NotificationClock",
    "backup-plans,backup/v1/plans,backup,BackupPlan",
    "backup-runs,backup/v1/runs,backup,BackupRun",
    "restore-tests,backup/v1/restore-tests,backup,RestoreTest",
    "documents,asset/v1/documents,asset,Document",
    "disposals,asset/v1/disposals,asset,Disposal",
    "posture-exemptions,asset/v1/posture-exemptions,asset,PostureExemption",
    "deployments,asset/v1/deployments,asset,Deployment",
    "feeds,asset/v1/feeds,asset,Feed",
    "notices,asset/v1/notices,asset,Notice",
    "site-closures,asset/v1/site-closures,asset,SiteClosure",
    "monitors,incident/v1/monitors,incident,Monitor",
    "silences,incident/v1/silences,incident,Silence",
    "rota,incident/v1/rota,incident,RotaShift",
    "playbooks,incident/v1/playbooks,incident,Playbook",
    "playbook-runs,incident/v1/playbook-runs,incident,PlaybookRun",
    "backup-exceptions,backup/v1/backup-exceptions,backup,BackupException",
    "backup-accesses,backup/v1/backup-accesses,backup,BackupAccess",
    "backup-deletions,backup/v1/backup-deletions,backup,BackupDeletion",
    "backup-holds,backup/v1/backup-holds,backup,BackupHold",
    "retention-decisions,backup/v1/retention-decisions,backup,RetentionDecision",
    "critical-functions,backup/v1/critical-functions,backup,CriticalFunction",
    "continuity-plans,backup/v1/continuity-plans,backup,ContinuityPlan",
    "continuity-exercises,backup/v1/continuity-exercises,backup,ContinuityExercise"
  })
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso", "responder", "sysadmin", "asset-manager", "access-manager"})
  void hostileTextIsInertInEveryRegister(
      String register, String path, String service, String name) {
    ObjectNode object = hostile(example(service, name));
    String id = object.path("id").asText();
    list(path, object);
    show(path + "/" + id, object);
    show("backup/v1/plans/" + ASSET + "/runs/" + id, object);

    String rows = page("/" + register);
    assertInert(rows);
    assertTrue(rows.contains("href=\"/" + register + "/export.csv\""), rows);
    assertInert(page("/" + register + "/" + id + "?plan=" + ASSET));
  }

  @Test
  @TestSecurity(
      user = "rita",
      roles = {"staff", "responder"})
  void whoReadsFrenchIsToldInFrenchWhatTheRulesRefuseAndInEnglishWhatTheServiceAdds() {
    // Given
    ObjectNode alert = example("incident", "Alert").put("state", "FIRING");
    String id = alert.path("id").asText();
    show("incident/v1/alerts/" + id, alert);
    ObjectNode refusal =
        JSON.createObjectNode()
            .put("type", "urn:vigie:problem:alert-not-firing")
            .put("detail", "It is RESOLVED" + HOSTILE);
    ArrayNode errors = refusal.putArray("errors");
    errors.addObject().put("field", "validUntil").put("message", "is past");
    errors.addObject().put("field", "what[3].ever" + HOSTILE).put("message", "is new" + HOSTILE);
    say("POST", "incident/v1/alerts/" + id + "/acknowledgement", 409, refusal.toString());
    String to = "/alerts/" + id + "/acknowledge";
    String sentence = "Cette alerte n&#39;est plus active. Seule";

    // When
    String french = refused(to, "fr");
    String english = refused(to, "en");
    refusal.put("type", "urn:vigie:problem:nobody-knows-this");
    say("POST", "incident/v1/alerts/" + id + "/acknowledgement", 409, refusal.toString());
    String unknown = refused(to, "fr");

    // Then
    assertInert(french);
    assertTrue(french.contains("<p class=\"mb-1\">" + sentence), french);
    String said = "<ul class=\"mb-0 small\"><li class=\"text-break\" lang=\"en\">It is RESOLVED";
    assertTrue(french.indexOf(said) > french.indexOf(sentence), french);
    assertTrue(french.contains(">Valable jusqu&#39;au: <span lang=\"en\">is past</span>"), french);
    assertTrue(french.contains(">what[3].ever&lt;script&gt;"), french);
    assertInert(english);
    assertFalse(english.contains(sentence), english);
    assertFalse(english.contains("<p class=\"mb-1\">"), english);
    assertTrue(english.contains("<ul class=\"mb-0\"><li class=\"text-break\" lang=\"en\">It is"));
    assertTrue(english.contains("<span lang=\"en\">is past</span>"), english);
    assertInert(unknown);
    assertTrue(unknown.contains("<ul class=\"mb-0\"><li class=\"text-break\" lang=\"en\">It is"));
  }

  private static String refused(String to, String language) {
    return Form.on(to.replace("/acknowledge", ""), to)
        .filled()
        .header("Accept-Language", language)
        .formParam("f.note", "I look at it.")
        .post(to)
        .then()
        .statusCode(400)
        .extract()
        .asString();
  }

  @Test
  void hostileTextIsInertInFormsReviewsAndRefusals() {
    String encoded = java.net.URLEncoder.encode(HOSTILE, UTF_8);
    assertInert(browser().urlEncodingEnabled(false).get("/assets?name=" + encoded).asString());
    assertInert(
        browser().urlEncodingEnabled(false).get("/delegations/new?reason=" + encoded).asString());
    campaignThatAsks(hostile(item(ITEM, "NORMAL")));
    String to = "/campaigns/" + CAMPAIGN + "/review";
    assertInert(page(to));
    say(
        "POST",
        "access/v1/campaigns/" + CAMPAIGN + "/decisions",
        422,
        JSON.createObjectNode().put("detail", HOSTILE).toString());
    assertInert(
        answered(Form.on(to, to), "CERTIFY")
            .formParam("reason." + ITEM, HOSTILE)
            .post(to)
            .asString());

    show("asset/v1/assets/" + ASSET, hostile(asset("IN_SERVICE")));
    say(
        "POST",
        "asset/v1/assets/" + ASSET + "/loss",
        422,
        JSON.createObjectNode().put("detail", HOSTILE).toString());
    assertInert(
        Form.on("/assets/" + ASSET, "/assets/" + ASSET + "/lose")
            .filled()
            .formParam("f.circumstances", "</textarea>" + HOSTILE)
            .formParam("f.occurredAt", "2026-03-01T18:04")
            .post("/assets/" + ASSET + "/lose")
            .then()
            .body(not(containsString("</textarea><")))
            .extract()
            .asString());
    list("asset/v1/assets?dependsOn=" + ASSET, hostile(asset("IN_STOCK").put("id", ADA)));
    String drawn = page("/assets/" + ASSET + "/dependencies");
    assertInert(drawn);
    assertTrue(drawn.contains("<text x=\"8\" y=\"23\">&lt;script&gt;alert(1)"), drawn);
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void nothingIsAskedOfAPathThatAnAddressMadeUp() {
    for (String plan : List.of("..", "../../v1/assets", HOSTILE, "")) {
      browser().queryParam("plan", plan).get("/backup-runs/" + ASSET).then().statusCode(404);
    }
    assertEquals(List.of(), requests);
    // And a service that does not know who asks is no page that does not exist
    say("GET", "backup/v1/plans/" + ASSET, 401, "{}");
    browser().get("/backup-plans/" + ASSET).then().statusCode(503);
  }

  @Test
  void pagesAreInTheirReadersLanguage() {
    list("asset/v1/assets", asset("IN_SERVICE"));
    String page =
        browser().header("Accept-Language", "fr").get("/assets").then().extract().asString();
    assertTrue(page.contains("<h1 id=\"rows\">Biens</h1>"), page);
    assertTrue(page.contains(">En service<"), page);
    assertTrue(page.contains("Page suivante") || page.contains("Télécharger en CSV"), page);
  }

  @Test
  @TestSecurity(
      user = "ada",
      roles = {"staff", "asset-manager"})
  void aVersionThatSomebodyElseSubmittedIsChosenAmongThoseOfItsDocumentAndApproved() {
    ObjectNode document = example("asset", "Document");
    String id = document.path("id").asText();
    show("asset/v1/documents/" + id, document);
    String versions = "asset/v1/documents/" + id + "/versions";
    ObjectNode waiting = example("asset", "DocumentVersion").put("decision", "SUBMITTED");
    list("asset/v1/documents/" + id + "/acknowledgements");
    list(versions, waiting.deepCopy().put("author", "ada"));
    assertFalse(offered("/documents/" + id).contains("approve-version"), "it is one's own");
    list(
        versions,
        waiting.deepCopy().put("id", ITEM).put("number", 2).put("decision", "APPROVED"),
        waiting);
    String version = waiting.path("id").asText();
    say("POST", versions + "/" + version + "/approval", 200, document.toString());

    String page = page("/documents/" + id);
    assertTrue(page.contains("<h1 class=\"text-break\">Incident procedure</h1>"), page);
    assertTrue(
        page.contains(
            "href=\"/my/documents/" + id + "/versions/" + document.path("pending").asText()),
        page);
    assertTrue(page.contains("<option value=\"" + version + "\">1 First version</option>"), page);
    assertFalse(page.contains("<option value=\"" + ITEM), page);
    String to = "/documents/" + id + "/approve-version";
    Form.on("/documents/" + id, to)
        .filled()
        .formParam("f.documentVersion", version)
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/documents/" + id + "?done=approve-version"));
    Request sent = sent().get(0);
    assertEquals(versions + "/" + version + "/approval", sent.path());
    assertEquals("\"5\"", sent.version());
    assertNull(sent.body(), "there is nothing to say");

    // And what is no row of it goes into no path
    for (String made : List.of("..", "a/b", "?", HOSTILE)) {
      Form.on("/documents/" + id, to)
          .filled()
          .formParam("f.documentVersion", made)
          .post(to)
          .then()
          .statusCode(400);
    }
    assertEquals(1, sent().size());
    assertTrue(
        browser()
            .header("Accept-Language", "fr")
            .get("/documents/" + id)
            .asString()
            .contains("<h1 class=\"text-break\">Procédure de gestion des incidents</h1>"));
  }

  @Test
  @TestSecurity(
      user = "ada",
      roles = {"staff", "asset-manager"})
  void aDocumentIsGivenAnotherOwnerAndKeepsAllElseOfItsSheet() {
    ObjectNode document = example("asset", "Document");
    String id = document.path("id").asText();
    show("asset/v1/documents/" + id, document);
    list("asset/v1/documents/" + id + "/versions");
    list("asset/v1/documents/" + id + "/acknowledgements");
    list("access/v1/people?name=Grace", person().put("id", ITEM));
    say("PUT", "asset/v1/documents/" + id, 200, document.toString());

    String to = "/documents/" + id + "/assign-owner";
    Form.on("/documents/" + id, to)
        .filled()
        .formParam("f.owner", "Grace")
        .post(to)
        .then()
        .statusCode(303);

    ObjectNode sheet = (ObjectNode) document.path("sheet").deepCopy();
    assertEquals(sheet.put("owner", ITEM), sent().get(0).body());
    assertEquals("\"5\"", sent().get(0).version());
  }

  @Test
  void aTaskOfAnIncidentIsDoneByWhoMayNotSeeTheIncident() {
    ObjectNode task = example("incident", "IncidentTask").put("state", "OPEN");
    String id = task.path("id").asText();
    String path = "incident/v1/incidents/" + ITEM + "/tasks/" + id;
    show(path, task);
    say("POST", path + "/completion", 200, task.toString(), "Vigie-Receipt", "/v1/r/" + RECEIPT);

    String here = "/incident-tasks/" + id + "?incident=" + ITEM;
    String to = "/incident-tasks/" + id + "/complete?incident=" + ITEM;
    Form.on(here, to)
        .filled()
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith(here + "&done=complete&receipt=" + RECEIPT));
    assertEquals("\"5\"", sent().get(0).version());
    browser().get(to).then().statusCode(303).header("Location", endsWith(here));

    // And of which incident it is must be said, and nobody has a list of all
    browser().get("/incident-tasks/" + id).then().statusCode(404);
    browser().get("/incident-tasks").then().statusCode(404);
    assertFalse(page("/registers").contains("/incident-tasks"));
  }

  @Test
  void aLessonIsFollowedUpByItsOwnerWhereTheyReadItInTheListOfItsRun() {
    ObjectNode lesson =
        example("incident", "PlaybookLesson").without(List.of("followedUpAt", "followedUpBy"));
    String id = lesson.path("id").asText();
    String lessons = "incident/v1/playbook-runs/" + ITEM + "/lessons";
    list(lessons, lesson.deepCopy().put("id", RIGHT), lesson.put("owner", "sacha"));
    say("POST", lessons + "/" + id + "/follow-up", 200, lesson.toString());

    String here = "/playbook-lessons/" + id + "?run=" + ITEM;
    String to = "/playbook-lessons/" + id + "/follow-up?run=" + ITEM;
    Form.on(here, to)
        .filled()
        .formParam("f.outcome", "We call each month")
        .post(to)
        .then()
        .statusCode(303)
        .header("Location", endsWith(here + "&done=follow-up"));
    assertEquals("We call each month", sent().get(0).body().path("outcome").asText());

    // Of somebody else's lesson they read, and of none that is not in the list
    assertTrue(page(here).contains("/follow-up?run="), "it is one's own");
    assertFalse(page("/playbook-lessons/" + RIGHT + "?run=" + ITEM).contains("/follow-up"));
    browser().get("/playbook-lessons/" + ADA + "?run=" + ITEM).then().statusCode(404);
  }

  @Test
  @TestSecurity(
      user = "ada",
      roles = {"staff", "asset-manager"})
  void aRetiredAssetsDisposalIsAskedForWithEachMediumInIt() {
    show("asset/v1/assets/" + ASSET, asset("RETIRED"));
    ObjectNode disposal = example("asset", "Disposal");
    say("POST", "asset/v1/disposals", 201, disposal.toString());

    String to = "/assets/" + ASSET + "/dispose";
    Form.on("/assets/" + ASSET, to)
        .filled()
        .formParam("f.reason", "End of support")
        .formParam("f.media.0.medium", "FLASH")
        .formParam("f.media.0.identifier", "S4EVNX0N")
        .post(to)
        .then()
        .statusCode(303)
        .header(
            "Location", endsWith("/disposals/" + disposal.path("id").asText() + "?done=dispose"));
    assertEquals(example("asset", "DisposalRequest").put("asset", ASSET), sent().get(0).body());

    Form.on("/assets/" + ASSET, to)
        .filled()
        .formParam("f.reason", "It has none")
        .post(to)
        .then()
        .statusCode(303);
    assertEquals(JSON.createArrayNode(), sent().get(1).body().path("media"));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void aMediumIsVerifiedByWhoDidNotSanitiseIt() {
    ObjectNode disposal = example("asset", "Disposal").put("stage", "APPROVED");
    ObjectNode medium = (ObjectNode) disposal.path("media").path(0);
    medium.remove("verification");
    String id = disposal.path("id").asText();
    show("asset/v1/disposals/" + id, disposal);
    say("POST", "asset/v1/disposals/" + id + "/media/1/verification", 200, disposal.toString());

    String to = "/disposals/" + id + "/verify";
    Form.on("/disposals/" + id, to)
        .filled()
        .formParam("f.medium", "1")
        .formParam("f.passed", "true")
        .formParam("f.how", "A sample was zero")
        .post(to)
        .then()
        .statusCode(303);
    assertEquals(
        JSON.createObjectNode().put("passed", true).put("how", "A sample was zero"),
        sent().get(0).body());

    ((ObjectNode) medium.path("sanitisation")).put("operator", "sam");
    show("asset/v1/disposals/" + id, disposal);
    assertFalse(offered("/disposals/" + id).contains("verify"), "it is their own work");
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void anAssetWithoutABackupIsPlannedOnThePageOfHowItIsBackedUp() {
    ObjectNode coverage = example("backup", "AssetCoverageDetail").put("status", "UNCOVERED");
    say("GET", "backup/v1/coverage/" + ASSET, 200, coverage.toString());
    list("backup/v1/backup-exceptions");
    list("backup/v1/coverage", coverage);
    show("asset/v1/assets/" + ASSET, asset("IN_SERVICE"));
    ObjectNode plan = example("backup", "BackupPlan");
    say("POST", "backup/v1/plans", 201, plan.toString());

    assertTrue(page("/coverage").contains("<a href=\"/coverage/" + ASSET + "\">web-1</a>"));
    String to = "/coverage/" + ASSET + "/plan-backup";
    Form.on("/coverage/" + ASSET, to)
        .filled()
        .formParam("f.name", "nightly")
        .formParam("f.site", "dc-lyon")
        .formParam("f.schedule.interval", "PT24H")
        .formParam("f.schedule.tolerance", "PT2H")
        .formParam("f.copy.medium", "TAPE")
        .formParam("f.copy.protection", "OFFLINE")
        .formParam("f.copy.retentionDays", "366")
        .post(to)
        .then()
        .statusCode(303)
        .header(
            "Location",
            endsWith("/backup-plans/" + plan.path("id").asText() + "?done=plan-backup"));

    ObjectNode wanted = example("backup", "Creation");
    ((ObjectNode) wanted.path("schedule")).remove(List.of("timeOfDay", "zone"));
    ((ObjectNode) wanted.path("copy")).remove(List.of("datacenter", "server"));
    assertEquals(wanted, sent().get(0).body());
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void aRestoreTestBeginsWithTheRecoveryPointOfItsDuty() {
    ObjectNode duty = example("backup", "RestoreDutyDetail");
    say("GET", "backup/v1/restore-duties/" + ASSET, 200, duty.toString());
    list("backup/v1/restore-tests");
    list(MEASURES);
    ObjectNode test = example("backup", "RestoreTest");
    say("POST", "backup/v1/restore-tests", 201, test.toString());

    String to = "/restore-duties/" + ASSET + "/begin-test";
    Form.on("/restore-duties/" + ASSET, to)
        .filled()
        .formParam("f.depth", "L2")
        .formParam("f.reason", "It is due")
        .post(to)
        .then()
        .statusCode(303)
        .header(
            "Location",
            endsWith("/restore-tests/" + test.path("id").asText() + "?done=begin-test"));
    assertEquals(
        JSON.createObjectNode()
            .put("run", duty.path("recoveryPoint").asText())
            .put("depth", "L2")
            .put("reason", "It is due"),
        sent().get(0).body());
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void whyACopyDoesNotCountAndWhatIsAskedForIsToldInTheReadersLanguage() {
    ObjectNode coverage = example("backup", "AssetCoverageDetail");
    show("backup/v1/coverage/" + ASSET, coverage);

    String page = page("/coverage/" + ASSET);
    assertTrue(page.contains("Out of date"), page);
    assertTrue(page.contains("Production is backed up every day"), page);
    assertFalse(page.contains("La production est sauvegard"), page);

    browser()
        .header("Accept-Language", "fr")
        .get("/coverage/" + ASSET)
        .then()
        .statusCode(200)
        .body(containsString("La production est sauvegardée chaque jour"))
        .body(not(containsString("Production is backed up every day")));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void aFirstRestoreTestBeginsWithARunThatTheDutysPageLeadsTo() {
    ObjectNode run = example("backup", "BackupRun").without("prunedAt");
    String id = run.path("id").asText();
    String plan = run.path("plan").asText();
    ObjectNode duty = example("backup", "RestoreDutyDetail").without("recoveryPoint");
    say("GET", "backup/v1/restore-duties/" + ASSET, 200, duty.toString());
    list("backup/v1/runs?asset=" + ASSET + "&outcome=SUCCEEDED&sort=-startedAt", run);
    String address = "/backup-runs/" + id + "?plan=" + plan;
    String page = page("/restore-duties/" + ASSET);
    assertTrue(page.contains("href=\"" + address + "\""), page);
    assertFalse(page.contains("action-begin-test"), page);

    show("backup/v1/plans/" + plan + "/runs/" + id, run);
    ObjectNode test = example("backup", "RestoreTest");
    say("POST", "backup/v1/restore-tests", 201, test.toString());
    String to = "/backup-runs/" + id + "/begin-test?plan=" + plan;
    Form.on(address, to)
        .filled()
        .formParam("f.depth", "L1")
        .formParam("f.reason", "It is the first")
        .post(to)
        .then()
        .statusCode(303)
        .header(
            "Location",
            endsWith("/restore-tests/" + test.path("id").asText() + "?done=begin-test"));
    assertEquals(
        JSON.createObjectNode().put("run", id).put("depth", "L1").put("reason", "It is the first"),
        sent().get(0).body());

    // What is gone is not tested
    show("backup/v1/plans/" + plan + "/runs/" + id, example("backup", "BackupRun"));
    assertFalse(page(address).contains("action-begin-test"));
  }

  @Test
  @TestSecurity(
      user = "sam",
      roles = {"staff", "sysadmin"})
  void whereACopyIsIsToldOnceToWhoRecordsItsUse() {
    ObjectNode access = example("backup", "BackupAccess").put("state", "OPEN").put("holder", "sam");
    String id = access.path("id").asText();
    show("backup/v1/backup-accesses/" + id, access);
    ObjectNode use = example("backup", "BackupUse");
    say("POST", "backup/v1/backup-accesses/" + id + "/uses", 200, use.toString());

    String to = "/backup-accesses/" + id + "/record-use";
    String page =
        Form.on("/backup-accesses/" + id, to)
            .filled()
            .formParam("f.action", "RESTORE")
            .formParam("f.run", use.path("run").asText())
            .formParam("f.reason", "The mail of last week")
            .post(to)
            .then()
            .statusCode(200)
            .extract()
            .asString();

    assertTrue(page.contains("s3://backups-lyon/web-1/2026-03-02.tar.zst"), page);
    assertNull(sent().get(0).version());
    assertFalse(page("/backup-accesses/" + id).contains("s3://"));
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void aGapInTheRotaIsFilledFromItsList() {
    ObjectNode shift = example("incident", "RotaShift").without(List.of("withdrawnAt"));
    String id = shift.path("id").asText();
    list("incident/v1/rota", shift);
    assertTrue(page("/rota").contains("<a href=\"/rota/new\">Put somebody on call</a>"));
    say("POST", "incident/v1/rota", 201, shift.toString(), "Vigie-Receipt", "/v1/r/" + RECEIPT);

    Form.on("/rota/new", "/rota/new")
        .filled()
        .formParam("f.person", ADA)
        .formParam("f.from", "2026-03-16T08:00")
        .formParam("f.until", "2026-03-23T08:00")
        .post("/rota/new")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/rota/" + id + "?done=put-on-call&receipt=" + RECEIPT));
    Request sent = sent().get(0);
    assertEquals(
        JSON.createObjectNode()
            .put("person", ADA)
            .put("from", "2026-03-16T07:00:00Z")
            .put("until", "2026-03-23T07:00:00Z"),
        sent.body());
    show("incident/v1/rota/" + id, shift);
    String made = page("/rota/" + id + "?done=put-on-call");
    assertTrue(made.contains("Put somebody on call"), made);
    assertTrue(made.contains("/people?subject=" + shift.path("person").asText()), made);

    // What is refused stays typed, and is another request when it is sent again
    say("POST", "incident/v1/rota", 409, JSON.createObjectNode().put("detail", HOSTILE).toString());
    String again =
        Form.on("/rota/new", "/rota/new")
            .filled()
            .formParam("f.person", ADA)
            .formParam("f.from", "2026-03-16T08:00")
            .formParam("f.until", "2026-03-23T08:00")
            .post("/rota/new")
            .then()
            .statusCode(400)
            .extract()
            .asString();
    assertInert(again);
    assertTrue(again.contains("value=\"2026-03-16T08:00\""), again);
    assertFalse(again.contains(sent().get(1).key()), again);

    // And where nobody answers, under the same key
    say("POST", "incident/v1/rota", 503, "{}");
    String away =
        Form.on("/rota/new", "/rota/new")
            .filled()
            .formParam("f.person", ADA)
            .formParam("f.from", "2026-03-16T08:00")
            .formParam("f.until", "2026-03-23T08:00")
            .post("/rota/new")
            .then()
            .statusCode(503)
            .extract()
            .asString();
    assertTrue(away.contains("value=\"" + sent().get(2).key() + "\""), away);
  }

  @Test
  void nothingIsMadeByWhoMayNot() {
    browser().get("/rota/new").then().statusCode(403);
    browser().get("/feeds/new").then().statusCode(403);
    browser().get("/assets/new").then().statusCode(404);
    list("asset/v1/feeds");
    assertFalse(page("/feeds").contains("/feeds/new"));
  }
}
