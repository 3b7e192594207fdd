package io.vigie.asset.inventory;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What becomes of the other services' events, and the operator's room; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ListenersTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

  @Test
  void anEventThatCannotBeWorkedIsParkedWithItsKeyUntilAnOperatorReplaysIt() throws SQLException {
    // Given an event whose data the listener cannot read, and a later one of the same person
    UUID person = UUID.randomUUID();
    String id = register();
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("owner", person))
        .put("/v1/assets/" + id + "/owner");
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish("person.left.v1", "person/" + person, person.toString(), "{\"at\":17.5e}");
      access.publish(
          "person.left.v1",
          "person/" + person,
          person.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}".formatted(person));
    }

    // Then both are parked, for each listener, and the service says that it is not well
    String operator = Tokens.of(SYSADMIN);
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                assertEquals(
                    List.of("departures", "departures", "revocations", "revocations"),
                    Rest.as(operator)
                        .get("/v1/operator/parked?limit=200")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath()
                        .getList(
                            "items.findAll { it.key == '%s' }.listener.sort()".formatted(person))));
    Rest.anonymous().get("/q/health/well").then().body("status", equalTo("DOWN"));
    List<Integer> parked =
        Rest.as(operator)
            .get("/v1/operator/parked?limit=200")
            .jsonPath()
            .getList("items.findAll { it.key == '%s' }.id".formatted(person));

    // When it is replayed before it was mended, it stays; once mended, all of its key is worked
    // and that somebody tried stands in the log
    problem(
        Rest.as(operator)
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .post("/v1/operator/parked/" + parked.get(0) + "/replay"),
        409,
        "still-failing");
    try (Topic topic = Topic.named("vigie.asset.events")) {
      topic.await(
          1,
          ofType("operator.intervened.v1")
              .and(
                  record ->
                      new String(record.value(), UTF_8).contains("\"target\":" + parked.get(0))));
    }
    mendParked(person);
    for (Integer each : parked) {
      int status = Rest.as(operator).post("/v1/operator/parked/" + each + "/replay").statusCode();
      assertTrue(status == 200 || status == 404, "replay: " + status);
    }
    Rest.as(TOKEN).get("/v1/assets/" + id).then().body("reassignBy", notNullValue());
    Rest.anonymous().get("/q/health/well").then().body("status", equalTo("UP"));
  }

  @Test
  void anEventThatDoesNotSayWhetherItConcernsAListenerIsParkedAndTheNextOneIsRead()
      throws SQLException {
    // Given two events that do not say what changed
    UUID asset = UUID.randomUUID();
    try (Topic own = Topic.named("vigie.asset.events")) {
      for (int i = 0; i < 2; i++) {
        own.publish(
            "asset.described.v1",
            "asset/" + asset,
            asset.toString(),
            "{\"aggregateId\":\"%s\"}".formatted(asset));
      }
    }

    // Then both are parked for those who go by that
    await()
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/operator/parked?limit=200")
                    .then()
                    .body(
                        "items.findAll { it.key == '%s' }.listener.sort()".formatted(asset),
                        equalTo(
                            List.of(
                                "posture-assets",
                                "posture-assets",
                                "software-assets",
                                "software-assets"))));
    forgetParked(asset);
  }

  @Test
  void aRedeliveredEventIsWorkedOnce() {
    UUID person = UUID.randomUUID();
    String id = register();
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("owner", person))
        .put("/v1/assets/" + id + "/owner");
    UUID event = UUID.randomUUID();
    UUID last = UUID.randomUUID();
    String lastAsset = register();
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("owner", last))
        .put("/v1/assets/" + lastAsset + "/owner");
    try (Topic access = Topic.named("vigie.access.events")) {
      for (int i = 0; i < 3; i++) {
        access.publish(
            event,
            "person.left.v1",
            "person/" + person,
            person.toString(),
            "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}".formatted(person));
      }
      access.publish(
          "person.left.v1",
          "person/" + last,
          person.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}".formatted(last));
    }
    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/assets/" + lastAsset)
                    .then()
                    .body("reassignBy", notNullValue()));

    // the last event stood behind the three in their partition: they are done
    Rest.as(TOKEN).get("/v1/assets/" + id).then().header("ETag", "\"2\"");
  }

  @Test
  void anOperatorPublishesTheStateOfEveryAssetAgain() {
    String id = register();
    String operator = Tokens.of(SYSADMIN);
    String key = UUID.randomUUID().toString();

    Response first = Rest.as(operator).header("Idempotency-Key", key).post("/v1/snapshots");
    Response again = Rest.as(operator).header("Idempotency-Key", key).post("/v1/snapshots");

    assertEquals(200, first.statusCode());
    assertEquals(first.asString(), again.asString());
    assertEquals("true", again.header("Idempotent-Replayed"));

    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(id));
      assertEquals("asset.snapshot.v1", header(records.get(1), "ce_type"));
      assertEquals("1", header(records.get(1), "ce_eventnumber"));
      assertTrue(new String(records.get(1).value()).contains("\"state\":\"IN_STOCK\""));
    }
  }

  @Test
  void aFactThatAnOperatorUnblocksIsSentAndTheOrderHasAReceipt() throws SQLException {
    UUID asset = UUID.randomUUID();
    int id = block(asset);
    String operator = Tokens.of(SYSADMIN);

    Response unblocked = Rest.as(operator).post("/v1/operator/outbox/" + id + "/unblocking");
    assertEquals(200, unblocked.statusCode(), unblocked.asString());
    assertTrue(unblocked.header("Vigie-Receipt").contains("/v1/receipts/"));
    try (Topic events = Topic.named("vigie.asset.events")) {
      assertEquals(1, events.await(1, about(asset)).size());
    }
    problem(Rest.as(operator).post("/v1/operator/outbox/" + id + "/unblocking"), 404, "not-found");
  }

  private static int block(UUID asset) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row =
            sql.executeQuery(
                """
                insert into outbox
                  (event_id, type, subject, message_key, payload, actor, occurred_at, blocked_at, blocked_error)
                values (gen_random_uuid(), 'test', 'asset/%1$s', '%1$s', '{}', 'test', now(), now(), 'too large')
                returning id"""
                    .formatted(asset))) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void mendParked(UUID person) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.executeUpdate(
          "update parked set payload = '{\"aggregateId\":\"%1$s\",\"at\":\"2026-01-02T03:04:05Z\"}' where message_key = '%1$s'"
              .formatted(person));
    }
  }

  private static void forgetParked(UUID key) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.executeUpdate("delete from parked where message_key = '%s'".formatted(key));
    }
  }

  static String register() {
    return Rest.as(TOKEN)
        .body(SERVER)
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }
}
