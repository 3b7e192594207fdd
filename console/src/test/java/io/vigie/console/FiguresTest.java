package io.vigie.console;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What Prometheus is told of the console, and nobody else. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
class FiguresTest {

  private static Response figures() {
    return RestAssured.given().redirects().follow(false).get("/q/metrics");
  }

  @Test
  @TestSecurity(user = "prometheus", roles = "internal-tool")
  void aProgramGetsTheFiguresThatRulesAreAbout() {
    RestAssured.given().redirects().follow(false).get("/own/nothing.css");

    await()
        .untilAsserted(
            () ->
                figures()
                    .then()
                    .statusCode(200)
                    .body(containsString("http_server_requests_seconds_bucket{"))
                    .body(containsString("le=\"1.0\""))
                    .body(containsString("sql_pool_queue_size{"))
                    .body(containsString("jvm_memory_used_bytes{"))
                    .body(containsString("process_cpu_usage ")));
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void staffDoNot() {
    assertEquals(403, figures().statusCode());
  }

  @Test
  void nobodyDoes() {
    assertEquals(401, figures().statusCode());
  }
}
