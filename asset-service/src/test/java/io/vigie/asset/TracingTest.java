package io.vigie.asset;

import java.util.Map;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** With tracing on, a fact carries the trace of the request that established it (W3C). */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class TracingTest {

  @Test
  void anEventCarriesTheTraceOfTheRequestThatCausedIt() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    String id =
        Rest.as(Tokens.of(ASSET_MANAGER))
            .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
            .body(Map.of("name", "web-1", "kind", "SERVER", "production", true))
            .post("/v1/assets")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      String traceparent = header(topic.await(1, about(id)).get(0), "ce_traceparent");
      assertTrue(traceparent.matches("00-" + trace + "-[0-9a-f]{16}-01"), traceparent);
    }
  }
}
