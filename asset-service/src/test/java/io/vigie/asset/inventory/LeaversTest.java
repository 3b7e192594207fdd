package io.vigie.asset.inventory;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What becomes of the assets of those who leave. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LeaversTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);

  @Test
  void aLeaversAssetsAreListedForReassignmentAndTheLeaverOwnsNothingNew() {
    // Given
    UUID leaver = UUID.randomUUID();
    String id = register("laptop-7");
    change(id, "PUT", "owner", Map.of("owner", leaver)).then().statusCode(200);

    // When access-service says that the person left
    leave(leaver);

    // Then
    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/assets?toReassign=true&owner=" + leaver)
                    .then()
                    .body("items.id", contains(id)));
    assertNotEquals(List.of(), tasks(TOKEN, "asset/" + id));
    assertEquals(List.of(), tasks(Tokens.of(STAFF), "asset/" + id));
    change(register("other"), "PUT", "owner", Map.of("owner", leaver))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:owner-left"));

    // And a new owner ends the request
    change(id, "PUT", "owner", Map.of("owner", UUID.randomUUID())).then().statusCode(200);
    assertEquals(List.of(), tasks(TOKEN, "asset/" + id));
  }

  @Test
  void whatALeaverOwnsIsReassignedAlsoWhereItIsOnlyDiscoveredOrLostOrStolenAfterItsRetirement() {
    // Given
    UUID leaver = UUID.randomUUID();
    String found =
        Rest.as(TOKEN)
            .body("{\"deviceid\":\"x\",\"content\":{\"bios\":{\"ssn\":\"%s\"}}}".formatted(leaver))
            .post("/v1/inventories")
            .path("asset");
    String lost = register("lost");
    String retired = register("retired");
    for (String id : List.of(found, lost, retired)) {
      change(id, "PUT", "owner", Map.of("owner", leaver)).then().statusCode(200);
    }
    Map<String, Object> loss =
        Map.of("stolen", true, "circumstances", "x", "occurredAt", "2026-01-02T03:04:05Z");
    change(lost, "POST", "loss", loss).then().statusCode(200);
    change(retired, "POST", "retirement", Map.of("reason", "old")).then().statusCode(200);

    // When
    leave(leaver);

    // Then
    await().until(() -> Calls.tasks(TOKEN, "asset/" + lost).contains("asset.reassign"));
    assertTrue(Calls.tasks(TOKEN, "asset/" + found).contains("asset.reassign"));
    assertEquals(List.of("asset.dispose"), Calls.tasks(TOKEN, "asset/" + retired));
    change(retired, "POST", "loss", loss).then().statusCode(200);
    assertEquals(List.of("asset.reassign"), Calls.tasks(TOKEN, "asset/" + retired));

    // And each gets another owner
    for (String id : List.of(found, lost, retired)) {
      change(id, "PUT", "owner", Map.of("owner", UUID.randomUUID())).then().statusCode(200);
    }
    change(lost, "POST", "recovery", Map.of("circumstances", "x")).then().statusCode(200);
    assertEquals(List.of(), Calls.tasks(TOKEN, "asset/" + lost));
  }

  @Test
  void whatALeaverHasInHandOrWasToSignForIsToBeTakenBackWhoeverOwnsIt() {
    // Given
    UUID leaver = UUID.randomUUID();
    UUID account = UUID.randomUUID();
    join(leaver, account);
    String held = register("held");
    String promised = register("promised");
    for (String id : List.of(held, promised)) {
      change(id, "POST", "handover", Map.of("to", leaver)).then().statusCode(200);
    }
    String signature = "/v1/assets/" + held + "/handover/signature";
    String etag = Rest.as(TOKEN).get("/v1/assets/" + held).header("ETag");
    String token = Tokens.of(account, STAFF);
    await()
        .until(
            () ->
                Rest.as(token).header("If-Match", etag).body("{}").post(signature).statusCode()
                    == 200);
    assertEquals(List.of(), Calls.tasks(TOKEN, "asset/" + held));

    // When
    leave(leaver);

    // Then
    for (String id : List.of(held, promised)) {
      await().until(() -> Calls.tasks(TOKEN, "asset/" + id).contains("asset.take-back"));
    }

    // And it is over as it comes back, or somebody else signs
    change(held, "POST", "return", Map.of()).then().statusCode(200);
    change(promised, "POST", "handover", Map.of("to", UUID.randomUUID())).then().statusCode(200);
    assertEquals(List.of(), Calls.tasks(TOKEN, "asset/" + held));
    assertEquals(List.of(), Calls.tasks(TOKEN, "asset/" + promised));
  }

  @Test
  void nobodyBecomesTheOwnerOfAnAssetUnnoticedWhileTheyLeave() {
    for (int round = 0; round < 10; round++) {
      UUID leaver = UUID.randomUUID();
      String id = register("laptop-" + round);
      CompletableFuture<Integer> assignment =
          CompletableFuture.supplyAsync(
              () -> change(id, "PUT", "owner", Map.of("owner", leaver)).statusCode());
      leave(leaver);
      String other = register("other-" + round);
      await()
          .untilAsserted(
              () -> change(other, "PUT", "owner", Map.of("owner", leaver)).then().statusCode(422));

      int assigned = assignment.join();
      Response asset = Rest.as(TOKEN).get("/v1/assets/" + id);
      if (assigned == 200) {
        asset.then().body("owner", equalTo(leaver.toString())).body("reassignBy", notNullValue());
      } else {
        asset.then().body("owner", equalTo(null));
      }
    }
  }

  @Test
  void somebodyWhoLeftBeforeTheRegisterBeganIsKnownFromTheirSnapshot() {
    UUID leaver = UUID.randomUUID();
    String id = register("old-laptop");
    change(id, "PUT", "owner", Map.of("owner", leaver)).then().statusCode(200);

    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.snapshot.v1",
          "person/" + leaver,
          leaver.toString(),
          "{\"aggregateId\":\"%s\",\"state\":{\"state\":\"LEFT\"},\"at\":\"2026-01-02T03:04:05Z\"}"
              .formatted(leaver));
    }

    await()
        .untilAsserted(
            () -> Rest.as(TOKEN).get("/v1/assets/" + id).then().body("reassignBy", notNullValue()));
  }

  private static void join(UUID person, UUID account) {
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.joined.v1",
          "person/" + person,
          person.toString(),
          "{\"aggregateId\":\"%s\",\"subject\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}"
              .formatted(person, account));
    }
  }

  /** What access-service says of somebody who leaves. */
  private static void leave(UUID leaver) {
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.left.v1",
          "person/" + leaver,
          leaver.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}".formatted(leaver));
    }
  }

  private static String register(String name) {
    return Rest.as(TOKEN)
        .body(Map.of("name", name, "kind", "SERVER", "production", true))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"0\""))
        .extract()
        .path("id");
  }

  private static Response change(String id, String method, String what, Map<String, ?> body) {
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .body(body)
        .request(method, "/v1/assets/" + id + "/" + what);
  }
}
