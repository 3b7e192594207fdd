package io.vigie.console;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
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

  private static final String KEY = "Idempotency-Key";

  private static final Pattern HIDDEN =
      Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

  private final List<Sent> sent = new CopyOnWriteArrayList<>();

  @Inject Pool database;

  @BeforeEach
  void servicesThatHaveNothingAndNobodySentATable() {
    Services.reset();
    execute("delete from sent_table");
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
                  exchange.getRequestHeaders().getFirst(KEY),
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          boolean isLook = query.contains("dryRun=true");
          say(exchange, isLook ? look : take, isLook ? looked : taken);
        });
  }

  private void execute(String statement) {
    database.query(statement).executeAndAwait();
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

  /** Leads back to the page that says what became of it. */
  private static void takeLater(Response page) {
    take(page).then().statusCode(303).header("Location", endsWith("/assets/import"));
  }

  /** The page, once no table is under way. */
  private static String settled() {
    return await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> browser().get("/assets/import").asString(),
            page -> !page.contains("It is being taken."));
  }

  private static Response press(String path) {
    String token = browser().get("/assets/import").getCookie("csrf-token");
    return browser().cookie("csrf-token", token).formParam("csrf-token", token).post(path);
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

    takeLater(page);

    String taken = settled();
    assertTrue(taken.contains("<strong>Taken.</strong>"), taken);
    assertTrue(taken.contains("href=\"/assets/" + ASSET + "\">web-1"), taken);
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
    takeLater(page);
    assertTrue(settled().contains("<strong>Taken.</strong>"));
    assertEquals("atomic=true", sent.get(1).query());

    Response other = look("name,kind\nweb-2,SERVER\n");
    answer(
        "asset/v1/assets/import",
        200,
        REFUSED,
        422,
        "{\"type\": \"urn:vigie:problem:rows-refused\", \"status\": 422}");
    takeLater(other);
    String changed = settled();
    assertTrue(changed.contains("some rows are refused now"), changed);
    assertTrue(changed.contains("action=\"/assets/import/changed\""), changed);
    Response again = press("/assets/import/changed");
    assertEquals(409, again.statusCode(), again::asString);
    assertTrue(again.asString().contains("Something changed since you looked"), again::asString);
    assertTrue(again.asString().contains("Take the others: 2 rows"), again::asString);
    assertFalse(hidden(other).get("key").equals(hidden(again).get("key")));
    assertEquals("name,kind\nweb-2,SERVER\n", sent.get(sent.size() - 1).body());
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
    takeLater(page);
    assertTrue(settled().contains("The service does not answer, or still works on it."));
    answer(
        "asset/v1/assets/import",
        200,
        FINE,
        409,
        "{\"type\": \"urn:vigie:problem:request-in-flight\"}");
    press("/assets/import/again").then().statusCode(303);
    assertTrue(settled().contains("The service does not answer, or still works on it."));
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    press("/assets/import/again").then().statusCode(303);
    assertTrue(settled().contains("<strong>Taken.</strong>"));
    assertEquals(
        List.of(hidden(page).get("key")),
        sent.subList(2, sent.size()).stream().map(Sent::key).distinct().toList());
    int times = sent.size();
    press("/assets/import/again").then().statusCode(303);
    takeLater(page);
    assertTrue(settled().contains("<strong>Taken.</strong>"));
    assertEquals(times, sent.size(), "what was taken is not sent again");

    answer("asset/v1/assets/import", 200, FINE, 403, "{\"detail\": \"Nobody <b>may</b>.\"}");
    takeLater(look("name,kind\nweb-3,SERVER\n"));
    String refused = settled();
    assertTrue(refused.contains("The service does not take this table:"), refused);
    assertTrue(refused.contains("Nobody &lt;b&gt;may"), refused);

    answer("asset/v1/assets/import", 503, "{}", 503, "{}");
    look("x").then().statusCode(503).body(containsString("The service does not answer."));
  }

  @Test
  void whatIsEmptyOrTooLargeIsToldAndNotSent() {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    try (Logged log = new Logged("io.vigie.console.page.Failures")) {
      look("").then().statusCode(400).body(containsString("Choose a file"));
      List<String> lines = log.messages();
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).matches("refused: 400, POST /\\S+ of \\S+"), lines::toString);
    }
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
    takeLater(page);
    settled();
    assertEquals(1 << 20, sent.get(1).body().length());
  }

  @Test
  void whileATableIsTakenPeopleLeaveAndComeBackAndSendNoOther() throws Exception {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    Response page = look("name,kind\nweb-1,SERVER\n");
    Response other = look("name,kind\nweb-2,SERVER\n");
    CountDownLatch isWorking = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    Services.say(
        "asset/v1/assets/import",
        exchange -> {
          sent.add(new Sent(null, exchange.getRequestHeaders().getFirst(KEY), null, null));
          isWorking.countDown();
          try {
            mayAnswer.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          say(exchange, 200, FINE);
        });

    try {
      takeLater(page);
      assertTrue(isWorking.await(60, TimeUnit.SECONDS));

      String back = browser().get("/assets/import").asString();
      assertTrue(back.contains("You can leave this page"), back);
      assertTrue(back.contains("hx-get=\"/assets/import/last\""), back);
      assertTrue(back.contains("<a href=\"/assets/import\">See whether it is done</a>"), back);
      assertFalse(back.contains("type=\"file\""), back);
      browser()
          .header("Accept-Language", "fr")
          .get("/assets/import")
          .then()
          .body(containsString("Il est en cours de prise en compte."));
      browser().get("/assets/import/last").then().statusCode(204);
      takeLater(page);
      take(other)
          .then()
          .statusCode(409)
          .body(containsString("Another table of yours is being taken."));
      press("/assets/import/again").then().statusCode(303);
    } finally {
      mayAnswer.countDown();
    }

    assertTrue(settled().contains("<strong>Taken.</strong>"));
    browser().get("/assets/import/last").then().statusCode(200).header("HX-Refresh", "true");
    assertEquals(
        List.of(hidden(page).get("key")),
        sent.subList(2, sent.size()).stream().map(Sent::key).toList());
    assertEquals(
        1,
        database
            .query("select from sent_table where content is null and account = 'sacha'")
            .executeAndAwait()
            .size());
  }

  @Test
  void aTableWhoseAnswerAStoppedConsoleWaitedForIsSentAgainUnderItsKey() {
    answer("asset/v1/assets/import", 200, FINE, 503, "{}");
    Response page = look("name,kind\nweb-1,SERVER\n");
    takeLater(page);
    settled();
    execute("update sent_table set state = 'UNDER_WAY', sent_at = now() - interval '151 seconds'");
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);

    String page2 = browser().get("/assets/import").asString();
    assertTrue(page2.contains("The console was restarted before the service answered"), page2);
    assertFalse(page2.contains("hx-get"), page2);
    press("/assets/import/again").then().statusCode(303);

    assertTrue(settled().contains("<strong>Taken.</strong>"));
    assertEquals(hidden(page).get("key"), sent.get(sent.size() - 1).key());
    assertEquals("name,kind\nweb-1,SERVER\n", sent.get(sent.size() - 1).body());
  }

  @Test
  void whatBecameOfATableIsShownToWhoSentItForHalfADay() {
    answer("asset/v1/assets/import", 200, FINE, 200, FINE);
    takeLater(look("name,kind\nweb-1,SERVER\n"));
    assertTrue(settled().contains("The table that you sent"));
    assertFalse(look("x").asString().contains("The table that you sent"));

    execute("update sent_table set kept_until = now() - interval '1 second'");
    assertFalse(settled().contains("The table that you sent"));
    execute("update sent_table set kept_until = now() + interval '1 hour', account = 'somebody'");
    assertFalse(settled().contains("The table that you sent"));
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
        .formParam("key", ASSET)
        .multiPart("nothing", "")
        .post("/assets/import/confirmation")
        .then()
        .statusCode(400);
    browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .formParam("table", "eA==")
        .formParam("key", "no id")
        .multiPart("nothing", "")
        .post("/assets/import/confirmation")
        .then()
        .statusCode(400);
    assertEquals(List.of(), sent);
    for (String form : List.of("confirmation", "again", "changed")) {
      browser()
          .get("/assets/import/" + form)
          .then()
          .statusCode(303)
          .header("Location", endsWith("/assets/import"));
    }
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
