package io.vigie.asset;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** {@code If-Match} and {@code Idempotency-Key}, in every service alike; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RepeatedAndConcurrentChangesTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);

  /** Of the pool, and how many of as many long requests with a key are refused. */
  private static final int CONNECTIONS = 16;

  private static final int REFUSED = 8;
  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

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
    assertEquals(first.header("Vigie-Receipt"), again.header("Vigie-Receipt"));
    assertEquals("true", again.header("Idempotent-Replayed"));
  }

  @Test
  void everyChangeIsAnsweredWithWhereItsReceiptWillBe() {
    Response registered = Rest.as(TOKEN).body(SERVER).post("/v1/assets");
    String id = registered.path("id");
    Response assigned =
        Rest.as(TOKEN)
            .header("If-Match", "\"0\"")
            .body(Map.of("owner", UUID.randomUUID()))
            .put("/v1/assets/" + id + "/owner");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<String> receipts =
          topic.await(2, Topic.about(id)).stream()
              .map(event -> "http://127.0.0.1:8085/v1/receipts/" + Topic.header(event, "ce_id"))
              .toList();
      assertEquals(
          receipts, List.of(registered.header("Vigie-Receipt"), assigned.header("Vigie-Receipt")));
    }
  }

  @Test
  void whatChangedNothingHasNoReceipt() {
    Rest.as(TOKEN)
        .body(List.of("x"))
        .post("/test/import")
        .then()
        .statusCode(200)
        .header("Vigie-Receipt", nullValue());
    problem(
            Rest.as(TOKEN)
                .header("If-Match", "\"7\"")
                .body(Map.of("reason", "old"))
                .post("/v1/assets/" + register() + "/retirement"),
            412,
            "stale")
        .header("Vigie-Receipt", nullValue());
    Rest.as(TOKEN).get("/v1/assets").then().statusCode(200).header("Vigie-Receipt", nullValue());
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
  void aKeyWithAnotherBodyThatIsReadAsBytesIsRefusedToo() {
    String key = UUID.randomUUID().toString();
    assertEquals(200, report(key, "one").statusCode());

    assertEquals("true", report(key, "one").header("Idempotent-Replayed"));
    problem(report(key, "another"), 422, "idempotency-key-reused");
  }

  private static Response report(String key, String name) {
    return Rest.as(TOKEN)
        .header("Idempotency-Key", key)
        .body(
            Map.of(
                "deviceid",
                key,
                "content",
                Map.of("hardware", Map.of("name", name), "bios", Map.of("ssn", key))))
        .post("/v1/inventories");
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

  @ParameterizedTest
  @ValueSource(strings = {"late-fact", "own-late-fact"})
  void whatOutlastsItsRequestIsStillItsCallersAndIsRememberedForItsKey(String endpoint) {
    // Given a request whose caller hangs up while it is worked on
    RejectingResource.gate = new CompletableFuture<>();
    RejectingResource.entered = new CompletableFuture<>();
    RejectingResource.over = new CompletableFuture<>();
    String id = register();
    UUID subject = UUID.randomUUID();
    String token = Tokens.of(subject, STAFF);
    String key = UUID.randomUUID().toString();
    String path = "/test/" + id + "/" + endpoint;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + path))
            .header("Authorization", "Bearer " + token)
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    CompletableFuture<HttpResponse<Void>> answer =
        HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.discarding());
    RejectingResource.entered.join();
    answer.cancel(true);
    RejectingResource.over.join();

    // When its work goes on
    RejectingResource.gate.complete(null);

    // Then
    try (Topic topic = Topic.named("vigie.asset.events")) {
      ConsumerRecord<String, byte[]> fact = topic.await(2, about(id)).get(1);
      assertEquals(subject.toString(), header(fact, "ce_actor"));
    }
    Response again = Rest.as(token).header("Idempotency-Key", key).post(path);
    assertEquals("true", again.header("Idempotent-Replayed"));
    assertNotNull(again.header("Vigie-Receipt"));
  }

  @ParameterizedTest
  @CsvSource({
    "step-before-rejection, 2",
    "fact-before-rejection?atomic=false, 2",
    "fact-before-rejection?atomic=true, 1",
    "fact-before-rejection, 1"
  })
  void whatAStepCommittedStaysWithAKeyAsWithoutOneAndWhatIsOneWithItsKeyDoesNot(
      String endpoint, int kept) {
    String id = register();
    String path = "/test/" + id + "/" + endpoint;
    String token = Tokens.of(STAFF);
    String key = UUID.randomUUID().toString();

    problem(Rest.as(token).post(path), 409, "too-late");
    problem(Rest.as(token).header("Idempotency-Key", key).post(path), 409, "too-late");

    own(id);
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          kept + 1,
          topic.await(kept + 2, about(id)).stream()
              .map(event -> header(event, "ce_type"))
              .toList()
              .indexOf("asset.owner-assigned.v1"));
    }
  }

  @Test
  void whatAStepAppendedThatIsRefusedAloneHasNoReceipt() {
    String path = "/test/" + register() + "/rejected-step";

    Rest.as(Tokens.of(STAFF))
        .post(path)
        .then()
        .statusCode(200)
        .header("Vigie-Receipt", nullValue());
  }

  private static void own(String id) {
    Rest.as(TOKEN)
        .header("If-Match", Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag"))
        .body(Map.of("owner", UUID.randomUUID()))
        .put("/v1/assets/" + id + "/owner")
        .then()
        .statusCode(200);
  }

  @Test
  void longRequestsWithAKeyLeaveConnectionsToOthersAndTheOnesTooManyAreToComeBack() {
    // Given as many as there are connections
    RejectingResource.gate = new CompletableFuture<>();
    String token = Tokens.of(STAFF);
    ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<CompletableFuture<Integer>> answers =
          IntStream.range(0, CONNECTIONS)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> slowWork(token), callers))
              .toList();

      // When some are answered before their work is done
      await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= REFUSED);
      register();
      RejectingResource.gate.complete(null);

      // Then
      assertEquals(
          Map.of(503, (long) REFUSED, 200, (long) CONNECTIONS - REFUSED),
          answers.stream().map(CompletableFuture::join).collect(groupingBy(x -> x, counting())));
      assertEquals(200, slowWork(token));
    } finally {
      RejectingResource.gate.complete(null);
      callers.shutdown();
    }
  }

  private static int slowWork(String token) {
    return Rest.as(token)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post("/test/slow-work")
        .statusCode();
  }

  @Test
  void aRefusalIsNotRememberedForItsKey() {
    String id = register();
    String key = UUID.randomUUID().toString();
    problem(commission(id, key), 409, "asset-not-classified");
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(
            Map.of(
                "availability",
                1,
                "integrity",
                1,
                "confidentiality",
                1,
                "proof",
                1,
                "rationale",
                "test"))
        .put("/v1/assets/" + id + "/classification");

    problem(commission(id, key), 409, "asset-without-owner");
  }

  @Test
  void aFailureIsNotRememberedForItsKeyHoweverItIsAnswered() {
    for (int status : List.of(500, 503)) {
      for (boolean thrown : List.of(true, false)) {
        String token = Tokens.of(STAFF);
        String key = UUID.randomUUID().toString();
        String path = "/test/failure?status=" + status + "&thrown=" + thrown;
        int before = RejectingResource.FAILED.get();

        for (int i = 0; i < 2; i++) {
          Rest.as(token)
              .header("Idempotency-Key", key)
              .post(path)
              .then()
              .statusCode(status)
              .header("Idempotent-Replayed", nullValue());
        }
        assertEquals(before + 2, RejectingResource.FAILED.get(), path);
      }
    }
  }

  private static Response commission(String id, String key) {
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .header("Idempotency-Key", key)
        .post("/v1/assets/" + id + "/commissioning");
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
