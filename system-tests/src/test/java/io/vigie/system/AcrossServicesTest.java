package io.vigie.system;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.restassured.response.Response;
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
              .baseUri(Platform.stack().url(service).toString())
              .get("/v1/tasks")
              .statusCode(),
          "nobody at " + service);
    }
  }

  @Test
  void aRefusalIsAnEntryOfTheLog() throws IOException {
    Platform.as("responder", "asset")
        .body(Map.of("name", "x", "kind", "SERVER", "production", false))
        .post("/v1/assets")
        .then()
        .statusCode(403);

    String responder = subject(Platform.token("responder"));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .get("/v1/log/entries?type=security.refused.v1&actor=" + responder)
                    .then()
                    .body("items.entry.actor", hasItem(responder)));
  }

  @Test
  void aLeaverLosesEveryRightAndTokenAndTheirAssetsAskForAnOwner() throws IOException {
    // Given a person with an account, an asset and an approved right on it
    String subject = subject(Platform.token("ciso"));
    String person =
        Platform.as("access-manager", "access")
            .body(
                Map.of(
                    "givenName", "Sam",
                    "familyName", "Leaver",
                    "email", "sam-" + UUID.randomUUID() + "@agency.example",
                    "subject", subject,
                    "businessProfile", "developer",
                    "joinedOn", "2025-09-01"))
            .post("/v1/people")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String asset = register();
    Platform.as("asset-manager", "asset")
        .header("If-Match", "\"0\"")
        .body(Map.of("owner", person))
        .put("/v1/assets/" + asset + "/owner")
        .then()
        .statusCode(200);
    String right =
        Platform.as("ciso", "access")
            .body(
                Map.of(
                    "person", person, "asset", asset, "entitlement", "admin", "reason", "on call"))
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
    String oldToken = Platform.token("ciso");

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
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                Platform.as("asset-manager", "asset")
                    .get("/v1/assets?toReassign=true&owner=" + person)
                    .then()
                    .body("items.id", hasItem(asset)));
    for (String service : SERVICES) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertEquals(
                      401,
                      RestAssured.given()
                          .baseUri(Platform.stack().url(service).toString())
                          .header("Authorization", "Bearer " + oldToken)
                          .get("/v1/tasks")
                          .statusCode(),
                      service));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .get("/v1/objects/asset/" + asset + "/history")
                    .then()
                    .body("items.type", hasItem("asset.reassignment-requested.v1")));
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
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                Platform.as("responder", "incident")
                    .get("/v1/security-events?asset=" + asset)
                    .then()
                    .body("items.state", hasItem("REPORTED")));
    await()
        .atMost(Duration.ofSeconds(30))
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
    String audit = Platform.stack().url("audit").toString();
    String link = changed.header("Vigie-Receipt");
    assertTrue(link.startsWith(audit + "/v1/receipts/"), link);

    String path = link.substring(audit.length());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Platform.as("asset-manager", "audit").get(path).statusCode() == 200);
    String receipt = Platform.as("asset-manager", "audit").get(path).asString();
    String keys = RestAssured.given().baseUri(audit).get("/log/vkey").asString();

    Platform.Verdict verdict = Platform.verifyReceipt(receipt, keys);
    assertEquals(0, verdict.exit(), verdict.output());
    assertTrue(verdict.output().contains("asset/" + changed.path("id")), verdict.output());
    assertEquals(404, Platform.as("responder", "audit").get(path).statusCode());
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
