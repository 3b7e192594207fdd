package io.vigie.system;

import java.time.Duration;

import io.restassured.RestAssured;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

/** What Prometheus gets of each program that runs, with a token of the realm's. */
@OnOneMachine("asks for figures, which the proxy closes")
class FiguresTest {

  @ParameterizedTest
  @ValueSource(strings = {"asset", "access", "incident", "backup", "audit", "console"})
  void aToolGetsTheFiguresAndNobodyElse(String program) {
    String address = Platform.stack().url(program).toString();
    RestAssured.given().redirects().follow(false).get(address + "/v1/tasks");

    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("tool", program)
                    .accept("text/plain")
                    .get("/q/metrics")
                    .then()
                    .statusCode(200)
                    .body(containsString("http_server_requests_seconds_bucket{"))
                    .body(containsString("sql_pool_queue_size{")));
    Platform.as("staff", program).get("/q/metrics").then().statusCode(403);
    RestAssured.given()
        .redirects()
        .follow(false)
        .get(address + "/q/metrics")
        .then()
        .statusCode(401);
  }
}
