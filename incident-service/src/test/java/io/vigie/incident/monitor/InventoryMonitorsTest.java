package io.vigie.incident.monitor;

import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class InventoryMonitorsTest {

  private static final String TOKEN = Tokens.of(SYSADMIN);

  private final Topic assets = Topic.named("vigie.asset.events");
  private final UUID asset = UUID.randomUUID();

  @AfterEach
  void close() {
    assets.close();
  }

  @Test
  void aWebPropertyIsWatchedFromItsServiceOnToItsRetirement() {
    // Given
    tell(
        "registered",
        """
        {"name":"Shop","kind":"WEB_PROPERTY","state":"IN_STOCK",
         "attributes":{"url":"https://127.0.0.1:1/shop"}}""");

    // When
    tell("commissioned", "{\"state\":\"IN_SERVICE\"}");

    // Then
    await().untilAsserted(() -> monitors("").body("items", hasSize(2)));
    monitors("&type=HTTP")
        .body("items[0].name", equalTo("Shop"))
        .body("items[0].target", equalTo(Map.of("url", "https://127.0.0.1:1/shop")))
        .body("items[0].everySeconds", equalTo(60));
    monitors("&type=TLS").body("items[0].target", equalTo(Map.of("host", "127.0.0.1", "port", 1)));

    // When its address changes
    tell("described", "{\"attributes\":{\"url\":\"http://127.0.0.2:2/\"}}");

    // Then both are where it is, and TLS is looked for where browsers do
    await()
        .untilAsserted(
            () ->
                monitors("&type=TLS")
                    .body(
                        "items[0].target",
                        equalTo(Map.of("host", "127.0.0.2", "port", 443, "plainPort", 2))));
    monitors("&type=HTTP").body("items[0].target.url", equalTo("http://127.0.0.2:2/"));

    // When
    tell("retired", "{\"state\":\"RETIRED\"}");

    // Then
    await()
        .untilAsserted(
            () ->
                monitors("")
                    .body("items", hasSize(2))
                    .body("items.state", everyItem(equalTo("RETIRED"))));
  }

  @Test
  void whatSomebodyWatchesAlreadyIsNotWatchedTwiceNorMovedFromElsewhere() {
    watchByHand();
    for (int i = 0; i < 2; i++) {
      snapshot("https://127.0.0.1:1/", "IN_SERVICE");
    }
    snapshot("https://127.0.0.2:1/", "IN_SERVICE");

    await()
        .untilAsserted(
            () -> monitors("&type=TLS").body("items.target.host", containsInAnyOrder("127.0.0.2")));
    monitors("&type=HTTP").body("items.target.url", containsInAnyOrder("http://127.0.0.1:9/"));
  }

  @Test
  void ofAnotherAssetTheMonitorsEndWithItAndNoneIsMade() {
    watchByHand();
    tell("registered", "{\"name\":\"web-1\",\"kind\":\"SERVER\",\"state\":\"IN_SERVICE\"}");
    tell("retired", "{\"state\":\"RETIRED\"}");

    await()
        .untilAsserted(
            () -> monitors("&state=RETIRED").body("items.type", containsInAnyOrder("HTTP")));
    monitors("&state=ACTIVE").body("items", empty());
  }

  private void watchByHand() {
    Rest.as(TOKEN)
        .body(
            Map.of(
                "asset",
                asset,
                "name",
                "by hand",
                "type",
                "HTTP",
                "target",
                Map.of("url", "http://127.0.0.1:9/")))
        .post("/v1/monitors")
        .then()
        .statusCode(201);
  }

  private void snapshot(String url, String state) {
    publish(
        "snapshot",
        "\"state\":{\"name\":\"Shop\",\"kind\":\"WEB_PROPERTY\",\"state\":\"%s\",\"attributes\":{\"url\":\"%s\"}}"
            .formatted(state, url));
  }

  private void tell(String event, String changes) {
    publish(event, "\"changes\":" + changes);
  }

  private void publish(String event, String data) {
    assets.publish(
        "asset." + event + ".v1",
        "asset/" + asset,
        asset.toString(),
        "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\",%s}".formatted(asset, data));
  }

  private ValidatableResponse monitors(String filter) {
    return Rest.as(TOKEN).get("/v1/monitors?asset=" + asset + filter).then().statusCode(200);
  }
}
