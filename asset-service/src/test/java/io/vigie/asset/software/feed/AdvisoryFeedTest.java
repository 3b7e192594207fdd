package io.vigie.asset.software.feed;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** Indexes of advisories, whose documents are taken in. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AdvisoryFeedTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);

  private final String mark =
      "T" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void documentsOfACsafDirectoryAreTakenInOnceAndAgainWhenTheyChange() throws IOException {
    try (Publisher publisher = new Publisher()) {
      // Given an index that names an advisory, something else, and what is not there
      publisher.has("/2026/a.json", csaf("2026-03-02T08:00:00Z"));
      publisher.has("/2026/bad.json", "{\"document\":{\"csaf_version\":\"2.0\"}}");
      String others =
          """
          "2026/bad.json","2026-03-01T08:00:00Z"
          "2026/gone.json","2026-02-01T08:00:00Z"
          """;
      publisher.says("\"2026/a.json\",\"2026-03-02T08:00:00Z\"\n" + others);

      // When
      String feed = register(publisher.url(), FeedFormat.CSAF);

      // Then the advisory is known, and of the others somebody is told
      await().untilAsserted(() -> get(feed).body("readAt", notNullValue()));
      get(feed).body("format", equalTo("CSAF")).body("failure", equalTo(null));
      advisories("identifier=" + mark).body("items.title", contains("2026-03-02T08:00:00Z"));
      ValidatableResponse notices = notices(feed);
      notices
          .body(
              "items.link",
              containsInAnyOrder(
                  publisher.url().replace("/feed", "/2026/bad.json"),
                  publisher.url().replace("/feed", "/2026/gone.json")))
          .body("items.title", hasItem("Not taken in: The server answered 404."))
          .body("items.title", hasItem(containsString("document ")));
      assertNotEquals(
          List.of(), tasks(TOKEN, "notice/" + notices.extract().<String>path("items[0].id")));

      // And when the advisory changes, it alone is fetched again
      publisher.has("/2026/a.json", csaf("2026-03-05T08:00:00Z"));
      publisher.says("\"2026/a.json\",\"2026-03-05T08:00:00Z\"\n" + others);
      againUntil(
          () ->
              advisories("identifier=" + mark)
                  .body("items.title", contains("2026-03-05T08:00:00Z")));
      assertEquals(2, Collections.frequency(publisher.fetched(), "/2026/a.json"));
      assertEquals(1, Collections.frequency(publisher.fetched(), "/2026/bad.json"));
      assertEquals(1, Collections.frequency(publisher.fetched(), "/2026/gone.json"));
      notices(feed).body("items", hasSize(2));
    }
  }

  @Test
  void aRolieFeedNamesDocumentsToo() throws IOException {
    try (Publisher publisher = new Publisher()) {
      publisher.has("/a.json", csaf("2026-03-02T08:00:00Z"));
      publisher.says(
          """
          {"feed": {"id": "x", "title": "x", "updated": "2026-03-02T08:00:00Z", "entry": [
            {"id": "a", "updated": "2026-03-02T08:00:00Z",
             "content": {"type": "application/json", "src": "%s"}}]}}"""
              .formatted(publisher.url().replace("/feed", "/a.json")));
      register(publisher.url(), FeedFormat.CSAF);
      await().untilAsserted(() -> advisories("identifier=" + mark).body("items", hasSize(1)));
    }
  }

  @Test
  void moreDocumentsThanAreFetchedInOneReadingAreAllTakenInEachOnce() throws IOException {
    try (Publisher publisher = new Publisher()) {
      int all = FeedDocuments.AT_ONCE + 10;
      List<String> ids = IntStream.range(0, all).mapToObj(i -> mark + "-" + i).toList();
      ids.forEach(id -> publisher.has("/" + id + ".json", osv(id)));
      publisher.says(
          ids.stream()
              .map(id -> "2026-03-02T08:00:00Z," + id)
              .collect(Collectors.joining("\n", "", "\n")));
      String feed = register(publisher.url(), FeedFormat.OSV);
      await()
          .untilAsserted(
              () -> advisories("limit=200&publisher=osv:" + mark).body("items", hasSize(all)));
      assertEquals(all, publisher.fetched().size());
      notices(feed).body("items", hasSize(0));

      // And once all of it was read, it is asked for what is new only
      int before = publisher.conditions().size();
      againUntil(() -> assertNotEquals(before, publisher.conditions().size()));
      assertEquals(all, publisher.fetched().size());
    }
  }

  @Test
  void whileDocumentsCannotBeFetchedTheFeedFailsAndGoesOnAfterwards() throws IOException {
    try (Publisher publisher = new Publisher()) {
      // Given an advisory that cannot be fetched, though its index can
      publisher.has("/" + mark + "-1.json", osv(mark + "-1"));
      publisher.says("2026-03-02T08:00:00Z," + mark + "-1\n");
      publisher.failsBeside(503);

      String feed = register(publisher.url(), FeedFormat.OSV);
      await().untilAsserted(() -> get(feed).body("failure", containsString("503")));

      // When it can again
      publisher.failsBeside(200);
      againUntil(
          () ->
              advisories("publisher=osv:" + mark).body("items.identifier", contains(mark + "-1")));
      againUntil(() -> get(feed).body("failure", equalTo(null)));
      notices(feed).body("items", hasSize(0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CSAF, hello, no changes.csv",
    "CSAF, '{\"distributions\": []}', no feed.entry",
    "CSAF, '\"a.json\",\"yesterday\"', no changes.csv",
    "CSAF, '\"https://intranet.example/a.json\",\"2026-03-02T08:00:00Z\"', lies elsewhere",
    "CSAF, '\"//intranet.example/a.json\",\"2026-03-02T08:00:00Z\"', lies elsewhere",
    "CSAF, '\"file:///etc/passwd\",\"2026-03-02T08:00:00Z\"', lies elsewhere",
    "OSV, '<html>', no modified_id.csv",
    "OSV, '2026-03-02T08:00:00Z,//intranet.example/a', lies elsewhere"
  })
  void anIndexThatIsNoneOrLeadsElsewhereIsNotRead(FeedFormat format, String index, String why)
      throws IOException {
    try (Publisher publisher = new Publisher()) {
      publisher.says(index);
      String feed = register(publisher.url(), format);
      await().untilAsserted(() -> get(feed).body("failure", containsString(why)));
      assertEquals(List.of(), publisher.fetched());
    }
  }

  /** A reading that was under way while the clock moved is followed by one a pause later. */
  private void againUntil(ThrowingRunnable holds) {
    await()
        .untilAsserted(
            () -> {
              clock.move(Duration.ofMinutes(61));
              holds.run();
            });
  }

  private static String register(String url, FeedFormat format) {
    return Rest.as(TOKEN)
        .body(Map.of("name", "advisories", "url", url, "format", format))
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

  private static ValidatableResponse advisories(String filter) {
    return Rest.as(TOKEN).get("/v1/advisories?" + filter).then().statusCode(200);
  }

  /** With the time of its version as its title. */
  private String csaf(String version) {
    return """
        {"document": {"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "%2$s",
          "publisher": {"category": "vendor", "name": "x", "namespace": "https://vendor.example"},
          "tracking": {"id": "%1$s", "status": "final", "version": "1",
            "initial_release_date": "2026-03-01T00:00:00Z", "current_release_date": "%2$s",
            "revision_history": [{"number": "1", "date": "%2$s", "summary": "x"}]}},
         "vulnerabilities": [{"cve": "CVE-2026-0001"}]}"""
        .formatted(mark, version);
  }

  private static String osv(String id) {
    return "{\"id\":\"%s\",\"modified\":\"2026-03-02T08:00:00Z\"}".formatted(id);
  }
}
