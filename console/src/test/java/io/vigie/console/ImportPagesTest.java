package io.vigie.console;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Tables as a browser without scripts brings them in, with services that say what each comes to.
 */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(
    user = "sacha",
    roles = {"staff", "asset-manager"})
class ImportPagesTest {

  private record Sent(String query, String key, String type, String body) {}

  private static final String ASSET = "01937f1c-6b1e-7a44-9d1c-2f6d5a0c8e11";
  private static final String TABLE =
      "name,kind,serialNumber\r\nweb-1,SERVER,CZJ2140B7K\r\n<script>alert(1)</script>,LORRY,\r\ndb-1,DATABASE,\r\n";

  private static final String REFUSED =
      """
      {"dryRun": true, "passedOver": ["owner", "<b>levels"], "created": 1, "updated": 1,
       "unchanged": 5, "refused": 1, "moreErrors": 0,
       "rows": [
         {"row": 1, "result": "UPDATED", "asset": "%s", "errors": []},
         {"row": 2, "result": "REFUSED", "asset": null,
          "errors": [{"field": "kind", "message": "is not one of <b>these</b>"}]},
         {"row": 3, "result": "CREATED", "asset": null, "errors": []},
         {"row": 4, "result": "UNCHANGED", "asset": "%s", "errors": []}]}"""
          .formatted(ASSET, ASSET);

  private static final String FINE =
      """
      {"dryRun": false, "created": 1, "updated": 0, "unchanged": 0, "refused": 0, "moreErrors": 0,
       "rows": [{"row": 1, "result": "CREATED", "asset": "%s", "errors": []}]}"""
          .formatted(ASSET);

  private static final Pattern HIDDEN =
      Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

  private final List<Sent> sent = new CopyOnWriteArrayList<>();

  @BeforeEach
  void servicesThatHaveNothing() {
    Services.reset();
    Services.say("asset/v1/assets", 200, "{\"items\": []}");
    Services.say("access/v1/people", 200, "{\"items\": []}");
  }

