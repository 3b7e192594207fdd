package io.vigie.backup.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.backup.Plans;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.backup.Plans.change;
import static io.vigie.backup.Plans.create;
import static io.vigie.backup.Plans.daily;
import static io.vigie.backup.Plans.get;
import static io.vigie.backup.Plans.nightly;
import static io.vigie.backup.Plans.tasks;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class GoneAssetsTest {

  @Inject PlanClock planClock;
  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void theCopiesOfARetiredAssetWaitForADecisionUntilThePlanEnds() {
    // Given
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);

    // When
    tell("asset.retired.v1", asset, "\"reason\":\"replaced\"");

    // Then
    awaitAssetState(plan, "RETIRED");
    String task = "backup-plan.decide-retention backup-plan/" + plan;
    assertTrue(tasks().contains(task));
    Rest.as(Plans.TOOL_TOKEN)
        .get("/v1/plans?assetState=RETIRED&asset=" + asset)
        .then()
        .body("items.id", contains(plan));

    // When
    change(plan, "POST", "ending", Map.of("reason", "kept for a year")).then().statusCode(200);

    // Then
    assertFalse(tasks().contains(task));
  }

  @Test
  void onceSomebodyDecidedAboutAllCopiesThatIsPublishedOnce() {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    UUID without = UUID.randomUUID();
    tell("asset.retired.v1", asset, "\"reason\":\"replaced\"");
    tell("asset.retired.v1", without, "\"reason\":\"never backed up\"");
    awaitAssetState(plan, "RETIRED");

    try (Topic topic = Topic.named("vigie.backup.events")) {
      topic.await(1, about("asset-backups/" + without));
      change(plan, "POST", "ending", Map.of("reason", "kept for a year")).then().statusCode(200);
      String settled = new String(topic.await(1, about("asset-backups/" + asset)).get(0).value());
      assertTrue(settled.contains("\"plans\":1"), settled);
    }
  }

  @Test
  void whereARunMadeACopyTheAssetIsSettledOnlyWithADecisionUntilWhenItIsKept() {
    // Given
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    Plans.report(plan, Plans.success(clock.instant().minusSeconds(60))).then().statusCode(201);
    tell("asset.retired.v1", asset, "\"reason\":\"replaced\"");
    awaitAssetState(plan, "RETIRED");
    String task = "retention-decision.make asset/" + asset;
    assertFalse(tasks().contains(task));

    // When
    change(plan, "POST", "ending", Map.of("reason", "replaced")).then().statusCode(200);

    // Then
    await().until(() -> tasks().contains(task));
    UUID later = UUID.randomUUID();
    tell("asset.retired.v1", later, "\"reason\":\"never backed up\"");
    try (Topic topic = Topic.named("vigie.backup.events")) {
      assertEquals(1, topic.await(1, about("asset-backups/" + later)).size());
      assertTrue(topic.await(0, about("asset-backups/" + asset)).isEmpty());

      // When
      Rest.as(Plans.SYSADMIN_TOKEN)
          .body(
              Map.of(
                  "asset",
                  asset,
                  "keepUntil",
                  clock.instant().plus(Duration.ofDays(30)).toString(),
                  "reason",
                  "Invoices are kept"))
          .post("/v1/retention-decisions")
          .then()
          .statusCode(201);

      // Then
      assertEquals(1, topic.await(1, about("asset-backups/" + asset)).size());
      assertFalse(tasks().contains(task));
    }
  }

  @Test
  void thePlansOfWhatWasLostAndIsBackGoOnAndItCanHaveNewOnes() throws Throwable {
    // Given
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    Map<String, Object> second = new HashMap<>(nightly(asset));
    second.put("name", "ended");
    String ended = create(second).path("id");
    tell("asset.lost.v1", asset, "\"stolen\":false");
    awaitAssetState(plan, "LOST");
    awaitAssetState(ended, "LOST");
    change(ended, "POST", "ending", Map.of("reason", "kept for a year")).then().statusCode(200);

    // When
    tell("asset.recovered.v1", asset, "\"circumstances\":\"found\"");

    // Then
    awaitAssetState(plan, null);
    assertFalse(tasks().contains("backup-plan.hold-copies backup-plan/" + plan));
    get(ended).then().body("state", equalTo("ENDED"));
    Map<String, Object> again = new HashMap<>(nightly(asset));
    again.put("name", "again");
    create(again).then().statusCode(201);

    // And its runs are owed again
    clock.move(Duration.ofDays(3));
    VertxContextSupport.subscribeAndAwait(() -> planClock.findMisses());
    await().untilAsserted(() -> get(plan).then().body("missedSince", notNullValue()));
    try (Topic topic = Topic.named("vigie.backup.events")) {
      assertEquals(
          List.of(
              "backup-plan.created.v1",
              "backup-plan.asset-gone.v1",
              "backup-plan.asset-regained.v1",
              "backup-plan.run-missed.v1",
              "backup-plan.run-missed.v1"),
          topic.await(5, about(plan)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void aLostAssetIsToldOnceHoweverOftenItsEventComes() {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    String other = daily(UUID.randomUUID());

    // When
    UUID event = tell("asset.lost.v1", asset, "\"stolen\":true");
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(event, "asset.lost.v1", "asset/" + asset, asset.toString(), data(asset, ""));
    }
    tell("asset.snapshot.v1", asset, "\"state\":{\"state\":\"LOST\"}");
    UUID last = UUID.randomUUID();
    String marker = daily(last);
    tell("asset.lost.v1", last, "\"stolen\":false");
    awaitAssetState(marker, "LOST");
    awaitAssetState(plan, "LOST");

    // Then
    assertTrue(tasks().contains("backup-plan.hold-copies backup-plan/" + plan));
    get(other).then().body("assetState", equalTo(null));
    change(plan, "POST", "ending", Map.of("reason", "held elsewhere")).then().statusCode(200);
    try (Topic topic = Topic.named("vigie.backup.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(plan));
      assertEquals(
          List.of("backup-plan.created.v1", "backup-plan.asset-gone.v1", "backup-plan.ended.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals("system:backup", header(records.get(1), "ce_actor"));
    }
  }

  @Test
  void aSnapshotTellsOfAGoneAssetTooAndOneOfAHeldAssetChangesNothing() {
    UUID gone = UUID.randomUUID();
    UUID held = UUID.randomUUID();
    String planOfHeld = daily(held);
    String planOfGone = daily(gone);

    tell("asset.snapshot.v1", held, "\"state\":{\"state\":\"IN_SERVICE\",\"name\":\"web-1\"}");
    tell("asset.snapshot.v1", gone, "\"state\":{\"state\":\"RETIRED\",\"name\":\"web-2\"}");

    awaitAssetState(planOfGone, "RETIRED");
    get(planOfHeld).then().body("assetState", equalTo(null));
  }

  @Test
  void aGoneAssetGetsNoNewPlan() {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    tell("asset.retired.v1", asset, "\"reason\":\"replaced\"");
    awaitAssetState(plan, "RETIRED");

    create(nightly(asset))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:asset-gone"));
  }

  @Test
  void theClockExpectsNoRunOfAGoneAsset() throws Throwable {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    tell("asset.lost.v1", asset, "\"stolen\":true");
    awaitAssetState(plan, "LOST");

    clock.move(Duration.ofDays(3));
    VertxContextSupport.subscribeAndAwait(() -> planClock.findMisses());

    get(plan).then().body("missedSince", equalTo(null));
  }

  private static UUID tell(String type, UUID asset, String field) {
    try (Topic assets = Topic.named("vigie.asset.events")) {
      return assets.publish(type, "asset/" + asset, asset.toString(), data(asset, field));
    }
  }

  private static String data(UUID asset, String field) {
    return "{\"aggregateId\":\"%s\",%s\"at\":\"2026-01-02T03:04:05Z\"}"
        .formatted(asset, field.isEmpty() ? "" : field + ",");
  }

  private static void awaitAssetState(String plan, String expected) {
    await().untilAsserted(() -> get(plan).then().body("assetState", equalTo(expected)));
  }
}
