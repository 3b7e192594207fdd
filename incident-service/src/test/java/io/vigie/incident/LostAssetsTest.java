package io.vigie.incident;

import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.Calls.RESPONDER_TOKEN;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LostAssetsTest {

  private final Topic assets = Topic.named("vigie.asset.events");

  @AfterEach
  void close() {
    assets.close();
  }

  @Test
  void aStolenAssetOpensASecurityEventByItself() {
    UUID asset = UUID.randomUUID();

    publish(UUID.randomUUID(), "asset.lost.v1", asset, asset, true);

    await()
        .untilAsserted(
            () ->
                reportsOn(asset)
                    .body("items.state", contains("REPORTED"))
                    .body("items.reporter", contains("system:incident"))
                    .body("items.category", contains("INFORMATION_CONTENT_SECURITY"))
                    .body("items.title", contains("An asset was stolen"))
                    .body("items.description", contains("Taken from Mr Doe's car"))
                    .body("items.occurredAt", contains("2026-01-01T18:30:00Z"))
                    .body("items.reportedAt", contains("2026-01-02T03:04:05Z")));
    String id = reportsOn(asset).extract().path("items[0].id");
    try (Topic published = Topic.named("vigie.incident.events")) {
      ConsumerRecord<String, byte[]> reported = published.await(1, about(id)).get(0);
      assertEquals("security-event.reported.v1", header(reported, "ce_type"));
      assertEquals("system:incident", header(reported, "ce_actor"));
      assertFalse(new String(reported.value()).contains("Doe"));
    }
  }

  @Test
  void aLossThatIsDeliveredTwiceOpensOneSecurityEvent() {
    // Given
    UUID lost = UUID.randomUUID();
    UUID lostLater = UUID.randomUUID();
    UUID delivery = UUID.randomUUID();

    // When the same event comes again, and another of the same key behind both
    publish(delivery, "asset.lost.v1", lost, lost, false);
    publish(delivery, "asset.lost.v1", lost, lost, false);
    publish(UUID.randomUUID(), "asset.lost.v1", lostLater, lost, false);

    // Then
    await().untilAsserted(() -> reportsOn(lostLater).body("items.category", contains("OTHER")));
    reportsOn(lost).body("items", hasSize(1));
  }

  @Test
  void otherNewsOfAnAssetOpensNothing() {
    UUID retired = UUID.randomUUID();
    UUID lostLater = UUID.randomUUID();

    publish(UUID.randomUUID(), "asset.retired.v1", retired, retired, false);
    publish(UUID.randomUUID(), "asset.lost.v1", lostLater, retired, false);

    await().untilAsserted(() -> reportsOn(lostLater).body("items", hasSize(1)));
    reportsOn(retired).body("items", hasSize(0));
  }

  private void publish(UUID id, String type, UUID asset, UUID key, boolean stolen) {
    assets.publish(
        id,
        type,
        "asset/" + asset,
        key.toString(),
        """
        {"aggregateId":"%s","stolen":%b,"circumstances":"Taken from Mr Doe's car",
         "occurredAt":"2026-01-01T18:30:00Z","at":"2026-01-02T03:04:05Z","changes":{"state":"LOST"}}"""
            .formatted(asset, stolen));
  }

  private static ValidatableResponse reportsOn(UUID asset) {
    return Rest.as(RESPONDER_TOKEN)
        .get("/v1/security-events?asset=" + asset)
        .then()
        .statusCode(200);
  }
}
