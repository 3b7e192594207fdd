package io.vigie.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What follows in one service from what happened in another. */
class AcrossServicesTest {

  private static final List<String> SERVICES =
      List.of("asset", "access", "incident", "backup", "audit");

  @Test
  void realTokensOpenWhatTheirRolesAllowInEveryService() {
    for (String service : SERVICES) {
      for (String account :
          List.of(
              "staff",
              "asset-manager",
              "access-manager",
              "responder",
              "sysadmin",
              "ciso",
              "auditor",
              "tool")) {
        assertEquals(
            account.equals("tool") ? 403 : 200,
            Platform.as(account, service).get("/v1/tasks").statusCode(),
            account + " reads tasks of " + service);
        assertEquals(
            account.equals("sysadmin") ? 200 : 403,
            Platform.as(account, service).get("/v1/operator/outbox").statusCode(),
            account + " enters the operator's room of " + service);
      }
      assertEquals(
          401,
          RestAssured.given()
              .baseUri(Platform.url(service).toString())
              .get("/v1/tasks")
              .statusCode(),
          "nobody at " + service);
    }
  }

  @Test
  void whatKeycloakIssuedForSomethingElseOpensNoService() throws IOException {
    // Given somebody who may come in, and what else they have, or their administrator
    String account = "kim-" + UUID.randomUUID();
    Realm.make(account, "staff");
    Response tokens = Realm.signIn(account);
    Map<String, String> others =
        Map.of(
            "a token for another client",
            Realm.signInAt("admin-cli", account)
                .then()
                .statusCode(200)
                .extract()
                .path("access_token"),
            "a token that says who they are",
            tokens.path("id_token"),
            "a token that renews others",
            tokens.path("refresh_token"),
            "a token of another realm",
            Platform.reached().adminToken());

    for (String service : SERVICES) {
      String address = Platform.url(service).toString();
      assertEquals(
          200,
          Platform.bearing(tokens.path("access_token"), address).get("/v1/tasks").statusCode(),
          service);
      others.forEach(
          (what, token) ->
              assertEquals(
                  401,
                  Platform.bearing(token, address).get("/v1/tasks").statusCode(),
                  what + " at " + service));
    }
  }

  @Test
  void aRefusalIsAnEntryOfTheLog() throws IOException {
    String asset = register();
    String path = "/v1/assets/" + asset;
    assertRefusalLogged(
        RestAssured.given().baseUri(Platform.url("asset").toString()).get(path),
        401,
        "anonymous",
        asset);
    assertRefusalLogged(
        Platform.as("responder", "asset").get(path + "/history"),
        403,
        subject(Platform.token("responder")),
        asset);

    for (int expected : List.of(200, 409)) {
      Response retired =
          Platform.as("asset-manager", "asset")
              .header("If-Match", Platform.as("asset-manager", "asset").get(path).header("ETag"))
              .body(Map.of("reason", "worn out"))
              .post(path + "/retirement");
      assertEquals(expected, retired.statusCode(), retired.asString());
      if (expected == 409) {
        assertRefusalLogged(retired, 409, subject(Platform.token("asset-manager")), asset);
      }
    }
  }

