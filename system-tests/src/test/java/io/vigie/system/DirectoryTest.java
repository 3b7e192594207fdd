package io.vigie.system;

import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Accounts in the platform's own Keycloak, from the first day to the last. */
class DirectoryTest {

  /** By far: how soon it is, KeycloakTest holds. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Test
  void fromTheFirstDayToTheLastAnAccountFollowsItsPersonAndTheLogHasItAll() {
    // Given somebody new
    String person =
        Platform.as("access-manager", "access")
            .body(
                Map.of(
                    "givenName", "Kim",
                    "familyName", "First" + UUID.randomUUID().toString().substring(0, 8),
                    "email", "kim-" + UUID.randomUUID() + "@agency.example",
                    "businessProfile", "developer",
                    "joinedOn", "2025-09-01"))
            .post("/v1/people")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String path = "/v1/people/" + person;

    // Then they get an account, sign in with it, and may do what everybody may
    String account =
        await()
            .atMost(PATIENCE)
            .until(
                () -> Platform.as("access-manager", "access").get(path).path("subject"),
                subject -> subject != null);
    String username = Realm.setPassword(account);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> tasks(Realm.signIn(username).path("access_token")) == 200);
    assertLogged(account, "session.started.v1");

    // And what they ask for is in their next token once it is approved, and no longer once revoked
    String right = ask(person, Realm.signIn(username).path("access_token"));
    decide(right, "approval", Map.of());
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> roles(username).contains("\"auditor\""));
    Response auditors = Realm.signIn(username);
    decide(right, "revocation", Map.of("reason", "done"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Realm.refresh(auditors).statusCode() == 400
                    && tasks(auditors.path("access_token")) == 401);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !roles(username).contains("\"auditor\""));
    Response tokens = Realm.signIn(username);

    // When they leave
    Platform.as("access-manager", "access")
        .header("If-Match", Platform.as("access-manager", "access").get(path).header("ETag"))
        .body(Map.of())
        .post(path + "/departure")
        .then()
        .statusCode(200);

    // Then nothing of it works any more
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Realm.refresh(tokens).statusCode() == 400
                    && tasks(tokens.path("access_token")) == 401);
    assertEquals(400, Realm.signIn(username).statusCode());
    assertLogged(account, "account.changed.v1");
    assertLogged(account, "sign-in.failed.v1");
  }

  /** Asks, as its holder, for something that is the role of auditors in the directory. */
  private static String ask(String person, String token) {
    String entitlement =
        Platform.as("access-manager", "access")
            .body(
                Map.of(
                    "asset",
                    UUID.randomUUID(),
                    "name",
                    "reader",
                    "type",
                    "APPLICATION_ROLE",
                    "terms",
                    Map.of(
                        "owner",
                        person,
                        "sensitivity",
                        "NORMAL",
                        "longest",
                        "P30D",
                        "directory",
                        Map.of("kind", "ROLE", "name", "auditor"))))
            .post("/v1/entitlements")
            .path("id");
    return Platform.bearing(token, Platform.url("access").toString())
        .body(Map.of("person", person, "entitlement", entitlement, "reason", "reads the log"))
        .post("/v1/rights")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void decide(String right, String step, Map<String, ?> body) {
    String path = "/v1/rights/" + right;
    Platform.as("access-manager", "access")
        .header("If-Match", Platform.as("access-manager", "access").get(path).header("ETag"))
        .body(body)
        .post(path + "/" + step)
        .then()
        .statusCode(200);
  }

  /** What a new token says of who signs in. */
  private static String roles(String username) {
    String token = Realm.signIn(username).path("access_token");
    return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), UTF_8);
  }

  private static int tasks(String token) {
    return Platform.bearing(token, Platform.url("asset").toString()).get("/v1/tasks").statusCode();
  }

  /** An event about the account, in its timeline. */
  private static void assertLogged(String account, String type) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .queryParam("limit", 200)
                    .get("/v1/objects/account/" + account + "/timeline")
                    .then()
                    .statusCode(200)
                    .body("items.type", hasItem(type)));
  }

  @Test
  void aRoleGivenByHandIsRaisedWithinAMinuteAndInTheLog() {
    String account = Realm.make("hand-" + UUID.randomUUID().toString().substring(0, 8), "staff");
    Platform.as("access-manager", "access")
        .body(
            Map.of(
                "givenName", "Sam",
                "familyName", "Leaver",
                "email", "sam-" + UUID.randomUUID() + "@agency.example",
                "subject", account,
                "businessProfile", "developer",
                "joinedOn", "2025-09-01"))
        .post("/v1/people")
        .then()
        .statusCode(201);

    Realm.give(account, "auditor");

    String drift =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () ->
                    Platform.as("access-manager", "access")
                        .get("/v1/drifts?live=true&kind=UNAPPROVED_ROLE&account=" + account)
                        .path("items[0].id"),
                id -> id != null);
    Platform.as("auditor", "access")
        .get("/v1/drifts/" + drift)
        .then()
        .body("what", equalTo("auditor"));
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("auditor", "access")
                    .get("/v1/drifts/" + drift + "/history")
                    .then()
                    .statusCode(200)
                    .body("items.type", contains("drift.found.v1")));
  }
}
