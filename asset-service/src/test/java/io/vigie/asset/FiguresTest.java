package io.vigie.asset;

import java.util.Set;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Monitoring;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** What rules and dashboards ask for, as every service tells it; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class FiguresTest {

  /** What services count themselves, and what those tell that stand beside them in a cluster. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "(vigie|barman_cloud|certmanager|cnpg|kafka_controller|kafka_server|kubelet)_.*");

  @Test
  void whatIsAskedOfTheFrameworkIsTold() {
    Rest.as(Tokens.of(STAFF)).get("/v1/assets").then().statusCode(200);
    System.gc(); // what is said of collections is said after the first
    Set<String> asked = Monitoring.figures();
    asked.removeIf(OF_OTHERS.asMatchPredicate());
    assertFalse(asked.isEmpty());

    await()
        .untilAsserted(
            () -> {
              String told = told();
              asked.removeIf(
                  figure ->
                      told.contains("\n" + figure + "{") || told.contains("\n" + figure + " "));
              assertEquals(Set.of(), asked);
            });
  }

  @Test
  void requestsAreCountedByPathAndByTheTimeThatTheyTook() {
    Rest.as(Tokens.of(STAFF)).get("/v1/assets").then().statusCode(200);

    await().until(() -> told().lines().anyMatch(FiguresTest::isWithinASecond));
  }

  private static boolean isWithinASecond(String line) {
    return line.startsWith("http_server_requests_seconds_bucket{")
        && line.contains("uri=\"/v1/assets\"")
        && line.contains("status=\"200\"")
        && line.contains("le=\"1.0\"");
  }

  private static String told() {
    return Rest.as(Tokens.of(TOOL))
        .accept("text/plain")
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }
}
