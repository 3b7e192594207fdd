package io.vigie.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.path.xml.XmlPath;
import io.restassured.path.xml.XmlPath.CompatibilityMode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.console.Programs.Chromium;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The pages of the log, with a log that answers and pages as audit-service's does. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(
    user = "charlie",
    roles = {"staff", "ciso"})
class TracePagesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "0199a000-0000-7000-8000-000000000999";
  private static final String OBJECT = "asset/" + ID;
  private static final String OTHER = "right/0199a000-0000-7000-8000-000000000777";
  private static final String TIME = "2026-01-31T16:05:07.123456Z";
  private static final String ENTRIES = "audit/v1/log/entries";
  private static final String TIMELINE = "audit/v1/objects/" + OBJECT + "/timeline";

  /** What somebody typed, or a tool sent. */
  private static final String HOSTILE =
      "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{inject:viewer.name}{#include base/}javascript:alert(1)";

  @TestHTTPResource("/trace/receipts/")
  URL receipts;

  @Inject Downloads downloads;

  @TempDir Path folder;

  @BeforeEach
  void servicesWithoutAnything() {
    Services.reset();
  }

  private static RequestSpecification browser() {
    return RestAssured.given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .header("Accept", "text/html,*/*;q=0.8");
  }

  private static XmlPath html(String page) {
    return new XmlPath(CompatibilityMode.HTML, page);
  }

  /** Where the page links to as the next or the previous one; null where it does not. */
  private static String linked(String page, String relation) {
    return Pattern.compile("<a href=\"([^\"]+)\" rel=\"" + relation + "\"")
        .matcher(page)
        .results()
        .map(found -> found.group(1).replace("&amp;", "&"))
        .findFirst()
        .orElse(null);
  }

  private static Map<String, Object> entry(long index, String type) {
    Map<String, String> members = new HashMap<>();
    members.put("id", "0199a000-0000-7000-8000-%012x".formatted(index));
    members.put("type", type);
    members.put("time", TIME);
    members.put("actor", "alice");
    members.put("subject", OBJECT);
    return Map.of("index", index, "entry", members, "leafHash", "AAAA");
  }

  private static FakeLog searched(FakeLog log) {
    Services.say(
        ENTRIES,
        exchange ->
            log.answer(
                exchange,
                query ->
                    item -> {
                      Object type = ((Map<?, ?>) item.get("entry")).get("type");
                      return query.get("type") == null || query.get("type").equals(type);
                    }));
    return log;
  }

  private static List<Long> indexes(String page) {
    return Pattern.compile("href=\"/trace/entries/([0-9]+)\"")
        .matcher(page)
        .results()
        .map(found -> Long.valueOf(found.group(1)))
        .toList();
  }

  @Test
  void aSearchIsPagedBothWaysUnderItsFilterAndEachResultLeadsToItsEntry() {
    FakeLog log = searched(new FakeLog());
    LongStream.range(0, 240)
        .forEach(
            index -> log.with(index, entry(index, index % 2 == 0 ? "asset.lost.v1" : "x.y.v1")));
    List<Long> newestFirst =
        new ArrayList<>(LongStream.range(0, 120).mapToObj(n -> 2 * n).toList());
    Collections.reverse(newestFirst);

    List<String> pages = new ArrayList<>();
    String address = "/trace?type=asset.lost.v1&actor=&q=";
    while (address != null) {
      pages.add(browser().get(address).then().statusCode(200).extract().asString());
      address = linked(pages.get(pages.size() - 1), "next");
    }
    assertEquals(3, pages.size());
    assertEquals(newestFirst, pages.stream().flatMap(page -> indexes(page).stream()).toList());
    assertEquals(null, linked(pages.get(0), "prev"));
    assertTrue(pages.get(2).contains("value=\"asset.lost.v1\""), "the form is filled");

    String back = browser().get(linked(pages.get(2), "prev")).asString();
    assertEquals(indexes(pages.get(1)), indexes(back));
    assertEquals(indexes(pages.get(0)), indexes(browser().get(linked(back, "prev")).asString()));
    assertTrue(log.asked().stream().allMatch(asked -> asked.get("type").equals("asset.lost.v1")));

    String oldest = browser().get("/trace?type=asset.lost.v1&order=asc").asString();
    Collections.reverse(newestFirst);
    assertEquals(newestFirst.subList(0, FakeLog.PAGE), indexes(oldest));
  }

  @Test
  void theLogIsAskedWhatWasTypedInTheClockOfTheWallHere() {
    FakeLog log = searched(new FakeLog());
    String hostile = URLEncoder.encode(HOSTILE, UTF_8);
    String page =
        browser()
            .get(
                "/trace?actor=%s&object=%s&source=/vigie/asset&from=2026-01-31T17:05&to=2026-07-01T00:00&outcome=alert&q=%s"
                    .formatted(hostile, OBJECT, hostile))
            .then()
            .statusCode(200)
            .body(containsString("Nothing in the log matches"))
            .extract()
            .asString();
    assertEquals(
        Map.of(
            "actor", HOSTILE,
            "object", OBJECT,
            "source", "/vigie/asset",
            "from", "2026-01-31T16:05:00Z",
            "to", "2026-06-30T22:00:00Z",
            "outcome", "alert",
            "q", HOSTILE,
            "order", "desc"),
        log.asked().get(0));
    assertInert(page);
    assertEquals(HOSTILE, html(page).getString("**.find { it.@name == 'actor' }.@value"));
    String export =
        html(page)
            .getString("**.find { it.name() == 'a' && it.@href.text().contains('exports') }.@href");
    assertTrue(
        browser()
            .get(export)
            .then()
            .statusCode(200)
            .extract()
            .asString()
            .contains("Words are no condition of an export"));
    assertInert(browser().get(export).asString());
  }

  @Test
  void whatProvesARuleIsFoundByTheRule() {
    FakeLog log = searched(new FakeLog());

    String page = browser().get("/trace?rule=R4.6").then().statusCode(200).extract().asString();

    assertEquals(Map.of("rule", "R4.6", "order", "desc"), log.asked().get(0));
    assertEquals("R4.6", html(page).getString("**.find { it.@name == 'rule' }.@value"));
  }

  @Test
  void whatAnExportHasNotOfASearchIsSaidAndOnlyThat() {
    String words = "Words are no condition of an export";
    String own = "An export has only the object&#39;s own events in full";
    String rule = "A rule is no condition of an export";
    String none = browser().get("/trace/exports?actor=alice").asString();
    assertFalse(none.contains(words) || none.contains(own) || none.contains(rule), none);
    assertFalse(none.contains("name=\"rule\""), none);
    String ofRule = browser().get("/trace/exports?rule=R4.6").asString();
    assertTrue(ofRule.contains(rule) && !ofRule.contains(words), ofRule);
    String ofWords = browser().get("/trace/exports?q=lost").asString();
    assertTrue(ofWords.contains(words) && !ofWords.contains(own), ofWords);
    String ofObject = browser().get("/trace/exports?object=" + OBJECT).asString();
    assertTrue(ofObject.contains(own) && !ofObject.contains(words), ofObject);
    assertTrue(ofObject.contains("href=\"#pack\""), ofObject);
    assertEquals(OBJECT, html(ofObject).getString("**.find { it.@id == 'objects' }").strip());
  }

  @Test
  void aStretchWithoutAnyLeadsOnAndWhatIsNoSearchIsSaid() {
    Services.say(
        ENTRIES,
        exchange -> {
          FakeLog.link(exchange, "next", "after", 4_000L);
          FakeLog.send(exchange, 200, "{\"items\": []}");
        });
    String page =
        browser()
            .get("/trace?q=never")
            .then()
            .statusCode(200)
            .body(containsString("goes on where it stopped"))
            .extract()
            .asString();
    assertEquals("/trace?q=never&after=4000", linked(page, "next"));

    // What is behind the beginning, and before the end, of what was found
    String end = "There is nothing more in this direction";
    Services.say(ENTRIES, exchange -> FakeLog.send(exchange, 200, "{\"items\": []}"));
    browser()
        .get("/trace?q=never&after=4000")
        .then()
        .body(containsString(end))
        .body(not(containsString("Nothing in the log matches")));
    browser()
        .get("/trace?q=never")
        .then()
        .body(containsString("Nothing in the log matches"))
        .body(not(containsString(end)));
    Services.say(
        ENTRIES,
        exchange -> {
          FakeLog.link(exchange, "prev", "before", 40L);
          FakeLog.send(exchange, 200, "{\"items\": []}");
        });
    String back =
        browser()
            .get("/trace?q=never&before=4040")
            .then()
            .body(containsString("goes on where it stopped"))
            .extract()
            .asString();
    assertEquals("/trace?q=never&before=40", linked(back, "prev"));

    browser()
        .get("/trace?from=yesterday&type=kept")
        .then()
        .statusCode(400)
        .body(containsString("A time is a day and an hour"))
        .body(containsString("value=\"kept\""));
    Services.say(ENTRIES, exchange -> FakeLog.send(exchange, 400, "{}"));
    browser()
        .get("/trace?q=x")
        .then()
        .statusCode(400)
        .body(containsString("The log does not take this"))
        .body(containsString("value=\"x\""));
    Services.say(ENTRIES, exchange -> FakeLog.send(exchange, 503, "{}"));
    browser()
        .get("/trace?q=kept")
        .then()
        .statusCode(503)
        .body(containsString("The log does not answer at the moment"))
        .body(containsString("value=\"kept\""));
    Services.say(ENTRIES, exchange -> FakeLog.send(exchange, 403, "{}"));
    browser().get("/trace").then().statusCode(403).body(containsString("not for you"));
  }

  @ParameterizedTest
  @CsvSource({
    "en,'Jan 31, 2026',5:05:07,Search the log,Until before",
    "fr,31 janv. 2026,17:05:07,Chercher dans le journal,Avant le"
  })
  void timesAndWordsAreOfThePersonsLanguage(
      String language, String day, String hour, String words, String until) {
    searched(new FakeLog().with(1_234, entry(1_234, "asset.lost.v1")));
    String page = browser().header("Accept-Language", language).get("/trace").asString();
    for (String expected :
        List.of(day, hour, words, "for=\"to\">" + until + "<", "datetime=\"" + TIME + "\"")) {
      assertTrue(page.contains(expected), page);
    }
  }

  private static void whole(long index, Map<String, String> members, byte[] payload)
      throws IOException {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("index", index);
    whole.set("entry", JSON.valueToTree(members));
    whole.put("canonical", JSON.writeValueAsString(members));
    whole.put("leafHash", "bGVhZg==");
    whole.put("payload", payload);
    Services.say(ENTRIES + "/" + index, 200, whole.toString());
  }

  @Test
  void anEntryShowsItsFieldsAndItsPayloadAndLeadsToTimelineAndProof() throws IOException {
    String event = "0199a000-0000-7000-8000-000000000005";
    Map<String, String> members =
        Map.of(
            "id",
            event,
            "type",
            "asset.lost.v1",
            "time",
            TIME,
            "actor",
            "alice",
            "subject",
            OBJECT);
    whole(5, members, "{\"n\":1.10,\"n\":12345678901234567890}".getBytes(UTF_8));
    browser()
        .get("/trace/entries/5")
        .then()
        .statusCode(200)
        .body(containsString("href=\"/objects/" + OBJECT + "\""))
        .body(containsString("href=\"/trace/receipts/" + event + "\""))
        .body(containsString("href=\"/trace/entries/5/tlog-proof\""))
        // A page that says that it is not ready is no file
        .body(not(containsString(" download")))
        .body(containsString("bGVhZg=="))
        // Nothing of it is lost or rounded where it is laid out
        .body(containsString("&quot;n&quot; : 1.10,"))
        .body(containsString("&quot;n&quot; : 12345678901234567890"));

    whole(5, members, "x".repeat(100_001).getBytes(UTF_8));
    String cut =
        browser()
            .get("/trace/entries/5")
            .then()
            .body(containsString("beginning of 100,001 bytes"))
            .extract()
            .asString();
    assertTrue(cut.contains("x".repeat(100_000)) && !cut.contains("x".repeat(100_001)));
    // A megabyte that takes half a gigabyte where all of it is laid out
    String inside = "{\"\":1},".repeat(150_000);
    String nested = "{\"\":".repeat(900) + "[" + inside + "1]" + "}".repeat(900);
    whole(5, members, nested.getBytes(UTF_8));
    browser()
        .get("/trace/entries/5")
        .then()
        .statusCode(200)
        .body(containsString("beginning of 1,054,503 bytes"));
    whole(5, members, new byte[] {(byte) 0xff, 0});
    browser().get("/trace/entries/5").then().body(containsString("no text: 2 bytes"));
    whole(5, members, new byte[0]);
    browser().get("/trace/entries/5").then().body(not(containsString("was erased")));
    whole(5, members, null);
    browser().get("/trace/entries/5").then().statusCode(200).body(containsString("was erased"));

    Services.say(ENTRIES + "/6", 404, "{}");
    for (String none : List.of("6", "none", "-1")) {
      browser()
          .get("/trace/entries/" + none)
          .then()
          .statusCode(404)
          .body(containsString("no such page"));
    }
  }

  @Test
  void aRecordThatIsNoEventAndHostileTextAreShownInert() throws IOException {
    Map<String, String> members = Map.of("alert", HOSTILE, "topic", HOSTILE, "commitment", "AA==");
    whole(7, members, HOSTILE.getBytes(UTF_8));
    String page = browser().get("/trace/entries/7").then().statusCode(200).extract().asString();
    assertInert(page);
    assertTrue(page.contains("no event"), page);
    assertFalse(page.contains("/trace/receipts/"), "it has no id");

    Map<String, String> event =
        Map.of(
            "id", HOSTILE, "type", HOSTILE, "time", HOSTILE, "actor", HOSTILE, "subject", HOSTILE,
            "alert", HOSTILE);
    searched(new FakeLog().with(8, Map.of("index", 8, "entry", event, "leafHash", "AA==")));
    whole(8, event, ("{\"" + HOSTILE.replace("\"", "\\\"") + "\": 1}").getBytes(UTF_8));
    for (String address : List.of("/trace", "/trace/entries/8")) {
      String shown = browser().get(address).then().statusCode(200).extract().asString();
      assertInert(shown);
      assertFalse(shown.contains("href=\"/objects/"), "what is no object has no timeline");
    }
  }

  private static void assertInert(String page) {
    assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
    assertTrue(page.contains("{inject:viewer.name}{#include base/}"), page);
    for (String live :
        List.of("<script>", "<img src=x", "href=\"javascript", "style=\"", " onclick")) {
      assertFalse(page.contains(live), live + " in " + page);
    }
  }

  @Test
  void theProofOfAnEntryIsAFileToKeep() {
    Services.say(ENTRIES + "/5/tlog-proof", 200, "c2sp.org/tlog-proof@v1\n…");
    browser()
        .get("/trace/entries/5/tlog-proof")
        .then()
        .statusCode(200)
        .contentType("text/plain")
        .header("Content-Disposition", "attachment; filename=\"entry-5.tlog-proof\"")
        .body(containsString("c2sp.org/tlog-proof@v1\n…"));
    // No checkpoint covers it yet
    Services.say(ENTRIES + "/6/tlog-proof", 404, "{}");
    browser()
        .get("/trace/entries/6/tlog-proof")
        .then()
        .statusCode(202)
        .contentType("text/html")
        .header("Content-Disposition", nullValue())
        .body(containsString("not ready yet"))
        .body(containsString("href=\"/trace/entries/6/tlog-proof\""));
    Services.say(ENTRIES + "/6/tlog-proof", 503, "{}");
    browser().get("/trace/entries/6/tlog-proof").then().statusCode(503);
  }

  private static Map<String, Object> happening(long index, String subject, Object changes) {
    Map<String, Object> happening = new HashMap<>();
    happening.put("index", index);
    happening.put("type", "asset.lost.v1");
    happening.put("subject", subject);
    happening.put("actor", "alice");
    happening.put("time", TIME);
    happening.put("changes", changes);
    return happening;
  }

  @Test
  @TestSecurity(user = "ann", roles = "staff")
  void whatHappenedToAnObjectIsOneTimelineOfAllServicesTheNewestFirst() {
    FakeLog log = new FakeLog();
    LongStream.range(1, 70).forEach(index -> log.with(index, happening(index, OBJECT, null)));
    Map<String, Object> changes =
        new HashMap<>(Map.of("state", "LOST", "place", Map.of("room", HOSTILE)));
    changes.put("owner", null);
    log.with(70, happening(70, OTHER, changes));
    Services.say(TIMELINE, exchange -> log.answer(exchange, query -> item -> true));

    String first = browser().get("/objects/" + OBJECT).then().statusCode(200).extract().asString();
    assertEquals("desc", log.asked().get(0).get("order"));
    assertTrue(first.contains("href=\"/objects/" + OTHER + "\""), first);
    assertTrue(first.contains("LOST") && first.contains("removed"), first);
    assertInert(first);
    assertFalse(first.contains("/trace/entries/"), "entries are for who may search");
    assertEquals(FakeLog.PAGE, first.split("asset.lost.v1", -1).length - 1);

    String second = browser().get(linked(first, "next")).asString();
    assertEquals(20, second.split("asset.lost.v1", -1).length - 1);
    assertEquals(
        FakeLog.PAGE,
        browser().get(linked(second, "prev")).asString().split("asset.lost.v1", -1).length - 1);
  }

  @ParameterizedTest
  @CsvSource({"en,Asset lost,Owner,no event", "fr,Bien perdu,Responsable,pas un événement"})
  void whatHappenedIsToldInThePersonsLanguageBesideTheTypeThatIsSearchedBy(
      String language, String happened, String owner, String none) throws IOException {
    // Given two events, of which one has no words and nor has a member, and a record that is none
    Map<String, Object> changes = new HashMap<>();
    changes.put("owner", "alice");
    changes.put("nobodyNamedIt", "kept");
    Map<String, Object> strange = new HashMap<>(happening(2, OBJECT, null));
    strange.put("type", "x.y.v1");
    Services.say(
        TIMELINE,
        exchange ->
            new FakeLog()
                .with(1, happening(1, OBJECT, changes))
                .with(2, strange)
                .answer(exchange, query -> item -> true));
    searched(
        new FakeLog()
            .with(1, entry(1, "asset.lost.v1"))
            .with(2, entry(2, "x.y.v1"))
            .with(3, Map.of("index", 3, "entry", Map.of(), "leafHash", "AA==")));
    whole(1, Map.of("type", "asset.lost.v1", "subject", OBJECT), new byte[0]);

    // When
    String timeline = in(language, "/objects/" + OBJECT);
    String search = in(language, "/trace");
    String entry = in(language, "/trace/entries/1");

    // Then
    for (String page : List.of(timeline, search, entry)) {
      assertTrue(page.contains(happened) && page.contains(">asset.lost.v1<"), page);
    }
    for (String page : List.of(timeline, search)) {
      assertTrue(page.contains(">x.y.v1<"), page);
    }
    assertTrue(timeline.contains("<dt title=\"owner\">" + owner + "</dt>"), timeline);
    assertTrue(timeline.contains(">nobodyNamedIt</dt>"), timeline);
    assertTrue(search.contains(none), search);
  }

  private static String in(String language, String address) {
    return browser()
        .header("Accept-Language", language)
        .get(address)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  @Test
  @TestSecurity(user = "rob", roles = "staff")
  void aTimelineLeadsToThePageOfItsObjectWhereThereIsOneForWhoReadsIt() {
    for (String object : List.of(OBJECT, "incident/" + ID, "directory/" + ID)) {
      Services.say("audit/v1/objects/" + object + "/timeline", 200, "{\"items\": []}");
    }
    String leads = "How it stands, and what may be done with it";

    browser()
        .get("/objects/" + OBJECT)
        .then()
        .body(containsString("<a href=\"/assets/" + ID + "\">" + leads));
    for (String none : List.of("incident/", "directory/")) {
      browser()
          .get("/objects/" + none + ID)
          .then()
          .statusCode(200)
          .body(not(containsString(leads)));
    }
  }

  @Test
  @TestSecurity(user = "ann", roles = "staff")
  void aTimelineThatIsNotForSomebodyOrOfNothingSaysSo() {
    Services.say(TIMELINE, 403, "{}");
    browser().get("/objects/" + OBJECT).then().statusCode(403).body(containsString("not for you"));
    Services.say(TIMELINE, 200, "{\"items\": []}");
    browser()
        .get("/objects/" + OBJECT)
        .then()
        .statusCode(200)
        .body(containsString("knows nothing of this object"));
    browser()
        .get("/objects/" + OBJECT + "?after=4000")
        .then()
        .statusCode(200)
        .body(containsString("There is nothing more in this direction"))
        .body(not(containsString("knows nothing of this object")));
    Services.say(
        TIMELINE,
        exchange -> {
          FakeLog.link(exchange, "prev", "before", 40L);
          FakeLog.send(exchange, 200, "{\"items\": []}");
        });
    browser()
        .get("/objects/" + OBJECT + "?before=4040")
        .then()
        .statusCode(200)
        .body(containsString("goes on where it stopped"))
        .body(containsString("href=\"/objects/" + OBJECT + "?before=40\""));
    Services.say(TIMELINE, exchange -> FakeLog.send(exchange, 503, "{}"));
    browser()
        .get("/objects/" + OBJECT)
        .then()
        .statusCode(503)
        .body(containsString("A part is away"));
    for (String none : List.of("/objects/asset/none", "/objects/As..set/" + ID)) {
      browser().get(none).then().statusCode(404);
    }
  }

  /** A receipt that the log's own classes made, for the event asked for, and the log's key. */
  private record Made(String event, String file, String keys) {

    static Made number(int n) throws IOException {
      try (InputStream in = TracePagesTest.class.getResourceAsStream("/receipts.json")) {
        JsonNode made = JSON.readTree(in);
        String file = made.get("receipts").get(n).textValue();
        String entry = file.split("\n")[1].substring("extra ".length());
        String event = JSON.readTree(Base64.getDecoder().decode(entry)).get("id").textValue();
        return new Made(event, file, made.get("keys").textValue());
      }
    }

    Made with(String otherFile) {
      return new Made(event, otherFile, keys);
    }

    Made under(String otherKeys) {
      return new Made(event, file, otherKeys);
    }

    String path() {
      return "/trace/receipts/" + event;
    }

    void answered() {
      Services.say("audit/v1/receipts/" + event, 200, file);
      Services.say("audit/log/vkey", 200, keys);
    }
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void aReceiptPageHasEntryCheckpointFileAndHowToVerifyThem() throws IOException {
    Made receipt = Made.number(3);
    receipt.answered();
    String page = browser().get(receipt.path()).then().statusCode(200).extract().asString();
    for (String expected :
        List.of(
            "asset.registered.v1",
            "vigie.local/log",
            "<dd>137</dd>",
            "<dd>200</dd>",
            "href=\"/receipts/" + receipt.event() + "\"",
            "./vigie verify receipt " + receipt.event() + ".tlog-proof",
            "Without scripts this page verifies nothing")) {
      assertTrue(page.contains(expected), expected + " in " + page);
    }
    assertEquals(
        receipt.file().strip(), html(page).getString("**.find { it.@id == 'file' }").strip());
    assertEquals(
        receipt.keys().strip(), html(page).getString("**.find { it.@id == 'key' }").strip());
    String script = html(page).getString("**.find { it.@src.text().contains('verify.js') }.@src");
    assertTrue(script.matches("/own/verify\\.js\\?[0-9a-f]{16}"), script);
    browser()
        .get(script)
        .then()
        .statusCode(200)
        .header("Cache-Control", containsString("immutable"));

    Made other = Made.number(2);
    other.answered();
    String hostile = browser().get(other.path()).then().statusCode(200).extract().asString();
    assertTrue(hostile.contains("&lt;img src=x onerror=alert(1)&gt;"), hostile);
    assertFalse(hostile.contains("<img src=x") || hostile.contains("<script>"), hostile);

    // Without the log's keys, or with what cannot be read, the page is still there
    Services.say("audit/log/vkey", 503, "{}");
    Services.say("audit/v1/receipts/" + other.event(), 200, "</pre><script>alert(1)</script>");
    String unreadable = browser().get(other.path()).then().statusCode(200).extract().asString();
    assertTrue(unreadable.contains("cannot be read here"), unreadable);
    assertFalse(unreadable.contains("<script>"), unreadable);
  }

  @ParameterizedTest
  @CsvSource({
    "en,this is the receipt of another event,no key below is of this log and signed this checkpoint",
    "fr,c&#39;est le reçu d&#39;un autre événement,aucune des clés ci-dessous n&#39;est une clé de ce journal qui ait signé ce point de contrôle"
  })
  @TestSecurity(user = "sacha", roles = "staff")
  void whatTheBrowserMayFindIsSaidInThePersonsLanguage(String language, String other, String none)
      throws IOException {
    Made receipt = Made.number(3);
    receipt.answered();
    browser()
        .header("Accept-Language", language)
        .get(receipt.path())
        .then()
        .statusCode(200)
        .body(containsString(other))
        .body(containsString(none));
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void aReceiptThatIsNotReadyOrNobodysSaysSo() {
    Services.say("audit/v1/receipts/" + ID, 202, "");
    browser()
        .get("/trace/receipts/" + ID)
        .then()
        .statusCode(202)
        .body(containsString("not ready yet"))
        .body(containsString("href=\"/trace/receipts/" + ID + "\""));
    Services.say("audit/v1/receipts/" + ID, 404, "{}");
    browser()
        .get("/trace/receipts/" + ID)
        .then()
        .statusCode(404)
        .body(containsString("no such page"));
    browser().get("/trace/receipts/none").then().statusCode(404);
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void theBrowserItselfVerifiesAReceiptAndRefusesOneThatWasChanged() throws Exception {
    assumeTrue(Chromium.isHere(), "no Chromium is here: apt install chromium");
    Made receipt = Made.number(3);
    String[] lines = receipt.file().split("\n\n")[0].split("\n");
    try (Chromium chromium = Chromium.start(folder)) {
      String page = opened(chromium, receipt);
      assertEquals(List.of("verified"), shown(page, "verdict"));
      assertEquals(List.of("good"), shown(page, "path"));
      assertEquals(List.of("good"), shown(page, "root"));
      assertEquals(List.of("good"), shown(page, "signature"));
      String steps = page.substring(page.indexOf("<ol id=\"steps\">"));
      for (String neighbour : List.of(lines).subList(3, lines.length)) {
        assertTrue(steps.contains(neighbour), neighbour + " in " + steps);
      }
      assertTrue(steps.contains("{\"actor\":\"alice\""), steps);

      String entry =
          new String(Base64.getDecoder().decode(lines[1].substring("extra ".length())), UTF_8);
      String changed =
          Base64.getEncoder().encodeToString(entry.replace("alice", "malice").getBytes(UTF_8));
      String refused =
          opened(chromium, receipt.with(receipt.file().replace(lines[1], "extra " + changed)));
      assertEquals(List.of("refused"), shown(refused, "verdict"));
      assertEquals(List.of("bad"), shown(refused, "root"));
      assertEquals(List.of("good"), shown(refused, "signature"));

      String unsigned = opened(chromium, receipt.under(""));
      assertEquals(List.of("unsigned"), shown(unsigned, "verdict"));
      String malformed = opened(chromium, receipt.with("no receipt"));
      assertEquals(List.of("malformed"), shown(malformed, "verdict"));

      // It proves its entry, which is not of the event that was asked for
      String other = opened(chromium, new Made(ID, receipt.file(), receipt.keys()));
      assertEquals(List.of("other"), shown(other, "verdict"));
      assertEquals(List.of("good"), shown(other, "signature"));
      assertEquals(
          List.of("refused"),
          shown(
              opened(
                  chromium,
                  new Made(
                      ID, receipt.file().replace(lines[1], "extra " + changed), receipt.keys())),
              "verdict"));

      // Whatever stands in an entry stays text in the steps, too
      String hostile = opened(chromium, Made.number(2));
      assertEquals(List.of("verified"), shown(hostile, "verdict"));
      assertFalse(hostile.contains("<img src=\"x\"") || hostile.contains("<script>"), hostile);
    }
  }

  private String opened(Chromium chromium, Made receipt) throws Exception {
    return opened(chromium, receipt, "computing.hidden");
  }

  /** The page once this is true, of what else the page has. */
  private String opened(Chromium chromium, Made receipt, String until) throws Exception {
    receipt.answered();
    return chromium.page(
        receipts.toURI().resolve(receipt.path()).toString(),
        """
        (() => {
          const computing = document.querySelector('[data-verdict="computing"]');
          const type = (key) => {
            document.getElementById('key').value = key;
            document.getElementById('key').dispatchEvent(new Event('input'));
          };
          const seen = document.body.dataset;
          return %s;
        })()"""
            .formatted(until));
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void aVerdictIsOfTheKeyThatStandsInTheFieldAndIsHeardEachTime() throws Exception {
    assumeTrue(Chromium.isHere(), "no Chromium is here: apt install chromium");
    Made receipt = Made.number(3);
    try (Chromium chromium = Chromium.start(folder)) {
      String typed =
          opened(
              chromium,
              receipt,
              """
              (() => {
                if (computing.hidden && !seen.typed) {
                  type('');
                  seen.typed = !computing.hidden && document.getElementById('steps').hidden;
                }
                return seen.typed && computing.hidden;
              })()""");
      assertTrue(typed.contains("data-typed=\"true\""), "nothing is said of a key not yet tried");
      assertEquals(List.of("unsigned"), shown(typed, "verdict"));

      String again =
          opened(
              chromium,
              receipt,
              """
              (() => {
                if (computing.hidden && !seen.again) {
                  document.getElementById('again').click();
                  seen.again = !computing.hidden;
                }
                return seen.again && computing.hidden;
              })()""");
      assertTrue(again.contains("data-again=\"true\""), "the same verdict is not heard again");
      assertEquals(List.of("verified"), shown(again, "verdict"));

      // The right key is still being tried when it gives way to none
      String late =
          opened(
              chromium,
              receipt,
              """
              (() => {
                if (computing.hidden && !seen.first) {
                  const verify = crypto.subtle.verify.bind(crypto.subtle);
                  crypto.subtle.verify = async (...all) => {
                    seen.first = 'tried';
                    await new Promise((done) => setTimeout(done, 1500));
                    setTimeout(() => { seen.first = 'late'; }, 100);
                    return verify(...all);
                  };
                  seen.first = 'typed';
                  type(document.getElementById('key').value);
                } else if (seen.first === 'tried' && !seen.second) {
                  seen.second = 'typed';
                  type('');
                }
                return seen.first === 'late' && computing.hidden;
              })()""");
      assertEquals(List.of("unsigned"), shown(late, "verdict"));
    }
  }

  /** Which of the words about something are not hidden. */
  private static List<String> shown(String page, String what) {
    return Pattern.compile("<[a-z]+[^>]* data-" + what + "=\"([a-z]+)\"([^>]*)>")
        .matcher(page)
        .results()
        .filter(found -> !found.group(2).contains("hidden"))
        .map(found -> found.group(1))
        .toList();
  }

  /** The form for exports, as it came with its cookie. */
  private static RequestSpecification form() {
    Response page = browser().get("/trace/exports");
    String token = page.getCookie("csrf-token");
    return browser()
        .urlEncodingEnabled(true)
        .cookie("csrf-token", token)
        .formParam("csrf-token", token);
  }

  @Test
  void anExportPassesThroughAsItIsUnderTheFilterOfTheForm() {
    List<String> asked = new ArrayList<>();
    // Larger than what is kept on the way, and each byte of it
    String line = "{\"index\":\"0\",\"entry\":\"…\"}\n";
    String file = line.repeat(100_000) + "{\"count\":\"0\"}";
    for (String path : List.of("export", "export/csv", "evidence")) {
      Services.say(
          "audit/v1/log/" + path,
          exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
            asked.add(exchange.getRequestURI().getPath().replaceAll(".*/log/", ""));
            asked.add(
                new TreeMap<>(FakeLog.query(exchange.getRequestURI().getRawQuery())).toString());
            FakeLog.send(exchange, 200, file);
          });
    }

    Response taken =
        form()
            .formParam("form", "ndjson")
            .formParam("actor", HOSTILE)
            .formParam("object", OBJECT)
            .formParam("from", "2026-01-31T17:05")
            .formParam("outcome", "")
            .post("/trace/exports");
    assertEquals(200, taken.statusCode());
    assertEquals(
        "attachment; filename=\"vigie-export.ndjson\"", taken.getHeader("Content-Disposition"));
    assertTrue(taken.contentType().startsWith("application/octet-stream"), taken.contentType());
    assertEquals(file, new String(taken.asByteArray(), UTF_8));
    assertEquals(
        List.of(
            "Bearer " + TestToken.TOKEN,
            "export",
            "{actor=" + HOSTILE + ", from=2026-01-31T16:05:00Z, subject=" + OBJECT + "}"),
        asked);

    asked.clear();
    form()
        .formParam("form", "csv")
        .post("/trace/exports")
        .then()
        .statusCode(200)
        .header("Content-Disposition", containsString("vigie-export.zip"));
    assertEquals(List.of("export/csv", "{}"), asked.subList(1, 3));

    asked.clear();
    form()
        .formParam("form", "pack")
        .formParam("client", ID)
        .formParam("objects", OBJECT + "\r\n" + OTHER + "\r\n")
        .post("/trace/exports")
        .then()
        .statusCode(200)
        .header("Content-Disposition", containsString("vigie-evidence.zip"));
    assertEquals(
        List.of("evidence", "{client=" + ID + ", object=" + OBJECT + " " + OTHER + "}"),
        asked.subList(1, 3));
  }

  @Test
  void aFileThatBreaksOffDoesNotLookWhole() throws Exception {
    Services.say(
        "audit/v1/log/export",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000_000);
          exchange.getResponseBody().write("{\"format\":\"vigie-export/2\"}\n".getBytes(UTF_8));
          exchange.getResponseBody().flush();
        });
    RequestSpecification form = form().formParam("form", "ndjson");
    assertThrows(Exception.class, () -> form.post("/trace/exports").asByteArray());
    downloads.awaitEnd();
  }

  @Test
  void aFileThatFallsSilentBreaksOff() throws Exception {
    CompletableFuture<Boolean> isBrokenOff = new CompletableFuture<>();
    Services.say(
        "audit/v1/log/export",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000_000);
          exchange.getResponseBody().write("{\"format\":\"vigie-export/2\"}\n".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          isBrokenOff.completeOnTimeout(false, 20, TimeUnit.SECONDS).join();
        });
    RequestSpecification form = form().formParam("form", "ndjson");
    assertThrows(Exception.class, () -> form.post("/trace/exports").asByteArray());
    assertTrue(isBrokenOff.complete(true), "it waited for as long as the log was silent");
    downloads.awaitEnd();
  }

  @Test
  void aFileIsReadNoFasterThanTheBrowserTakesItAndNoFurtherThanItWants() throws Exception {
    byte[] chunk = new byte[65_536];
    int chunks = 4_000;
    AtomicInteger sent = new AtomicInteger();
    CompletableFuture<Boolean> isCutOff = new CompletableFuture<>();
    Services.say(
        "audit/v1/log/export",
        exchange -> {
          try {
            exchange.sendResponseHeaders(200, 0);
            while (sent.get() < chunks) {
              exchange.getResponseBody().write(chunk);
              sent.incrementAndGet();
            }
            isCutOff.complete(false);
          } catch (IOException e) {
            isCutOff.complete(true);
          }
        });
    String token = browser().get("/trace/exports").getCookie("csrf-token");
    HttpRequest request =
        HttpRequest.newBuilder(receipts.toURI().resolve("/trace/exports"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Cookie", "csrf-token=" + token)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("form=ndjson&csrf-token=" + token))
            .build();

    try (InputStream file =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body()) {
      assertEquals(chunk.length, file.readNBytes(chunk.length).length);
      // It stands still once what lies between the two is full
      AtomicInteger before = new AtomicInteger(-1);
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                int now = sent.get();
                return now == before.getAndSet(now);
              });
      assertTrue(before.get() < chunks / 4, before + " of " + chunks + " chunks were read for one");
    }

    assertTrue(isCutOff.get(30, TimeUnit.SECONDS), "whoever stops is not read for");
    downloads.awaitEnd();
  }

  @ParameterizedTest
  @CsvSource({
    "400,The log does not take these conditions,400",
    "414,The log does not take these conditions,400",
    "409,cannot make this file now,409",
    "503,does not answer at the moment,503",
    "403,not for you,403"
  })
  void whyThereIsNoFileIsSaidInTheFormThatAskedForIt(int answer, String words, int status) {
    Services.say("audit/v1/log/evidence", answer, "{}");
    String page =
        form()
            .formParam("form", "pack")
            .formParam("objects", HOSTILE)
            .post("/trace/exports")
            .then()
            .statusCode(status)
            .contentType("text/html")
            .header("Content-Disposition", nullValue())
            .body(containsString(words))
            .extract()
            .asString();
    if (answer != 403) {
      assertInert(page);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "client,'',Name a client",
    "client,nobody,Name a client",
    "from,yesterday,A time is a day"
  })
  void whatIsMissingInAFormIsSaidAndNothingIsTaken(String field, String value, String words) {
    form()
        .formParam("form", field.equals("client") ? "pack" : "csv")
        .formParam(field, value)
        .post("/trace/exports")
        .then()
        .statusCode(400)
        .body(containsString(words))
        .body(containsString("value=\"" + value + "\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ndjson", "csv"})
  void theFormOfAnExportIsKeptWhereItComesBack(String form) {
    String page =
        form()
            .formParam("form", form)
            .formParam("object", OBJECT)
            .formParam("from", "yesterday")
            .post("/trace/exports")
            .then()
            .statusCode(400)
            .extract()
            .asString();
    assertEquals(
        List.of(form),
        Pattern.compile("type=\"radio\" name=\"form\" value=\"([a-z]+)\" checked")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList());
    assertEquals(OBJECT, html(page).getString("**.find { it.@id == 'objects' }").strip());
  }

  @Test
  void theFormsSayHowMuchAFileIsAtMostAndThatItTakesTime() {
    Services.say("audit/log/checkpoint", 200, "log.example\n4712\nAAAA\n\n- log x\n");
    String page = browser().get("/trace/exports").asString();
    assertTrue(page.contains("The log has 4,712 entries at present"), page);
    assertTrue(page.contains("100,000 entries at most"), page);
    assertEquals(3, page.split("The file begins within a minute", -1).length, page);

    // Where nobody says how long it is, the rest is there
    for (String away : List.of("{}", "log.example\nmany\n")) {
      Services.say("audit/log/checkpoint", 200, away);
      String without = browser().get("/trace/exports").asString();
      assertFalse(without.contains("entries at present"), without);
      assertTrue(without.contains("The file begins within a minute"), without);
    }
  }

  @Test
  void aFormFromElsewhereTakesNothing() {
    List<String> asked = new ArrayList<>();
    Services.say("audit/v1/log/export", exchange -> asked.add(exchange.getRequestURI().toString()));
    browser()
        .urlEncodingEnabled(true)
        .formParam("form", "ndjson")
        .post("/trace/exports")
        .then()
        .statusCode(400);
    assertEquals(List.of(), asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/trace", "/trace/entries/5", "/trace/entries/5/tlog-proof", "/trace/exports"})
  @TestSecurity(user = "sacha", roles = "staff")
  void whoMayNotReadTheLogIsToldSoAndIsNotOfferedIt(String path) {
    browser().get(path).then().statusCode(403).body(containsString("This page is not for you"));
    browser().get("/").then().statusCode(200).body(not(containsString("href=\"/trace\"")));
  }

  @Test
  void whoMayReadTheLogIsOfferedItAndPagesHaveNoScriptOfTheirOwn() throws IOException {
    searched(new FakeLog());
    Made receipt = Made.number(3);
    receipt.answered();
    browser().get("/").then().body(containsString("href=\"/trace\""));
    for (String path : List.of("/trace", "/trace/exports", receipt.path())) {
      Response page = browser().get(path);
      assertEquals(200, page.statusCode(), path);
      assertTrue(
          page.getHeader("Content-Security-Policy")
              .contains("script-src 'self'; style-src 'self';"));
      assertFalse(
          page.asString().matches("(?s).*(<script(?! src=\"/)|<style| style=| on[a-z]+=).*"), path);
    }
    assertNotEquals(200, browser().post("/trace/exports").statusCode());
  }
}
