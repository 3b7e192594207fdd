package io.vigie.system;

import java.time.Duration;
import java.util.Map;

import io.restassured.response.Response;
import io.vigie.stack.Stack;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;

/** What callers see while a component is away, and that it mends by itself. */
class OutageTest {

  @Test
  void withoutTheBrokerWritesSucceedAndTheirEventsWait() {
    Stack stack = Platform.stack();
    stack.kill("kafka");
    String id;
    try {
      id = register().then().statusCode(201).extract().path("id");
      Platform.as("sysadmin", "asset")
          .get("/v1/operator/outbox")
          .then()
          .body("waiting", greaterThan(0));
    } finally {
      stack.start("kafka");
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .get("/v1/objects/asset/" + id + "/history")
                    .then()
                    .body("items[0].type", equalTo("asset.registered.v1")));
  }

  @Test
  void withoutTheDatabaseCallersAreToldToComeBackAndItMendsByItself() {
    Stack stack = Platform.stack();
    Platform.token("asset-manager"); // Keycloak needs the database too
    stack.kill("postgresql");
    try {
      register()
          .then()
          .statusCode(503)
          .contentType("application/problem+json")
          .header("Retry-After", notNullValue())
          .body("type", equalTo("urn:vigie:problem:unavailable"));
      // and an event reaches the listeners, who can neither work nor park it now
      publishHeartbeat();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> logOf("incident").contains("trying again"));
    } finally {
      stack.start("postgresql");
    }
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> register().then().statusCode(201));
  }

  private static Response register() {
    return Platform.as("asset-manager", "asset")
        .body(Map.of("name", "outage", "kind", "SERVER", "production", false))
        .post("/v1/assets");
  }
}