  /** From now on the service answers so to tables that are looked at, and to those to be taken. */
  private void answer(String path, int look, String looked, int take, String taken) {
    Services.say(
        path,
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          sent.add(
              new Sent(
                  query,
                  exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          boolean isLook = query.contains("dryRun=true");
          say(exchange, isLook ? look : take, isLook ? looked : taken);
        });
  }

  private static void say(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange
        .getResponseHeaders()
        .add("Content-Type", status < 400 ? "application/json" : "application/problem+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  private static Response look(String register, byte[] table) {
    String token = browser().get("/" + register + "/import").getCookie("csrf-token");
    return browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .multiPart("table", "assets.csv", table, "text/csv")
        .post("/" + register + "/import");
  }

  private static Response look(String table) {
    return look("assets", table.getBytes(UTF_8));
  }

  private static Map<String, String> hidden(Response page) {
    String form = page.asString().split("/import/confirmation\"", 2)[1].split("</form>", 2)[0];
    return HIDDEN
        .matcher(form)
        .results()
        .collect(Collectors.toMap(field -> field.group(1), field -> field.group(2)));
  }

  /** Sends the form of the page, as it came, as a browser does that was told to send parts. */
  private static Response take(Response page) {
    RequestSpecification form = browser().cookie("csrf-token", page.getCookie("csrf-token"));
    hidden(page).forEach((name, value) -> form.formParam(name, value));
    return form.multiPart("nothing", "").post("/assets/import/confirmation");
  }

  @Test
  void aTableIsLookedAtRowByRowAndTakenOnceUnderItsKeyByteForByte() {
    answer("asset/v1/assets/import", 200, REFUSED, 200, FINE);

    Response page = look(TABLE);

    assertEquals(200, page.statusCode(), page::asString);
    assertEquals("dryRun=true&atomic=false", sent.get(0).query());
    assertNull(sent.get(0).key());
    assertTrue(sent.get(0).type().startsWith("text/csv"), sent.get(0).type());
    assertEquals(TABLE, sent.get(0).body());
    String html = page.asString();
    assertTrue(html.contains("What it would come to: Assets"), html);
    // What is refused comes first; what stays as it is is counted
    assertTrue(html.indexOf(">Refused</td>") < html.indexOf(">Changed</td>"), html);
    assertTrue(html.indexOf(">Changed</td>") < html.indexOf(">New</td>"), html);
    assertTrue(html.contains("href=\"/assets/" + ASSET + "\">web-1"), html);
    assertTrue(html.contains("kind: is not one of &lt;b&gt;these"), html);
    assertFalse(html.contains("<script>alert") || html.contains("<b>these"), html);
    assertTrue(html.contains("<code>owner</code>, <code>&lt;b&gt;levels</code>"), html);
    assertTrue(html.contains("Take the others: 2 rows"), html);

    Response taken = take(page);

    assertEquals(200, taken.statusCode(), taken::asString);
    assertTrue(taken.asString().contains("What it came to: Assets"), taken::asString);
    assertFalse(
        taken.asString().contains("action=\"/assets/import/confirmation\""), taken::asString);
    assertEquals("atomic=false", sent.get(1).query());
    assertEquals(hidden(page).get("key"), sent.get(1).key());
    assertEquals(36, sent.get(1).key().length());
    assertEquals(TABLE, sent.get(1).body());
  }

  @Test
  void whatHasNothingRefusedIsTakenWholeOrShownAgainWhereThatChanged() {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    Response page = look("name,kind\nweb-1,SERVER\n");
    assertTrue(page.asString().contains("Take it: 1 rows"), page::asString);
    assertEquals(200, take(page).statusCode());
    assertEquals("atomic=true", sent.get(1).query());

    answer(
        "asset/v1/assets/import",
        200,
        REFUSED,
        422,
        "{\"type\": \"urn:vigie:problem:rows-refused\", \"status\": 422}");
    Response again = take(page);
    assertEquals(409, again.statusCode(), again::asString);
    assertTrue(again.asString().contains("Something changed since you looked"), again::asString);
    assertTrue(again.asString().contains("Take the others: 2 rows"), again::asString);
    assertFalse(hidden(page).get("key").equals(hidden(again).get("key")));
  }

  @Test
  void whatTheServiceDoesNotTakeItSaysAndWhatIsUnderWayIsSentAgainUnderItsKey() {
    answer(
        "asset/v1/assets/import",
        400,
        """
        {"type": "urn:vigie:problem:bad-request", "detail": "This is not UTF-8.",
         "errors": [{"field": "owner", "message": "is there twice"}]}""",
        400,
        "{}");
    look("x")
        .then()
        .statusCode(400)
        .body(containsString("Nothing was taken."))
        .body(containsString("This is not UTF-8."))
        .body(containsString(">owner: is there twice<"));

    answer("asset/v1/assets/import", 200, FINE, 503, "{}");
    Response page = look("name,kind\nweb-1,SERVER\n");
    Response away = take(page);
    assertEquals(503, away.statusCode());
    assertTrue(away.asString().contains("it is taken once"), away::asString);
    assertEquals(hidden(page).get("key"), hidden(away).get("key"));
    answer(
        "asset/v1/assets/import",
        200,
        FINE,
        409,
        "{\"type\": \"urn:vigie:problem:request-in-flight\"}");
    assertEquals(503, take(away).statusCode());
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    assertEquals(200, take(away).statusCode());
    assertEquals(hidden(page).get("key"), sent.get(sent.size() - 1).key());

    answer("asset/v1/assets/import", 503, "{}", 503, "{}");
    look("x").then().statusCode(503).body(containsString("The service does not answer."));
  }

  @Test
  void whatIsEmptyOrTooLargeIsToldAndNotSent() {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    look("").then().statusCode(400).body(containsString("Choose a file"));
    browser()
        .get("/assets/import?tooLarge=true")
        .then()
        .statusCode(413)
        .body(containsString("larger than 1 MiB"));
    for (int tooMany : List.of((1 << 20) + 1, 20 << 20)) {
      look("assets", new byte[tooMany])
          .then()
          .statusCode(413)
          .body(containsString("larger than 1 MiB"));
    }
    assertEquals(List.of(), sent);
    look("assets", new byte[1 << 20]).then().statusCode(200);
    assertEquals(1 << 20, sent.get(0).body().length());
  }

  @Test
  void otherFormsStayAsSmallAsTheyWere() {
    String token = browser().get("/assets").getCookie("csrf-token");
    browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .formParam("name", "x".repeat(256 << 10))
        .post("/assets/views")
        .then()
        .statusCode(413);
  }

  @Test
  void theLargestTableThatIsLookedAtCanBeTaken() {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    Response page = look("assets", "x".repeat(1 << 20).getBytes(UTF_8));
    assertEquals(200, take(page).statusCode());
    assertEquals(1 << 20, sent.get(1).body().length());
  }

  @Test
  void aTableFromElsewhereOrThatIsNoneIsRefused() {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    browser()
        .multiPart("table", "assets.csv", TABLE.getBytes(UTF_8), "text/csv")
        .post("/assets/import")
        .then()
        .statusCode(400)
        .body(containsString("did not come from this console"));
    String token = browser().get("/assets/import").getCookie("csrf-token");
    browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .formParam("table", "no Base64 %")
        .multiPart("nothing", "")
        .post("/assets/import/confirmation")
        .then()
        .statusCode(400);
    assertEquals(List.of(), sent);
    browser()
        .get("/assets/import/confirmation")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/assets/import"));
  }

  @Test
  void whoMayBringATableInIsShownTheWayAndNobodyElse() {
    browser().get("/assets").then().body(containsString("href=\"/assets/import\""));
    browser().get("/assets/import").then().statusCode(200).body(containsString("serialNumber"));
    browser().get("/people").then().body(not(containsString("/people/import")));
    browser().get("/people/import").then().statusCode(403);
    browser().get("/alerts/import").then().statusCode(403);
    browser().get("/rights/import").then().statusCode(404);
    assertEquals(403, look("people", TABLE.getBytes(UTF_8)).statusCode());
    assertEquals(List.of(), sent);
  }

  @Test
  @TestSecurity(
      user = "sacha",
      roles = {"staff", "access-manager"})
  void ofATableOfPeopleWhatIsRefusedAndWhatChangesIsToldApartAndShownTogether() {
    answer(
        "access/v1/people/import",
        200,
        """
        {"dryRun": true, "created": 1, "updated": 1, "unchanged": 0, "refused": 1,
         "rows": [{"row": 2, "person": null,
           "errors": [{"field": "manager", "message": "is nobody's"}]}],
         "taken": [{"row": 1, "result": "UPDATED", "person": "%s"},
           {"row": 3, "result": "CREATED", "person": null}]}"""
            .formatted(ASSET),
        200,
        "{}");
    String html =
        look("people", "givenName,familyName\nAda,Byron\nBob,Who\nEve,New\n".getBytes(UTF_8))
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertTrue(html.contains("href=\"/people/" + ASSET + "\">Ada \u00b7 Byron"), html);
    assertTrue(html.indexOf("Bob \u00b7 Who") < html.indexOf("Ada \u00b7 Byron"), html);
    assertTrue(html.contains("Eve \u00b7 New"), html);
    assertFalse(html.contains("Not all rows are shown"), html);
  }
}
