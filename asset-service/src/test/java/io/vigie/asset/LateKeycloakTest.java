package io.vigie.asset;

import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.HttpClientConfig;
import io.restassured.config.RestAssuredConfig;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

/**
 * A service that starts before Keycloak, and so has none of its keys. All services find them in one
 * way; shown on this one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(
    value = OwnRealm.class,
    initArgs = @ResourceArg(name = OwnRealm.LATE, value = "true"))
class LateKeycloakTest {

  /** Who asks waits for no minute: for less than this by far. */
  private static final RestAssuredConfig IN_TIME =
      RestAssuredConfig.config()
          .httpClient(HttpClientConfig.httpClientConfig().setParam("http.socket.timeout", 30_000));

  @Test
  void whoAsksBeforeKeycloakIsThereIsToldToComeAgainAndIsKnownOnceItIs() {
    String token = OwnRealm.token(STAFF, ASSET_MANAGER);
    Map<String, Object> asset =
        Map.of("name", "early " + UUID.randomUUID(), "kind", "SERVER", "production", true);

    problem(Rest.as(token).config(IN_TIME).get("/v1/assets"), 503, "unavailable")
        .header("Retry-After", equalTo("2"));

    OwnRealm.starts();
    problem(Rest.as(token).get("/v1/assets"), 503, "unavailable")
        .header("Retry-After", equalTo("2"));
    problem(Rest.as(token).body(asset).post("/v1/assets"), 503, "unavailable");

    OwnRealm.findsItsDatabase();
    Rest.as(token).get("/v1/assets?name=" + asset.get("name")).then().body("items", empty());
    Rest.as(token).body(asset).post("/v1/assets").then().statusCode(201);
  }
}
