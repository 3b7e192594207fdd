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
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

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

  private void lookAt(Instant time) throws Throwable {
    clock.stopAt(time);
    VertxContextSupport.subscribeAndAwait(reconciliation::reconcileWhenDue);
  }
}
