package io.vigie.access.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.CISO;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

/** Of a directory that tells nothing of itself all accounts are compared, each hour. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(value = ScimProvider.class, restrictToAnnotatedClass = true)
class ReconciliationTest {

  @Inject MovableClock clock;
  @Inject Reconciliation reconciliation;
  @Inject DirectorySettings settings;

  @AfterEach
  void timeGoesOn() {
    clock.backToNow();
  }

  /** An account that somebody made by hand, and that is nobody's; its id. */
  private String stray() {
    return RestAssured.given()
        .header("Authorization", "Bearer " + ScimServer.TOKEN)
        .contentType("application/scim+json")
        .body(
            Map.of(
                "schemas",
                List.of("urn:ietf:params:scim:schemas:core:2.0:User"),
                "userName",
                "stray-" + UUID.randomUUID(),
                "active",
                true))
        .post(settings.scimUrl().orElseThrow() + "/Users")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void assertFound(String account) {
    Rest.as(Api.TOKEN)
        .get("/v1/drifts?account=" + account)
        .then()
        .body("items.kind", contains("ACCOUNT_WITHOUT_PERSON"));
  }

  @Test
  void allAccountsAreComparedAnHourAfterTheLastTimeAndNotBefore() throws Throwable {
    // Given two comparisons, an hour apart
    Duration hour = Duration.ofHours(1);
    Instant first = clock.instant().plus(hour.multipliedBy(2));
    lookAt(first);
    String before = stray();
    lookAt(first.plus(hour));
    await().untilAsserted(() -> assertFound(before));

    // When one more comes, and somebody looks a second before the next hour is over
    String after = stray();
    lookAt(first.plus(hour.multipliedBy(2)).minusSeconds(1));

    // Then
    Rest.as(Api.TOKEN).get("/v1/drifts?account=" + after).then().body("items", empty());

    // And when it is over it is found by itself
    clock.stopAt(first.plus(hour.multipliedBy(2)));
    await().untilAsserted(() -> assertFound(after));
  }

  @Test
  void aDirectoryThatCannotTellWhetherItLocksOutGuessersIsOneFindingUntilThatIsAccepted()
      throws Throwable {
    // Given
    compare();
    String id =
        guessers()
            .then()
            .body("items.state", contains("OPEN"))
            .body("items.account", contains(nullValue()))
            .body("items.person", contains(nullValue()))
            .extract()
            .path("items[0].id");

    // When
    compare();

    // Then
    guessers().then().body("items.id", contains(id));
    Api.change(Api.TOKEN, "POST", "/v1/drifts/" + id, "/repair", Map.of())
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:directory-settings"));

    // When
    Map<String, String> acceptance =
        Map.of(
            "reason",
            "its web server slows guessers down",
            "until",
            clock.instant().plus(Duration.ofDays(30)).toString());
    Api.change(Tokens.of(CISO), "POST", "/v1/drifts/" + id, "/acceptance", acceptance)
        .then()
        .statusCode(200);
    compare();

    // Then
    guessers().then().body("items.state", contains("ACCEPTED")).body("items.id", contains(id));
  }

  private static Response guessers() {
    return Rest.as(Api.TOKEN).get("/v1/drifts?live=true&kind=GUESSERS_NOT_LOCKED_OUT");
  }

  /** All of it, whenever that was done last. */
  private void compare() throws Throwable {
    VertxContextSupport.subscribeAndAwait(reconciliation::reconcile);
  }

  private void lookAt(Instant time) throws Throwable {
    clock.stopAt(time);
    VertxContextSupport.subscribeAndAwait(reconciliation::reconcileWhenDue);
  }
}
