package io.vigie.asset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every service does alike, shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ConventionsTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  // --- bad input

  @Test
  void anUnknownPropertyIsRefusedByName() {
    problem(
            Rest.as(TOKEN)
                .body(Map.of("name", "x", "kind", "SERVER", "production", true, "colour", "red"))
                .post("/v1/assets"),
            400,
            "validation")
        .body("errors.field", hasItem("colour"));
  }

  @Test
  void everyInvalidFieldIsListed() {
    problem(
            Rest.as(TOKEN).body(Map.of("name", " ", "production", true)).post("/v1/assets"),
            400,
            "validation")
        .body("errors.field", hasItems("name", "kind"));
  }

  @Test
  void aValueOfTheWrongTypeIsAFieldError() {
    problem(
            Rest.as(TOKEN)
                .body("{\"name\":\"x\",\"kind\":\"SPACESHIP\",\"production\":true}")
                .post("/v1/assets"),
            400,
            "validation")
        .body("errors.field", hasItem("kind"));
  }

  @Test
  void aTextThatNoDatabaseKeepsIsAFieldError() {
    for (String name : List.of("a\\u0000b", "\\ud800")) {
      problem(
              Rest.as(TOKEN)
                  .body("{\"name\":\"" + name + "\",\"kind\":\"SERVER\",\"production\":true}")
                  .post("/v1/assets"),
              400,
              "validation")
          .body("errors.field", hasItem("name"));
    }
  }

  @Test
  void aTimeIsAnRfc3339TextAndNothingElse() {
    String id = register();
    for (String time : List.of("17", "\"-999999999-01-01T00:00:00Z\"", "\"yesterday\"")) {
      problem(
              Rest.as(TOKEN)
                  .body("{\"stolen\":true,\"circumstances\":\"x\",\"occurredAt\":" + time + "}")
                  .post("/v1/assets/" + id + "/loss"),
              400,
              "validation")
          .body("errors.field", hasItem("occurredAt"));
    }
  }

  @Test
  void whatIsNotJsonIsABadRequest() {
    for (String body : List.of("{\"name\":", "", "[]", "null", "{\"name\":1}{}")) {
      Response answer = Rest.as(TOKEN).body(body).post("/v1/assets");
      assertEquals(400, answer.statusCode(), body);
      answer.then().contentType("application/problem+json");
    }
    problem(Rest.as(TOKEN).body("{\"name\":").post("/v1/assets"), 400, "bad-request");
  }

  @Test
  void aBodyOverOneMebibyteIsTooLarge() {
    problem(
        Rest.as(TOKEN).body("{\"name\":\"" + "x".repeat(1 << 20) + "\"}").post("/v1/assets"),
        413,
        "too-large");
  }

  @Test
  void aBodyOfUnannouncedLengthIsCutOffAtTheSameLimit() throws InterruptedException {
    assertEquals(413, postInChunks("{\"name\":\"" + "x".repeat(2 << 20) + "\"}"));
    assertEquals(201, postInChunks("{\"name\":\"x\",\"kind\":\"SERVER\",\"production\":false}"));
  }

  /** The status; 413 also where the server stopped listening before the client stopped sending. */
  private static int postInChunks(String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/assets"))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body.getBytes())))
            .build();
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .build()
          .send(request, HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (IOException cutOff) {
      return 413;
    }
  }

  @Test
  void anotherContentTypeIsUnsupported() {
    problem(
        Rest.as(TOKEN).contentType("text/csv").body("a,b").post("/v1/assets"),
        415,
        "unsupported-media-type");
  }

  @Test
  void anIdThatIsNoUuidIsNotFound() {
    problem(Rest.as(TOKEN).get("/v1/assets/42"), 404, "not-found");
    problem(Rest.as(TOKEN).get("/v1/assets/" + UUID.randomUUID()), 404, "not-found");
    problem(Rest.as(TOKEN).get("/v1/nothing-here"), 404, "not-found");
  }

  @Test
  void anotherMethodIsNotAllowed() {
    problem(Rest.as(TOKEN).delete("/v1/assets"), 405, "method-not-allowed");
  }

  @Test
  void anUnknownOrMalformedFilterIsRefused() {
    problem(Rest.as(TOKEN).get("/v1/assets?stat=RETIRED"), 400, "validation")
        .body("errors.field", hasItem("stat"));
    problem(Rest.as(TOKEN).get("/v1/assets?owner="), 400, "validation")
        .body("errors.field", hasItem("owner"));
    problem(
            Rest.as(TOKEN).urlEncodingEnabled(false).get("/v1/assets?serialNumber=%00"),
            400,
            "validation")
        .body("errors.field", hasItem("serialNumber"));
    problem(Rest.as(TOKEN).get("/v1/assets?state=BROKEN"), 400, "bad-request");
    problem(Rest.as(TOKEN).get("/v1/assets?owner=me"), 400, "bad-request");
    problem(Rest.as(TOKEN).get("/v1/assets?limit=0"), 400, "validation");
    problem(Rest.as(TOKEN).get("/v1/assets?limit=many"), 400, "bad-request");
  }

  @Test
  void theApiDescriptionNamesEveryOperationAndItsRefusals() {
    Map<String, Map<String, Map<String, Object>>> paths =
        Rest.anonymous().get("/q/openapi?format=json").jsonPath().getMap("paths");
    paths.forEach(
        (path, operations) ->
            operations.forEach(
                (method, operation) -> {
                  assertTrue(operation.get("operationId") != null, method + " " + path);
                  assertTrue(
                      ((Map<?, ?>) operation.get("responses")).containsKey("default"),
                      method + " " + path);
                }));
    assertTrue(paths.size() > 5);
  }

  // --- versions

  @Test
  void aChangeNeedsTheVersionItIsBasedOn() {
    String id = register();
    Map<String, Object> reason = Map.of("reason", "old");

    problem(
        Rest.as(TOKEN).body(reason).post("/v1/assets/" + id + "/retirement"),
        428,
        "precondition-required");
    problem(
        Rest.as(TOKEN)
            .header("If-Match", "\"7\"")
            .body(reason)
            .post("/v1/assets/" + id + "/retirement"),
        412,
        "stale");
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(reason)
        .post("/v1/assets/" + id + "/retirement")
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"");
  }

  @Test
  void ofTwoChangesOfOneVersionOneIsStale() {
    String id = register();

    List<CompletableFuture<Integer>> answers =
        List.of("a", "b", "c", "d").stream()
            .map(
                reason ->
                    CompletableFuture.supplyAsync(
                        () ->
                            Rest.as(TOKEN)
                                .header("If-Match", "\"0\"")
                                .body(Map.of("owner", UUID.randomUUID()))
                                .put("/v1/assets/" + id + "/owner")
                                .statusCode()))
            .toList();

    List<Integer> statuses = answers.stream().map(CompletableFuture::join).sorted().toList();
    assertEquals(List.of(200, 412, 412, 412), statuses);
  }

  // --- idempotency

  @Test
  void aRepeatedRequestGetsTheFirstAnswerAndHasNoSecondEffect() {
    String key = UUID.randomUUID().toString();
    Response first = Rest.as(TOKEN).header("Idempotency-Key", key).body(SERVER).post("/v1/assets");
    Response again = Rest.as(TOKEN).header("Idempotency-Key", key).body(SERVER).post("/v1/assets");

    assertEquals(201, first.statusCode());
    assertEquals(201, again.statusCode());
    assertEquals(first.asString(), again.asString());
    assertEquals(first.header("Location"), again.header("Location"));
    assertEquals(first.header("ETag"), again.header("ETag"));
    assertEquals("true", again.header("Idempotent-Replayed"));
  }

  @Test
  void aRepeatedChangeIsAnsweredBeforeItsVersionIsLookedAt() {
    String id = register();
    String key = UUID.randomUUID().toString();

    for (int i = 0; i < 2; i++) {
      Rest.as(TOKEN)
          .header("Idempotency-Key", key)
          .header("If-Match", "\"0\"")
          .body(Map.of("reason", "old"))
          .post("/v1/assets/" + id + "/retirement")
          .then()
          .statusCode(200)
          .body("state", equalTo("RETIRED"));
    }
  }

  @Test
  void aKeyWithAnotherBodyIsRefusedAndOfAnotherActorIsAnotherKey() {
    String key = UUID.randomUUID().toString();
    Rest.as(TOKEN).header("Idempotency-Key", key).body(SERVER).post("/v1/assets");

    problem(
        Rest.as(TOKEN)
            .header("Idempotency-Key", key)
            .body(Map.of("name", "other", "kind", "SERVER", "production", true))
            .post("/v1/assets"),
        422,
        "idempotency-key-reused");
    Rest.as(Tokens.of(ASSET_MANAGER))
        .header("Idempotency-Key", key)
        .body(SERVER)
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .header("Idempotent-Replayed", equalTo(null));
  }

  @Test
  void aRepetitionWhileTheFirstStillRunsIsAConflict() {
    RejectingResource.gate = new CompletableFuture<>();
    RejectingResource.entered = new CompletableFuture<>();
    String token = Tokens.of(STAFF);
    String key = UUID.randomUUID().toString();
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () -> Rest.as(token).header("Idempotency-Key", key).post("/test/slow").statusCode());
    RejectingResource.entered.join();

    problem(
        Rest.as(token).header("Idempotency-Key", key).post("/test/slow"), 409, "request-in-flight");

    RejectingResource.gate.complete(null);
    assertEquals(200, first.join());
  }

  @Test
  void aRefusalIsNotRememberedForItsKey() {
    String id = register();
    String key = UUID.randomUUID().toString();
    problem(commission(id, key), 409, "asset-not-classified");
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("availability", 1, "integrity", 1, "confidentiality", 1, "proof", 1))
        .put("/v1/assets/" + id + "/classification");

    problem(commission(id, key), 409, "asset-without-owner");
  }

  // --- refusals

  @Test
  void aRejectionAfterAppendLeavesNoStateAndNoFactButIsItselfLogged() throws SQLException {
    String id = register();
    UUID subject = UUID.randomUUID();

    problem(
        Rest.as(Tokens.of(subject, STAFF)).post("/test/" + id + "/late-rejection"),
        409,
        "too-late");

    Rest.as(TOKEN)
        .get("/v1/assets/" + id)
        .then()
        .body("state", equalTo("IN_STOCK"))
        .header("ETag", "\"0\"");
    assertEquals(
        0,
        count(
            "select count(*) from outbox where subject = 'asset/"
                + id
                + "' and type = 'asset.retired.v1'"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      ConsumerRecord<String, byte[]> refusal =
          topic
              .await(
                  1,
                  ofType("security.refused.v1")
                      .and(r -> subject.toString().equals(header(r, "ce_actor"))))
              .get(0);
      assertTrue(new String(refusal.value()).contains("\"problem\":\"too-late\""));
      assertEquals(
          List.of("asset.registered.v1"),
          topic.await(1, about(id)).stream().map(r -> header(r, "ce_type")).toList());
    }
  }

  @Test
  void noTokenABadTokenAndAWrongRoleAreRefusedAndLogged() {
    clock.move(Duration.ofMinutes(7)); // a minute in which no other test was refused as nobody
    UUID subject = UUID.randomUUID();
    String path = "/v1/assets/" + UUID.randomUUID() + "/retirement";

    problem(Rest.anonymous().body("{}").post(path), 401, "unauthenticated")
        .header("WWW-Authenticate", startsWith("Bearer"));
    problem(Rest.as("not.a.token").body("{}").post(path), 401, "unauthenticated");
    problem(
        Rest.as(Tokens.expired(subject, ASSET_MANAGER)).body("{}").post(path),
        401,
        "unauthenticated");
    problem(Rest.as(Tokens.of(subject, STAFF)).body("{}").post(path), 403, "forbidden");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> logged =
          topic.await(
              4, ofType("security.refused.v1").and(r -> new String(r.value()).contains(path)));
      List<String> actors = logged.stream().map(r -> header(r, "ce_actor")).toList();
      assertEquals(4, actors.size());
      assertEquals(3, actors.stream().filter("anonymous"::equals).count());
      assertTrue(actors.contains(subject.toString()));
    }
  }

  @Test
  void aFloodOfRefusalsBecomesOneEventWithItsCount() {
    UUID subject = UUID.randomUUID();
    String token = Tokens.of(subject, STAFF);
    int refused = 60;
    for (int i = 0; i < refused; i++) {
      Rest.as(token).body("{}").post("/v1/assets").then().statusCode(403);
    }
    clock.move(Duration.ofMinutes(2));

    try (Topic topic = Topic.named("vigie.asset.events")) {
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () -> {
                List<ConsumerRecord<String, byte[]>> floods =
                    topic.await(
                        1,
                        ofType("security.refusals.v1")
                            .and(r -> new String(r.value()).contains(subject.toString())));
                int counted =
                    floods.stream()
                        .map(r -> new String(r.value()).replaceAll(".*\"count\":(\\d+).*", "$1"))
                        .mapToInt(Integer::parseInt)
                        .sum();
                // A minute may have turned within the sixty; none of the two parts is under 20.
                assertTrue(counted > 0 && counted <= refused, "counted " + counted);
              });
      int singly =
          topic
              .await(20, ofType("security.refused.v1").and(r -> subject.toString().equals(r.key())))
              .size();
      assertTrue(singly >= 20 && singly <= 40, "logged singly: " + singly);
    }
  }

  // --- revocation

  @Test
  void aLeaversTokenIsRefusedWithinSeconds() {
    UUID subject = UUID.randomUUID();
    String token = Tokens.of(subject, STAFF);
    Rest.as(token).get("/v1/assets?limit=1").then().statusCode(200);

    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.left.v1",
          "person/" + subject,
          subject.toString(),
          "{\"aggregateId\":\"%s\",\"subject\":\"%s\",\"at\":\"%s\"}"
              .formatted(UUID.randomUUID(), subject, Instant.now()));
    }

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> Rest.as(token).get("/v1/assets?limit=1").then().statusCode(401));
    Rest.as(Tokens.issuedAt(Instant.now().plusSeconds(5), subject, STAFF))
        .get("/v1/assets?limit=1")
        .then()
        .statusCode(200);
  }

  // --- the inbox and the operator's room

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
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertEquals(
                    2,
                    Rest.as(operator)
                        .get("/v1/operator/parked?limit=200")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath()
                        .getList(
                            "items.findAll { it.listener == 'departures' && it.key == '%s' }"
                                .formatted(person))
                        .size()));
    Rest.anonymous().get("/q/health/well").then().body("status", equalTo("DOWN"));
    List<Integer> parked =
        Rest.as(operator)
            .get("/v1/operator/parked?limit=200")
            .jsonPath()
            .getList("items.findAll { it.key == '%s' }.id".formatted(person));

    // When it is replayed before it was mended, it stays; once mended, all of its key is worked
    problem(
        Rest.as(operator).post("/v1/operator/parked/" + parked.get(0) + "/replay"),
        409,
        "still-failing");
    mendParked(person);
    for (Integer each : parked) {
      int status = Rest.as(operator).post("/v1/operator/parked/" + each + "/replay").statusCode();
      assertTrue(status == 200 || status == 404, "replay: " + status);
    }
    Rest.as(TOKEN).get("/v1/assets/" + id).then().body("reassignBy", notNullValue());
    Rest.anonymous().get("/q/health/well").then().body("status", equalTo("UP"));
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

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(id));
      assertEquals("asset.snapshot.v1", header(records.get(1), "ce_type"));
      assertEquals("1", header(records.get(1), "ce_eventnumber"));
      assertTrue(new String(records.get(1).value()).contains("\"state\":\"IN_STOCK\""));
    }
  }

  private static Response commission(String id, String key) {
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .header("Idempotency-Key", key)
        .post("/v1/assets/" + id + "/commissioning");
  }

  private static String register() {
    return Rest.as(TOKEN)
        .body(SERVER)
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static ValidatableResponse problem(Response answer, int status, String code) {
    return answer
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:vigie:problem:" + code))
        .body("status", equalTo(status));
  }

  private static void mendParked(UUID person) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.executeUpdate(
          "update parked set payload = '{\"aggregateId\":\"%1$s\",\"at\":\"2026-01-02T03:04:05Z\"}' where message_key = '%1$s'"
              .formatted(person));
    }
  }

  private static int count(String query) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    }
  }
}