  /** The event of a refusal has the path that was asked for, in which the object is named. */
  private static void assertRefusalLogged(
      Response refused, int status, String actor, String object) {
    assertEquals(status, refused.statusCode(), refused.asString());
    String problem = refused.jsonPath().getString("type").replace("urn:vigie:problem:", "");
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .queryParams("type", "security.refused.v1", "q", object + " " + problem)
                    .get("/v1/log/entries")
                    .then()
                    .statusCode(200)
                    .body("items.entry.actor", equalTo(List.of(actor))));
  }

  @Test
  void theHistoryOfEachKindOfObjectIsReadWhereTheObjectIs() {
    String asset = register();
    String person =
        create(
            "access-manager",
            "access",
            "/v1/people",
            Map.of(
                "givenName", "Kim",
                "familyName", "Reader",
                "email", "kim-" + UUID.randomUUID() + "@agency.example",
                "businessProfile", "developer",
                "joinedOn", "2025-09-01"));
    String right =
        create(
            "access-manager",
            "access",
            "/v1/rights",
            Map.of(
                "person", person, "entitlement", entitlement(asset, person), "reason", "on call"));
    Map<String, ?> letter =
        Map.of(
            "title",
            "A strange letter",
            "description",
            "It asks for a password.",
            "occurredAt",
            Instant.now().minusSeconds(600).toString(),
            "asset",
            asset);
    String event =
        await()
            .atMost(Duration.ofMinutes(3))
            .until(
                () -> Platform.as("staff", "incident").body(letter).post("/v1/security-events"),
                answer -> answer.statusCode() == 201)
            .path("id");
    String incident =
        Platform.as("responder", "incident")
            .header("If-Match", "\"0\"")
            .body(Map.of("category", "VULNERABLE", "severity", 2, "tlp", "AMBER"))
            .post("/v1/security-events/" + event + "/promotion")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String plan = plan(asset);
    String run =
        create(
            "tool",
            "backup",
            "/v1/plans/" + plan + "/runs",
            Map.of(
                "startedAt",
                Instant.now().minusSeconds(60).toString(),
                "endedAt",
                Instant.now().toString(),
                "outcome",
                "FAILED",
                "message",
                "the disk is full"));

    assertFirstEvent("asset-manager", "asset", "/v1/assets/" + asset, "asset.registered.v1");
    assertFirstEvent("access-manager", "access", "/v1/people/" + person, "person.joined.v1");
    assertFirstEvent("access-manager", "access", "/v1/rights/" + right, "right.requested.v1");
    assertFirstEvent(
        "ciso", "incident", "/v1/security-events/" + event, "security-event.reported.v1");
    assertFirstEvent("ciso", "incident", "/v1/incidents/" + incident, "incident.opened.v1");
    assertFirstEvent("sysadmin", "backup", "/v1/plans/" + plan, "backup-plan.created.v1");
    assertFirstEvent(
        "sysadmin", "backup", "/v1/plans/" + plan + "/runs/" + run, "backup-run.reported.v1");
  }

  @Test
  void whatBelongsToTheRegisterHasAHistoryToo() {
    String name = UUID.randomUUID().toString();
    String dmz = zone(name + "-dmz", "DMZ");
    String hosting = zone(name + "-hosting", "HOSTING");
    String flow =
        create(
            "sysadmin",
            "asset",
            "/v1/flows",
            Map.of(
                "fromZone", dmz,
                "toZone", hosting,
                "protocol", "TCP",
                "ports", "443",
                "purpose", "the shop"));
    String asset = "/v1/assets/" + register();
    Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(Map.of("ports", List.of(443)))
        .put(asset + "/declared-ports")
        .then()
        .statusCode(200);
    Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(Map.of("reason", "worn out"))
        .post(asset + "/retirement")
        .then()
        .statusCode(200);
    String disposal =
        create(
            "asset-manager",
            "asset",
            "/v1/disposals",
            Map.of(
                "asset",
                asset.substring("/v1/assets/".length()),
                "reason",
                "worn out",
                "media",
                List.of(Map.of("medium", "FLASH", "identifier", "S-1"))));

    assertFirstEvent("sysadmin", "asset", "/v1/zones/" + dmz, "zone.declared.v1");
    assertFirstEvent("sysadmin", "asset", "/v1/flows/" + flow, "flow.requested.v1");
    assertFirstEvent("sysadmin", "asset", asset + "/posture", "posture.ports-declared.v1");
    assertFirstEvent(
        "asset-manager", "asset", "/v1/disposals/" + disposal, "disposal.requested.v1");
  }

  private static String zone(String name, String purpose) {
    return create(
        "sysadmin",
        "asset",
        "/v1/zones",
        Map.of("name", name, "purpose", purpose, "ranges", List.of()));
  }

  private static String plan(String asset) {
    return create(
        "sysadmin",
        "backup",
        "/v1/plans",
        Map.of(
            "asset",
            asset,
            "name",
            "every day",
            "site",
            "elsewhere",
            "schedule",
            Map.of("interval", "P1D", "tolerance", "PT6H")));
  }

  private static String create(String account, String service, String path, Map<String, ?> body) {
    return Platform.as(account, service)
        .body(body)
        .post(path)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String entitlement(String asset, String owner) {
    return create(
        "access-manager",
        "access",
        "/v1/entitlements",
        Map.of(
            "asset",
            asset,
            "name",
            "admin",
            "type",
            "SERVER_ACCOUNT",
            "terms",
            Map.of("owner", owner, "sensitivity", "NORMAL", "longest", "P30D")));
  }

  private static void assertFirstEvent(String account, String service, String object, String type) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as(account, service)
                    .get(object + "/history")
                    .then()
                    .statusCode(200)
                    .body("items[0].type", equalTo(type)));
  }

  @Test
  void aLeaverLosesEveryRightAndTokenAndTheirAssetsAskForAnOwner() throws IOException {
    // Given a person with an account, an asset and an approved right on it
    String leaver = "sam-" + UUID.randomUUID();
    String person = join(leaver);
    String asset = register();
    Platform.as("asset-manager", "asset")
        .header("If-Match", "\"0\"")
        .body(Map.of("owner", person))
        .put("/v1/assets/" + asset + "/owner")
        .then()
        .statusCode(200);
    String right = right(leaver, person, asset);
    String oldToken = Realm.signIn(leaver).path("access_token");

    // When they leave
    String etag =
        Platform.as("access-manager", "access").get("/v1/people/" + person).header("ETag");
    Platform.as("access-manager", "access")
        .header("If-Match", etag)
        .body(Map.of())
        .post("/v1/people/" + person + "/departure")
        .then()
        .statusCode(200);

    // Then
    Platform.as("access-manager", "access")
        .get("/v1/rights/" + right)
        .then()
        .body("state", equalTo("REVOKED"));
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("asset-manager", "asset")
                    .get("/v1/assets?toReassign=true&owner=" + person)
                    .then()
                    .body("items.id", hasItem(asset)));
    for (String service : SERVICES) {
      await()
          .atMost(Duration.ofMinutes(3))
          .untilAsserted(
              () ->
                  assertEquals(
                      401,
                      RestAssured.given()
                          .baseUri(Platform.url(service).toString())
                          .header("Authorization", "Bearer " + oldToken)
                          .get("/v1/tasks")
                          .statusCode(),
                      service));
    }
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .get("/v1/objects/asset/" + asset + "/history")
                    .then()
                    .body("items.type", hasItem("asset.reassignment-requested.v1")));
  }

  /** Somebody new with this account; their id. */
  private static String join(String account) throws IOException {
    return create(
        "access-manager",
        "access",
        "/v1/people",
        Map.of(
            "givenName", "Sam",
            "familyName", "Leaver",
            "email", account + "@agency.example",
            "subject", Realm.make(account, "staff"),
            "businessProfile", "developer",
            "joinedOn", "2025-09-01"));
  }

  /** A right on an asset that this person asked for and has. */
  private static String right(String account, String person, String asset) throws IOException {
    String right =
        Platform.bearing(
                Realm.signIn(account).path("access_token"), Platform.url("access").toString())
            .body(
                Map.of(
                    "person",
                    person,
                    "entitlement",
                    entitlement(asset, person),
                    "reason",
                    "on call"))
            .post("/v1/rights")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Platform.as("access-manager", "access")
        .header("If-Match", "\"0\"")
        .post("/v1/rights/" + right + "/approval")
        .then()
        .statusCode(200);
    return right;
  }

  @Test
  void anAssetLeavesOnceItsRightsAndCopiesAreDecidedAboutAndItsCertificateIsProven()
      throws Exception {
    // Given a laptop that somebody has a right on and that is backed up
    String asset = register();
    String account = "kim-" + UUID.randomUUID();
    String right = right(account, join(account), asset);
    String plan = plan(asset);

    // When it is retired and its disk is erased, each step by whom it should be
    Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(
            Map.of(
                "availability", 2,
                "integrity", 2,
                "confidentiality", 2,
                "proof", 2,
                "rationale", "It is a laptop."))
        .put("/v1/assets/" + asset + "/classification")
        .then()
        .statusCode(200);
    done("asset-manager", "asset", "/v1/assets/" + asset + "/retirement", reason());
    String disposal =
        "/v1/disposals/"
            + create(
                "asset-manager",
                "asset",
                "/v1/disposals",
                Map.of(
                    "asset",
                    asset,
                    "reason",
                    "worn out",
                    "media",
                    List.of(Map.of("medium", "FLASH", "identifier", "S-1"))));
    done("ciso", "asset", disposal + "/approval", Map.of());
    done(
        "sysadmin",
        "asset",
        disposal + "/media/1/sanitisation",
        Map.of(
            "technique", "BLOCK_ERASE",
            "tool", "nvme-cli",
            "toolVersion", "2.11",
            "performedAt", Instant.now().toString()));
    done(
        "ciso",
        "asset",
        disposal + "/media/1/verification",
        Map.of("passed", true, "how", "read 1,000 sectors"));

    // Then it leaves when both services have nothing left, and each that has is named
    String missing = complete(disposal, 409).path("detail");
    assertTrue(missing.contains("access-service") && missing.contains("backup-service"), missing);
    done("sysadmin", "backup", "/v1/plans/" + plan + "/ending", reason());
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> !complete(disposal, 409).path("detail").toString().contains("backup-service"));
    done("access-manager", "access", "/v1/rights/" + right + "/revocation", reason());
    Response left =
        await()
            .atMost(Duration.ofMinutes(3))
            .pollInterval(Duration.ofSeconds(2))
            .until(() -> depart(disposal), answer -> answer.statusCode() == 200);
    Platform.as("asset-manager", "asset")
        .get("/v1/assets/" + asset)
        .then()
        .body("state", equalTo("DISPOSED"));

    // And its certificate has the receipt, which holds without the services
    byte[] pdf = Platform.as("ciso", "asset").get(disposal + "/certificate").asByteArray();
    try (PDDocument certificate = Loader.loadPDF(pdf)) {
      String text = new PDFTextStripper().getText(certificate);
      String receipt = left.header("Vigie-Receipt");
      assertTrue(text.contains(receipt), text);
      assertProven(receipt, disposal.replace("/v1/disposals", "disposal"));
    }
    assertProves(attached(disposal), disposal.replace("/v1/disposals", "disposal"));
  }

  /** The receipt in the certificate, once the log has one. */
  private static String attached(String disposal) throws IOException {
    byte[] pdf = Platform.as("ciso", "asset").get(disposal + "/certificate").asByteArray();
    try (PDDocument certificate = Loader.loadPDF(pdf)) {
      return new String(
          certificate
              .getDocumentCatalog()
              .getNames()
              .getEmbeddedFiles()
              .getNames()
              .get("disposal.tlog-proof")
              .getEmbeddedFile()
              .toByteArray(),
          StandardCharsets.UTF_8);
    }
  }

  private static Response complete(String disposal, int status) {
    Response answer = depart(disposal);
    assertEquals(status, answer.statusCode(), answer.asString());
    return answer;
  }

  private static Response depart(String disposal) {
    return Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(
            Map.of(
                "recipient",
                "Recyclage du Rhône",
                "leftOn",
                LocalDate.now(ZoneOffset.UTC).toString()))
        .post(disposal + "/completion");
  }

  private static Map<String, String> reason() {
    return Map.of("reason", "worn out");
  }

  private static void done(String account, String service, String path, Map<String, ?> body) {
    Platform.as(account, service)
        .header("If-Match", "*")
        .body(body)
        .post(path)
        .then()
        .statusCode(200);
  }

  @Test
  void aLostAssetOpensASecurityEventAndItsHistoryIsReadAtTheAsset() {
    String asset = register();
    Platform.as("auditor", "asset")
        .body(
            Map.of(
                "stolen",
                true,
                "circumstances",
                "taken from a car",
                "occurredAt",
                Instant.now().minusSeconds(3_600).toString()))
        .post("/v1/assets/" + asset + "/loss")
        .then()
        .statusCode(200);

    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("responder", "incident")
                    .get("/v1/security-events?asset=" + asset)
                    .then()
                    .body("items.state", hasItem("REPORTED")));
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("asset-manager", "asset")
                    .get("/v1/assets/" + asset + "/history")
                    .then()
                    .statusCode(200)
                    .body("items.type", hasItems("asset.registered.v1", "asset.lost.v1")));
  }

  @Test
  void theReceiptOfAChangeIsVerifiedByWhoeverMadeItWithoutTheService() throws Exception {
    Response changed =
        Platform.as("asset-manager", "asset")
            .body(Map.of("name", "laptop", "kind", "LAPTOP", "production", false))
            .post("/v1/assets");

    String path = assertProven(changed.header("Vigie-Receipt"), "asset/" + changed.path("id"));

    assertEquals(404, Platform.as("responder", "audit").get(path).statusCode());
  }

  /** Who changed it fetches the receipt, and the offline verifier finds the object in it. */
  private static String assertProven(String link, String object)
      throws IOException, InterruptedException {
    String audit = Platform.url("audit").toString();
    assertTrue(link.startsWith(audit + "/v1/receipts/"), link);
    String path = link.substring(audit.length());
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> Platform.as("asset-manager", "audit").get(path).statusCode() == 200);
    assertProves(Platform.as("asset-manager", "audit").get(path).asString(), object);
    return path;
  }

  private static void assertProves(String receipt, String object)
      throws IOException, InterruptedException {
    String audit = Platform.url("audit").toString();
    String keys = RestAssured.given().baseUri(audit).get("/log/vkey").asString();

    Platform.Verdict verdict = Platform.verifyReceipt(receipt, keys);
    assertEquals(0, verdict.exit(), verdict.output());
    assertTrue(verdict.output().contains(object), verdict.output());
  }

  private static String register() {
    return Platform.as("asset-manager", "asset")
        .body(Map.of("name", "laptop", "kind", "LAPTOP", "production", false))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String subject(String token) throws IOException {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return new ObjectMapper().readTree(claims).get("sub").asText();
  }
}
