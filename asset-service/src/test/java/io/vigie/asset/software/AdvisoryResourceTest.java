package io.vigie.asset.software;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.software.Software.TOKEN;
import static io.vigie.asset.software.Software.TOOL_TOKEN;
import static io.vigie.asset.software.Software.advisoryId;
import static io.vigie.asset.software.Software.asset;
import static io.vigie.asset.software.Software.found;
import static io.vigie.asset.software.Software.osv;
import static io.vigie.asset.software.Software.publish;
import static io.vigie.asset.software.Software.take;
import static io.vigie.asset.software.Software.unique;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AdvisoryResourceTest {

  @Test
  void everyPublishedExampleIsTakenAndTheSecondTimeIgnored() throws IOException {
    Path folder = DocumentReaderTest.SHARED.resolve("csaf/examples");
    assumeTrue(Files.isDirectory(folder));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        String document = Files.readString(file);
        Rest.as(TOOL_TOKEN).body(document).post("/v1/advisories").then().statusCode(201);
        Rest.as(TOOL_TOKEN)
            .body(document)
            .post("/v1/advisories")
            .then()
            .statusCode(200)
            .body("outcome", equalTo("IGNORED"));
      }
    }
    Rest.as(TOKEN)
        .get("/v1/advisories?cve=CVE-2022-27193")
        .then()
        .body("items.identifier", contains("BSI-2022-0001"))
        .body("items[0].severity", equalTo("MEDIUM"));
  }

  @Test
  void aBrokenDocumentIsRefusedWholly() {
    String id = advisoryId();
    problem(
            publish(
                DocumentReaderTest.CSAF
                    .replace("EX-1", id)
                    .replace("\"known_affected\": [\"part\"]", "\"known_affected\": [\"nobody\"]")),
            400,
            "validation")
        .body("errors.field", hasItem("vulnerabilities[0].product_status.known_affected[0]"));
    Rest.as(TOKEN).get("/v1/advisories?identifier=" + id).then().body("items", hasSize(0));
    problem(publish("{}"), 400, "bad-request");
    problem(publish("[]"), 400, "bad-request");
  }

  @Test
  void aCsafAdvisoryFindsAComponentByTheRangeOfItsBranch() {
    String app = asset("APPLICATION", false);
    take(app, "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar");
    String sound = asset("APPLICATION", false);
    take(sound, "pkg:maven/org.apache.logging.log4j/log4j-core@2.12.2?type=jar");

    publish(DocumentReaderTest.CSAF.replace("EX-1", advisoryId())).then().statusCode(201);

    found("asset=" + app)
        .then()
        .body("items.flaw", contains("CVE-2021-44228"))
        .body("items.score", contains(10.0f));
    found("asset=" + sound).then().body("items", hasSize(0));
  }

  @Test
  void anAdvisoryIsTakenBackByTheCisoAndIsInForceAgainWhenAPersonImportsIt() {
    String name = unique("back");
    String app = asset("APPLICATION", true);
    take(app, "pkg:npm/" + name + "@1.0.0");
    String document = osv(advisoryId(), "2026-01-01T00:00:00Z", name, "0", "2.0.0");
    String advisory = publish(document).path("advisory.id");
    String path = "/v1/advisories/" + advisory;
    Map<String, String> reason = Map.of("reason", "It names the wrong package.");
    String ciso = Tokens.of(CISO);

    // Ends what the CISO alone may leave open
    problem(
        Rest.as(TOKEN).header("If-Match", "*").body(reason).post(path + "/withdrawal"),
        403,
        "forbidden");
    Rest.as(ciso)
        .header("If-Match", "\"0\"")
        .body(reason)
        .post(path + "/withdrawal")
        .then()
        .statusCode(200);

    found("asset=" + app).then().body("items.state", contains("WITHDRAWN"));
    problem(
        Rest.as(ciso).header("If-Match", "*").body(reason).post(path + "/withdrawal"),
        409,
        "advisory-withdrawn");
    publish(document).then().body("outcome", equalTo("IGNORED"));
    Rest.as(TOKEN)
        .body(document)
        .post("/v1/advisories")
        .then()
        .body("outcome", equalTo("REVISED"))
        .body("advisory.withdrawnAt", equalTo(null));
    found("asset=" + app).then().body("items.state", contains("TO_ASSESS"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of("advisory.received.v1", "advisory.withdrawn.v1", "advisory.revised.v1"),
          topic.await(3, about(advisory)).stream().map(r -> header(r, "ce_type")).toList());
    }
  }

  @Test
  void theyAreSortedByWhatTheirPublishersCallThem() {
    // Given two about one flaw
    String first = advisoryId();
    String second = advisoryId();
    String cve = cve(first);
    for (String id : List.of(first, second)) {
      String document = osv(id, "2026-01-01T00:00:00Z", unique("sorted"), "0", "1.0.0");
      publish(document.replace(cve(id), cve)).then().statusCode(201);
    }
    List<String> sorted = Stream.of(first, second).sorted().toList();
    String about = "/v1/advisories?cve=" + cve;

    Rest.as(TOKEN)
        .get(about + "&sort=identifier")
        .then()
        .body("items.identifier", contains(sorted.get(0), sorted.get(1)));
    Rest.as(TOKEN)
        .get(about + "&sort=-identifier")
        .then()
        .body("items.identifier", contains(sorted.get(1), sorted.get(0)));
    for (String field : List.of("title", "severity", "publishedAt", "exploitedSince")) {
      Rest.as(TOKEN).get(about + "&sort=" + field).then().body("items", hasSize(2));
    }
    problem(Rest.as(TOKEN).get("/v1/advisories?sort=links"), 400, "validation");
  }

  private static String cve(String advisoryId) {
    return "CVE-2026-" + advisoryId.replaceAll("\\D", "");
  }

  @Test
  void aRequestThatIsRepeatedUnderItsKeyGetsItsFirstAnswer() {
    String document = osv(advisoryId(), "2026-01-01T00:00:00Z", unique("key"), "0", "2.0.0");
    String key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++) {
      Rest.as(TOOL_TOKEN)
          .header("Idempotency-Key", key)
          .body(document)
          .post("/v1/advisories")
          .then()
          .statusCode(201);
    }
    problem(
        Rest.as(TOOL_TOKEN)
            .header("Idempotency-Key", key)
            .body(document.replace("2.0.0", "3.0.0"))
            .post("/v1/advisories"),
        422,
        "idempotency-key-reused");
  }

  @Test
  void manyAreTakenAllOrNoneOrLineByLineAndTriedBefore() {
    String name = unique("many");
    String one = line(advisoryId(), name);
    String two = line(advisoryId(), name);
    String broken = "{\"id\": \"X-1\", \"modified\": \"yesterday\"}";
    String app = asset("APPLICATION", true);
    take(app, "pkg:npm/" + name + "@1.0.0");

    imported("?dryRun=true", one, two).body("rows.outcome", contains("RECEIVED", "RECEIVED"));
    imported("", one, broken, two)
        .body("rows.outcome", contains("NOT_DONE", "REFUSED", "NOT_DONE"))
        .body("rows[1].errors.field", contains("modified"));
    found("asset=" + app).then().body("items", hasSize(0));

    imported("?atomic=false", one, broken).body("rows.outcome", contains("RECEIVED", "REFUSED"));
    imported("", one, two).body("rows.outcome", contains("IGNORED", "RECEIVED"));
    found("asset=" + app).then().body("items", hasSize(2));
    imported("", "no JSON").body("rows.outcome", contains("REFUSED"));
  }

  /** The database has no room for it, so that one line fails after another was kept. */
  @Test
  void aLineThatCannotBeKeptKeepsNoOtherFromBeingTaken() throws SQLException {
    String one = advisoryId();
    String bad = advisoryId();
    String two = advisoryId();
    String name = unique("each");
    database(
        "create function refuse() returns trigger language plpgsql as"
            + " 'begin raise exception ''no room''; end'");
    database(
        "create trigger refuse before insert on advisory for each row when (new.identifier = '"
            + bad
            + "') execute function refuse()");
    try {
      imported("?atomic=false", line(one, name), line(bad, name), line(two, name))
          .body("rows.outcome", contains("RECEIVED", "FAILED", "RECEIVED"))
          .body("rows[1].identifier", equalTo(bad));
    } finally {
      database("drop function refuse cascade");
    }
    imported("?atomic=false", line(one, name), line(bad, name), line(two, name))
        .body("rows.outcome", contains("IGNORED", "RECEIVED", "IGNORED"));
  }

  /** Each flush looks at all that is watched, so what was written must not be. */
  @Test
  void aHundredAdvisoriesAboutWhatTwentyAssetsHoldAreTakenAtOnce() throws SQLException {
    // Given 2,000 matches to come
    String name = unique("wide");
    List<String> holders = Stream.generate(() -> asset("SERVER", false)).limit(20).toList();
    holders.forEach(asset -> take(asset, "pkg:npm/" + name + "@1.0.0").then().statusCode(200));
    List<String> ids = Stream.generate(Software::advisoryId).limit(100).toList();

    // When
    imported("", ids.stream().map(id -> line(id, name)).toArray(String[]::new))
        .body("rows.outcome", everyItem(equalTo("RECEIVED")));

    // Then
    assertEquals(2_000, vulnerabilities(name, "TO_ASSESS"));
    assertEquals(2_000, told(holders, "vulnerability.found.v1"));

    // When they say that a later version alone is concerned
    imported(
            "",
            ids.stream()
                .map(id -> osv(id, "2026-02-01T00:00:00Z", name, "1.5.0", "2.0.0"))
                .map(document -> document.replace("\n", " "))
                .toArray(String[]::new))
        .body("rows.outcome", everyItem(equalTo("REVISED")));

    // Then
    assertEquals(2_000, vulnerabilities(name, "FIXED"));
    assertEquals(2_000, told(holders, "vulnerability.fixed.v1"));
  }

  private static long vulnerabilities(String name, String state) throws SQLException {
    return count(
        "select count(*) from vulnerability where purl = 'pkg:npm/%s@1.0.0' and state = '%s' and version < 2"
            .formatted(name, state));
  }

  private static long told(List<String> assets, String type) {
    try (Topic topic = Topic.named("vigie.asset.events")) {
      return topic
          .await(
              2_000,
              record ->
                  type.equals(header(record, "ce_type"))
                      && assets.stream().anyMatch(new String(record.value(), UTF_8)::contains))
          .stream()
          .map(ConsumerRecord::key)
          .distinct()
          .count();
    }
  }

  private static long count(String query) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void database(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }

  private static io.restassured.response.ValidatableResponse imported(
      String query, String... lines) {
    return Rest.as(TOOL_TOKEN)
        .contentType("application/x-ndjson")
        .body(String.join("\n", lines))
        .post("/v1/advisories/import" + query)
        .then()
        .statusCode(200);
  }

  private static String line(String id, String name) {
    return osv(id, "2026-01-01T00:00:00Z", name, "0", "2.0.0").replace("\n", " ");
  }
}
