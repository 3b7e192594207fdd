package io.vigie.asset.software.feed;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.Logged;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class FeedResourceTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final String SNAPSHOT = "feed.snapshot.v1";

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void itemsAreKeptOnceAsNoticesUntilSomebodyLooksAtThem() throws IOException {
    try (Publisher publisher = new Publisher()) {
      // Given
      publisher.says(rss(item("0123", "Vulnérabilité dans Log4j"), item("0122", "Another")));

      // When
      String feed = register(publisher.url());

      // Then the oldest came first
      awaitNotices(feed, 2)
          .body("items.identifier", contains("CERTFR-2026-AVI-0122", "CERTFR-2026-AVI-0123"))
          .body("items[1].title", equalTo("Vulnérabilité dans Log4j"))
          .body("items[1].link", equalTo("https://cert.example/avis/0123/"))
          .body("items[1].publishedAt", equalTo("2026-03-02T08:00:00Z"))
          .body("items[1].category", equalTo("avis"));

      // When it says the same, and then one thing more
      again();
      await().until(() -> publisher.conditions().size() >= 2);
      assertTrue(
          publisher.conditions().get(1).matches("\"[0-9a-f]+\" Mon, 02 Mar 2026 08:00:00 GMT"));
      publisher.says(rss(item("0124", "New"), item("0123", "Vulnérabilité dans Log4j")));
      againUntil(() -> notices(feed).body("items", hasSize(3)));

      // Then
      notices(feed).body("items[2].title", equalTo("New"));

      // And each is dismissed or taken up, once
      List<String> ids = notices(feed).extract().path("items.id");
      Map<String, Object> dismissal = Map.of("reason", "Nobody here uses it.");
      decide(ids.get(0), "dismissal", dismissal)
          .then()
          .statusCode(200)
          .body("state", equalTo("DISMISSED"));
      problem(decide(ids.get(0), "dismissal", dismissal), 409, "notice-not-waiting");
      problem(
          decide(ids.get(1), "take-up", Map.of("advisory", UUID.randomUUID())), 404, "not-found");
      String advisory =
          Rest.as(TOKEN)
              .body("{\"id\":\"FEED-1\",\"modified\":\"" + clock.instant() + "\"}")
              .post("/v1/advisories")
              .path("advisory.id");
      decide(ids.get(1), "take-up", Map.of("advisory", advisory))
          .then()
          .statusCode(200)
          .body("advisory", equalTo(advisory));
      assertNotEquals(List.of(), tasks(TOKEN, "notice/" + ids.get(2)));
      assertEquals(List.of(), tasks(TOKEN, "notice/" + ids.get(0)));
    }
  }

  @Test
  void aFeedThatFailsSaysSoAndIsATaskUntilItCanBeReadAgain() throws IOException {
    try (Publisher publisher = new Publisher()) {
      // Given
      publisher.says(rss());
      String feed = register(publisher.url());
      await().untilAsserted(() -> get(feed).body("readAt", notNullValue()));
      assertEquals(1, told(feed, 1).size());

      // When
      publisher.fails(503);
      again();

      // Then
      await().untilAsserted(() -> get(feed).body("failure", containsString("503")));
      get(feed).body("failingSince", notNullValue()).body("onTime", equalTo(true));
      assertNotEquals(List.of(), tasks(TOKEN, "feed/" + feed));
      Rest.as(TOKEN).get("/v1/feeds?failing=true").then().body("items.id", hasItem(feed));

      // When a day has passed
      clock.move(Duration.ofHours(26));
      Rest.as(TOKEN).get("/v1/feeds?onTime=false").then().body("items.id", hasItem(feed));

      // And it can be read again
      publisher.says(rss());
      againUntil(() -> get(feed).body("failure", equalTo(null)).body("onTime", equalTo(true)));
      assertEquals(List.of(), tasks(TOKEN, "feed/" + feed));
      try (Topic topic = Topic.named("vigie.asset.events")) {
        assertEquals(
            List.of("feed.registered.v1", "feed.failed.v1", "feed.recovered.v1"),
            topic.await(3, about(feed).and(ofType(SNAPSHOT).negate())).stream()
                .map(r -> header(r, "ce_type"))
                .toList());
      }
    }
  }

  @Test
  void thatItWasReadIsToldAtFirstAndAgainOnceHalfADayHasPassed() throws IOException {
    try (Publisher publisher = new Publisher()) {
      // Given
      publisher.says(rss());
      String feed = register(publisher.url());
      Instant first = told(feed, 1).get(0);

      // When it is read for half a day, and then again
      Instant later = first.plus(Duration.ofHours(12));
      againUntil(() -> assertTrue(readAt(feed).isAfter(later), "read since"));

      // Then it was told again, and nothing in between
      List<Instant> told = told(feed, 2);
      assertEquals(first, told.get(0));
      assertFalse(told.get(1).isBefore(later), "told too soon: " + told);
    }
  }

  /** When it was read, as snapshots say, once there are so many. */
  private static List<Instant> told(String feed, int snapshots) throws IOException {
    List<Instant> told = new ArrayList<>();
    try (Topic topic = Topic.named("vigie.asset.events")) {
      for (ConsumerRecord<String, byte[]> snapshot :
          topic.await(snapshots, about(feed).and(ofType(SNAPSHOT)))) {
        told.add(
            Instant.parse(
                new ObjectMapper().readTree(snapshot.value()).at("/state/readAt").textValue()));
      }
    }
    return told;
  }

  private static Instant readAt(String feed) {
    return Instant.parse(get(feed).extract().path("readAt"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this is no XML",
        "<html><body>Not here any more</body></html>",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><title>&x;</title></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss version=\"2.0\"><channel><title>&b;</title></channel></rss>"
      })
  void whatIsNoFeedOrMoreThanOneIsNotRead(String document) throws IOException {
    try (Publisher publisher = new Publisher()) {
      publisher.says(document);
      String feed = register(publisher.url());
      await().untilAsserted(() -> get(feed).body("failure", containsString("no RSS or Atom")));
      notices(feed).body("items", hasSize(0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,    ISO-8859-1, 'It is not in UTF-8, the encoding that it says it has.'",
    "x-nobody, UTF-8,      It is in an encoding that is not known here"
  })
  void whatIsNotInTheEncodingThatItDeclaresIsNotRead(String declared, String real, String why)
      throws IOException {
    try (Publisher publisher = new Publisher()) {
      String document = rss(item("0123", "Vulnérabilité")).replace("UTF-8", declared);
      publisher.says(document.getBytes(real), "application/rss+xml");
      String feed = register(publisher.url());
      await().untilAsserted(() -> get(feed).body("failure", containsString(why)));
      notices(feed).body("items", hasSize(0));
    }
  }

  @ParameterizedTest
  @CsvSource({"encoding=\"ISO-8859-1\", ISO-8859-1", "'', UTF-8"})
  void whatDeclaresItsEncodingOrIsInUtf8IsReadAsItIs(String declaration, String real)
      throws IOException {
    try (Publisher publisher = new Publisher()) {
      String document =
          rss(item("0123", "Vulnérabilité")).replace("encoding=\"UTF-8\"", declaration);
      publisher.says(document.getBytes(real), "text/xml");
      awaitNotices(register(publisher.url()), 1).body("items[0].title", equalTo("Vulnérabilité"));
    }
  }

  @Test
  void whatIsTooLargeOrTooSlowOrLeadsElsewhereIsNotRead() throws IOException {
    try (Publisher large = new Publisher();
        Publisher slow = new Publisher();
        Publisher elsewhere = new Publisher()) {
      large.says(rss("<item><title>" + "x".repeat(200_000) + "</title></item>"));
      slow.says(true);
      elsewhere.leadsTo("file:///etc/passwd");
      String tooLarge = register(large.url());
      String tooSlow = register(slow.url());
      String led = register(elsewhere.url());
      await().untilAsserted(() -> get(tooLarge).body("failure", containsString("larger than")));
      await().untilAsserted(() -> get(tooSlow).body("failure", containsString("longer than")));
      await().untilAsserted(() -> get(led).body("failure", notNullValue()));
    }
  }

  @Test
  void atomIsReadToo() throws IOException {
    try (Publisher publisher = new Publisher()) {
      publisher.says(
          """
          <feed xmlns="http://www.w3.org/2005/Atom"><title>a</title><id>urn:a</id>
            <updated>2026-03-02T08:00:00Z</updated>
            <entry><id>urn:x:1</id><title>Plain title</title><updated>2026-03-02T08:00:00Z</updated></entry>
          </feed>""");
      awaitNotices(register(publisher.url()), 1)
          .body("items[0].title", equalTo("Plain title"))
          .body("items[0].identifier", equalTo(null));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://www.example.com/feed",
        "ftp://example.com/feed",
        "file:///etc/passwd",
        "https://user:secret@example.com/",
        "nonsense",
        "https://",
        "https://10.0.0.1/feed",
        "https://[fd00::1]/feed",
        "https://169.254.169.254/latest/meta-data/"
      })
  void onlyHttpsOfAllowedNetworksIsRead(String url) {
    String request = UUID.randomUUID().toString();
    try (Logged log = new Logged()) {
      problem(
              Rest.as(Tokens.of(ASSET_MANAGER))
                  .header("X-Request-Id", request)
                  .body(Map.of("name", "x", "url", url))
                  .post("/v1/feeds"),
              400,
              "validation")
          .body("errors.field", hasItem("url"));

      List<String> lines = log.with(request);
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("refused: 400 validation, POST /v1/feeds of "));
      assertFalse(lines.get(0).contains(url));
    }
  }

  @Test
  void aFeedThatEndedIsReadNoMoreAndCanBeRegisteredAgain() throws IOException {
    try (Publisher publisher = new Publisher()) {
      publisher.says(rss());
      String feed = register(publisher.url());
      problem(
          Rest.as(TOKEN).body(Map.of("name", "x", "url", publisher.url())).post("/v1/feeds"),
          409,
          "already-exists");

      Rest.as(TOKEN)
          .header("If-Match", "*")
          .body(Map.of("reason", "moved"))
          .post("/v1/feeds/" + feed + "/ending")
          .then()
          .statusCode(200)
          .body("endedAt", notNullValue());

      register(publisher.url());
    }
  }

  /** Long enough for every feed to be read again. */
  private void again() {
    clock.move(Duration.ofMinutes(61));
  }

  /** A reading that was under way while the clock moved is followed by one a pause later. */
  private void againUntil(ThrowingRunnable holds) {
    await()
        .untilAsserted(
            () -> {
              again();
              holds.run();
            });
  }

  @Test
  void feedsOfStandardsAreARegisterOfTheirOwn() throws IOException {
    try (Publisher publisher = new Publisher();
        Publisher standards = new Publisher()) {
      publisher.says(rss());
      standards.says(rss());
      String threats = register(publisher.url());
      String feed =
          Rest.as(TOKEN)
              .body(Map.of("name", "ISO", "url", standards.url(), "topic", "STANDARDS"))
              .post("/v1/feeds")
              .then()
              .statusCode(201)
              .body("topic", equalTo("STANDARDS"))
              .extract()
              .path("id");

      get(threats).body("topic", equalTo("THREATS"));
      Rest.as(TOKEN)
          .get("/v1/feeds?topic=STANDARDS&limit=200")
          .then()
          .body("items.id", hasItem(feed))
          .body("items.id", not(hasItem(threats)));
      try (Topic topic = Topic.named("vigie.asset.events")) {
        String told = new String(topic.await(1, about(feed)).get(0).value());
        assertTrue(
            told.contains("\"changes\":{") && told.contains("\"topic\":\"STANDARDS\""), told);
      }
    }
  }

  private static String register(String url) {
    return Rest.as(TOKEN)
        .body(Map.of("name", "CERT-FR", "url", url))
        .post("/v1/feeds")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static ValidatableResponse get(String feed) {
    return Rest.as(TOKEN).get("/v1/feeds/" + feed).then().statusCode(200);
  }

  private static ValidatableResponse notices(String feed) {
    return Rest.as(TOKEN).get("/v1/notices?feed=" + feed).then().statusCode(200);
  }

  private static ValidatableResponse awaitNotices(String feed, int count) {
    await().untilAsserted(() -> notices(feed).body("items", hasSize(count)));
    return notices(feed);
  }

  private static Response decide(String notice, String what, Map<String, ?> body) {
    String etag = Rest.as(TOKEN).get("/v1/notices/" + notice).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .body(body)
        .post("/v1/notices/" + notice + "/" + what);
  }

  private static String item(String number, String title) {
    return """
        <item><title>CERTFR-2026-AVI-%1$s : %2$s</title><link>https://cert.example/avis/%1$s/</link>
          <guid>https://cert.example/avis/%1$s/</guid><category>avis</category>
          <pubDate>Mon, 02 Mar 2026 08:00:00 +0000</pubDate></item>"""
        .formatted(number, title);
  }

  private static String rss(String... items) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>a</title>"
        + "<link>https://cert.example/</link><description>b</description>"
        + String.join("", items)
        + "</channel></rss>";
  }
}
