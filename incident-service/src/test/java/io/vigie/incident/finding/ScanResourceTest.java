package io.vigie.incident.finding;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.finding.Samples.bytes;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ScanResourceTest {

  private static final String FINDINGS = "/v1/scan-findings";
  private static final String SARIF = "application/sarif+json";
  private static final String NMAP = "application/xml";
  private static final String TOOL_TOKEN = Tokens.of(TOOL);
  private static final String ADMIN = Tokens.of(SYSADMIN);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final int TOO_LARGE = 20 * 1024 * 1024 + 1;

  private final String asset = UUID.randomUUID().toString();

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private Response scan(String type, String document) {
    return scan(type, document, true);
  }

  private Response scan(String type, String document, boolean complete) {
    return scan(type, bytes(document), complete);
  }

  private Response scan(String type, byte[] document, boolean complete) {
    return Rest.as(TOOL_TOKEN)
        .contentType(type)
        .body(document)
        .post("/v1/scans?asset={asset}&complete={complete}", asset, complete);
  }

  private Response findings(String filter) {
    return Rest.as(ADMIN).get(FINDINGS + "?asset=" + asset + filter);
  }

  private String idOf(String rule) {
    return findings("&rule=" + rule).path("items[0].id");
  }

  private static Response decide(String token, String id, String what, Map<String, ?> body) {
    String etag = Rest.as(ADMIN).get(FINDINGS + "/" + id).header("ETag");
    var request = Rest.as(token).header("If-Match", etag);
    return (body == null ? request : request.body(body)).post(FINDINGS + "/" + id + "/" + what);
  }

  @Test
  void aScanMakesFindingsTheSameAgainChangesNothingAndWhatComesBackIsReopened() {
    // Given
    scan(SARIF, Samples.sarif())
        .then()
        .statusCode(200)
        .body("scans.scan.tool", contains("semgrep"))
        .body("scans.scan.results", contains(2))
        .body("scans.scan.found", contains(2))
        .body("scans.unchanged", contains(false));
    Response first = findings("");
    first
        .then()
        .body("items.rule", containsInAnyOrder("java/sql-injection", "java/weak-hash"))
        .body("items.state", everyItem(equalTo("OPEN")));

    // When the same comes again
    scan(SARIF, Samples.sarif()).then().statusCode(200).body("scans.unchanged", contains(true));

    // Then
    assertEquals(first.asString(), findings("").asString());

    // When one of them is there no more
    String mended =
        Samples.sarif().replace("\"ruleIndex\": 1,", "\"ruleIndex\": 1, \"kind\": \"pass\",");
    scan(SARIF, mended, false).then().body("scans.scan.gone", contains(0));
    scan(SARIF, mended).then().body("scans.scan.gone", contains(1));

    // Then
    findings("&state=GONE").then().body("items.rule", contains("java/weak-hash"));

    // When it comes back
    scan(SARIF, Samples.sarif()).then().body("scans.scan.reopened", contains(1));

    // Then
    String id = idOf("java/weak-hash");
    findings("&rule=java/weak-hash")
        .then()
        .body("items.state", contains("OPEN"))
        .body("items.reopened", contains(1));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(id));
      assertEquals(
          List.of("scan-finding.found.v1", "scan-finding.gone.v1", "scan-finding.reopened.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      String reopened = new String(records.get(2).value());
      assertTrue(reopened.contains("\"times\":1"), reopened);
      records.forEach(record -> assertFalse(new String(record.value()).contains("Cart.java")));
    }
    Rest.as(ADMIN)
        .get("/v1/scans?asset=" + asset + "&tool=semgrep&complete=true")
        .then()
        .body("items.found", contains(2, 0, 0));
  }

  /** Several batches of each kind of work. */
  @Test
  void aLargeDocumentIsHeldAgainstAllThatIsThereAndAllThatWas() {
    scan(SARIF, Samples.sarif(0, 2_000, "x"))
        .then()
        .statusCode(200)
        .body("scans.scan.found", contains(2_000));
    scan(SARIF, Samples.sarif(1_000, 2_600, "x"))
        .then()
        .body("scans.scan.found", contains(600))
        .body("scans.scan.gone", contains(1_000));
    scan(SARIF, Samples.sarif(0, 2_600, "x"))
        .then()
        .body("scans.scan.found", contains(0))
        .body("scans.scan.reopened", contains(1_000))
        .body("scans.scan.gone", contains(0));
    findings("&state=GONE").then().body("items", empty());
  }

  @Test
  void toolsOfOneDocumentAreTakenInInTheOrderOfTheirNames() {
    scan(
            SARIF,
            """
            {"version": "2.1.0", "runs": [
             {"tool": {"driver": {"name": "trivy"}}, "results": []},
             {"tool": {"driver": {"name": "bandit"}}, "results": []}]}""")
        .then()
        .statusCode(200)
        .body("scans.scan.tool", contains("bandit", "trivy"));
  }

  @Test
  void aScanOfPortsLeavesThoseItDidNotLookAt() {
    scan(NMAP, Samples.nmap()).then().statusCode(200).body("scans.scan.found", contains(3));

    String later =
        """
        <nmaprun scanner="nmap" args="nmap -p 443" start="1767409200">
        <scaninfo protocol="tcp" services="443"/>
        <host><status state="up"/></host>
        <runstats><finished time="1767409201" exit="success"/></runstats></nmaprun>""";
    scan(NMAP, later).then().statusCode(200).body("scans.scan.gone", contains(1));

    findings("&state=OPEN")
        .then()
        .body("items.place", containsInAnyOrder("tcp/23", "tcp/443"))
        .body("items.rule", containsInAnyOrder("open-port", "ssl-poodle/CVE-2014-3566"));
    problem(scan(NMAP, Samples.nmap()), 409, "scan-older");
  }

  @Test
  void aBrokenOrTooLargeDocumentIsRefusedWhole() {
    problem(scan(SARIF, Samples.sarif().replace("\"note\"", "\"loud\"")), 400, "validation")
        .body("errors.field", contains("runs[0].results[1].level"));
    problem(scan(NMAP, "<nmaprun scanner=\"nmap\">"), 400, "bad-request");
    problem(scan(SARIF, new byte[TOO_LARGE], true), 413, "too-large");
    problem(scan("application/json", Samples.sarif()), 415, "unsupported-media-type");
    findings("").then().body("items", empty());
    problem(
        Rest.as(TOOL_TOKEN).contentType(NMAP).body(bytes(Samples.nmap())).post("/v1/scans"),
        400,
        "validation");
  }

  @Test
  void aFindingIsAcceptedForATimeBySomebodyElseAndOpensAgainByItself() {
    scan(SARIF, Samples.sarif());
    String id = idOf("java/sql-injection");
    String asks = Tokens.of(RESPONDER, CISO);
    String until = clock.instant().plus(Duration.ofDays(100)).toString();
    Map<String, ?> request = Map.of("until", until, "reason", "Mr Doe replaces it soon");
    problem(
            decide(
                asks,
                id,
                "acceptance",
                Map.of(
                    "until", clock.instant().plus(Duration.ofDays(181)).toString(), "reason", "x")),
            400,
            "validation")
        .body("errors.field", contains("until"));

    decide(asks, id, "acceptance", request).then().statusCode(200);
    problem(decide(asks, id, "acceptance/approval", null), 422, "self-approval");
    Rest.as(CISO_TOKEN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", hasItem("scan-finding/" + id));
    decide(CISO_TOKEN, id, "acceptance/approval", null)
        .then()
        .statusCode(200)
        .body("state", is("ACCEPTED"))
        .body("acceptance.requestedReason", is("Mr Doe replaces it soon"));

    clock.move(Duration.ofDays(101));
    await()
        .untilAsserted(
            () ->
                Rest.as(ADMIN)
                    .get(FINDINGS + "/" + id)
                    .then()
                    .body("state", is("OPEN"))
                    .body("acceptance.state", is("ENDED")));
    Rest.as(ADMIN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", hasItem("scan-finding/" + id));
    findings("&overdue=true").then().body("items.id", contains(id));
    findings("&overdue=false").then().body("items.id", not(hasItem(id)));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(4, about(id));
      assertEquals(
          List.of(
              "scan-finding.found.v1",
              "scan-finding.acceptance-requested.v1",
              "scan-finding.acceptance-approved.v1",
              "scan-finding.acceptance-expired.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      records.forEach(record -> assertFalse(new String(record.value()).contains("Doe")));
    }
  }

  @Test
  void aFalsePositiveHasAReasonAndWhoHasToMendItCannotSaySo() {
    scan(SARIF, Samples.sarif());
    String id = idOf("java/sql-injection");
    String responder = Tokens.of(RESPONDER);
    Map<String, ?> why = Map.of("reason", "constants alone");

    problem(decide(ADMIN, id, "dismissal", why), 403, "forbidden");
    problem(decide(responder, id, "dismissal", Map.of("reason", " ")), 400, "validation");
    problem(
        Rest.as(responder).body(why).post(FINDINGS + "/" + id + "/dismissal"),
        428,
        "precondition-required");
    decide(responder, id, "dismissal", why)
        .then()
        .statusCode(200)
        .body("state", is("FALSE_POSITIVE"))
        .body("verdictReason", is("constants alone"))
        .body("verdictBy", notNullValue());
    decide(CISO_TOKEN, id, "restoration", Map.of("reason", "they are not"))
        .then()
        .statusCode(200)
        .body("state", is("OPEN"));
    problem(decide(CISO_TOKEN, id, "acceptance/refusal", why), 409, "acceptance-not-requested");
  }

  @Test
  void whatIsFoundOnAnAssetEndsWithItAndOpensAgainWhereAScanSeesItAfterAll() {
    // Given one that is overdue, and one that is none
    scan(SARIF, Samples.sarif());
    String open = idOf("java/sql-injection");
    String none = idOf("java/weak-hash");
    decide(Tokens.of(RESPONDER), none, "dismissal", Map.of("reason", "a test's"));
    clock.move(Duration.ofDays(40));
    findings("&overdue=true").then().body("items.id", contains(open));

    // When
    tellAsset("asset.retired.v1", "\"changes\":{\"state\":\"RETIRED\"}");

    // Then nobody has to mend it
    await().untilAsserted(() -> findings("&state=GONE").then().body("items.id", contains(open)));
    findings("&overdue=true").then().body("items", empty());
    findings("&state=FALSE_POSITIVE").then().body("items.id", contains(none));

    // When something answers there nevertheless
    String again = Samples.sarif().replace("\"version\": \"2.1.0\"", "\"version\":\"2.1.0\"");
    scan(SARIF, again).then().statusCode(200).body("scans.scan.reopened", contains(1));

    // Then it is to be mended, until a snapshot says that the asset is no more
    findings("&state=OPEN").then().body("items.id", contains(open));
    tellAsset(
        "asset.snapshot.v1",
        "\"state\":{\"name\":\"x\",\"kind\":\"SERVER\",\"state\":\"DISPOSED\"}");
    try (Topic topic = Topic.named("vigie.incident.events")) {
      assertEquals(
          List.of(
              "scan-finding.found.v1",
              "scan-finding.asset-gone.v1",
              "scan-finding.reopened.v1",
              "scan-finding.asset-gone.v1"),
          topic.await(4, about(open)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  private void tellAsset(String type, String data) {
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          type,
          "asset/" + asset,
          asset,
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\",%s}".formatted(asset, data));
    }
  }

  @Test
  void findingsArePagedAndTheirStateIsPublishedAgain() {
    scan(SARIF, Samples.sarif());
    Response page = findings("&limit=1");
    page.then().body("items", hasSize(1));
    Rest.as(ADMIN)
        .get(page.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items", hasSize(1))
        .body("items.id", not(hasItem(page.<String>path("items[0].id"))));
    findings("&severity=CRITICAL&tool=semgrep")
        .then()
        .body("items.rule", contains("java/sql-injection"));
    Rest.as(ADMIN).get(FINDINGS + "?state=SOLVED").then().statusCode(400);

    Rest.as(ADMIN).post("/v1/snapshots").then().statusCode(200);
    String id = idOf("java/sql-injection");
    String scan = Rest.as(ADMIN).get("/v1/scans?asset=" + asset).path("items[0].id");
    try (Topic topic = Topic.named("vigie.incident.events")) {
      String state =
          new String(
              topic.await(1, about(id).and(ofType("scan-finding.snapshot.v1"))).get(0).value());
      assertTrue(state.contains("\"severity\":\"CRITICAL\""), state);
      assertEquals(1, topic.await(1, about(scan).and(ofType("scan.snapshot.v1"))).size());
    }
  }
}
