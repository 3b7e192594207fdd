package io.vigie.asset;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What bad input gets, in every service alike; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BadInputTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

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
  void whatIsPastIsSoByTheServicesClockAndADateWhereverItIsToday() {
    String loss = "/v1/assets/" + register() + "/loss";
    String completion = "/v1/disposals/" + UUID.randomUUID() + "/completion";
    clock.move(Duration.ofDays(30));
    Instant now = clock.instant();
    LocalDate kiribati = LocalDate.ofInstant(now, ZoneId.of("Pacific/Kiritimati"));

    problem(leave(completion, kiribati), 404, "not-found");
    problem(leave(completion, kiribati.plusDays(2)), 400, "validation")
        .body("errors.field", hasItem("leftOn"));
    problem(lose(loss, now.plusSeconds(60)), 400, "validation")
        .body("errors.field", hasItem("occurredAt"));
    lose(loss, now.minusSeconds(60)).then().statusCode(200);
  }

  private static Response leave(String completion, LocalDate on) {
    return Rest.as(TOKEN)
        .header("If-Match", "*")
        .body(Map.of("recipient", "x", "leftOn", on.toString()))
        .post(completion);
  }

  private static Response lose(String loss, Instant at) {
    return Rest.as(TOKEN)
        .header("If-Match", "*")
        .body(Map.of("stolen", false, "circumstances", "x", "occurredAt", at.toString()))
        .post(loss);
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
  void aBodyOfUnannouncedLengthIsTooLargeAtTheSameLimit() throws Exception {
    HttpResponse<String> tooLarge =
        postInChunks("/v1/assets", "{\"name\":\"" + "x".repeat(2 << 20) + "\"}");
    assertEquals(413, tooLarge.statusCode());
    assertEquals("application/problem+json", tooLarge.headers().firstValue("Content-Type").get());
    assertTrue(tooLarge.body().contains("\"urn:vigie:problem:too-large\""), tooLarge.body());

    String small = "{\"name\":\"x\",\"kind\":\"SERVER\",\"production\":false}";
    assertEquals(201, postInChunks("/v1/assets", small).statusCode());
  }

  @Test
  void whoSendsTooMuchIsInTheLogHoweverTheySendIt() throws Exception {
    String tooLarge = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
    String announced = "/v1/assets/" + UUID.randomUUID() + "/retirement";
    String inChunks = "/v1/assets/" + UUID.randomUUID() + "/retirement";

    problem(Rest.as(TOKEN).body(tooLarge).post(announced), 413, "too-large");
    assertEquals(413, postInChunks(inChunks, tooLarge).statusCode());

    try (Topic topic = Topic.named("vigie.asset.events")) {
      for (String path : List.of(announced, inChunks)) {
        ConsumerRecord<String, byte[]> fact =
            topic
                .await(
                    1,
                    ofType("security.refused.v1")
                        .and(r -> new String(r.value()).contains(path))
                        .and(r -> new String(r.value()).contains("\"problem\":\"too-large\"")))
                .get(0);
        assertNotEquals("anonymous", header(fact, "ce_actor"));
      }
    }
  }

  @Test
  void anImportEndpointHasALimitOfItsOwn() throws Exception {
    String overTheUsual = "[\"" + "x".repeat(3 << 19) + "\"]";
    String overItsOwn = "[\"" + "x".repeat(2 << 20) + "\"]";

    Rest.as(TOKEN).body(overTheUsual).post("/test/import").then().statusCode(200);
    HttpResponse<String> inChunks = postInChunks("/test/import", overTheUsual);
    assertEquals(200, inChunks.statusCode(), inChunks.body());
    problem(Rest.as(TOKEN).body(overItsOwn).post("/test/import"), 413, "too-large")
        .body("detail", containsString("2097152"));
    assertEquals(413, postInChunks("/test/import", overItsOwn).statusCode());
  }

  @Test
  void aLargeMachinesInventoryIsTaken() {
    String asset = register();
    List<Map<String, String>> packages =
        Collections.nCopies(20_000, Map.of("name", "n".repeat(200), "version", "1".repeat(200)));
    Map<String, Object> inventory =
        Map.of(
            "collectedAt",
            "2026-01-02T03:04:05Z",
            "hostname",
            "web-1",
            "operatingSystem",
            "Debian GNU/Linux 13",
            "kernel",
            "6.12.0",
            "processors",
            2,
            "memoryBytes",
            8L << 30,
            "disks",
            List.of(),
            "packages",
            packages,
            "listeningPorts",
            List.of(22, 443));

    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(inventory)
        .put("/v1/assets/" + asset + "/inventory")
        .then()
        .statusCode(200);
    problem(
            Rest.as(TOKEN)
                .body("x".repeat((16 << 20) + 1))
                .put("/v1/assets/" + asset + "/inventory"),
            413,
            "too-large")
        .body("detail", containsString("16777216"));
    problem(Rest.as(TOKEN).body(inventory).put("/v1/assets/" + asset + "/owner"), 413, "too-large");
  }

  private static HttpResponse<String> postInChunks(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body.getBytes(UTF_8))))
            .build();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, HttpResponse.BodyHandlers.ofString());
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
    problem(Rest.as(TOKEN).get("/v1/assets?limit=0"), 400, "validation");
    for (String malformed :
        List.of(
            "state=BROKEN",
            "kind=server",
            "owner=me",
            "limit=many",
            "limit=99999999999",
            "after=1",
            "production=maybe",
            "owner=" + UUID.randomUUID() + "&owner=" + UUID.randomUUID())) {
      String name = malformed.substring(0, malformed.indexOf('='));
      problem(Rest.as(TOKEN).get("/v1/assets?" + malformed), 400, "validation")
          .body("errors.field", equalTo(List.of(name)));
    }
    Rest.as(TOKEN).get("/v1/assets?limit=1&state=RETIRED&production=false").then().statusCode(200);
  }

  @Test
  void whatStandsInAPathAndIsNoSuchValueIsNotFoundWhateverTheQuery() {
    Rest.as(TOKEN).get("/test/40/LOST?plus=2").then().statusCode(200).body(equalTo("42"));
    for (String path : List.of("/test/forty/LOST", "/test/40/SPACESHIP")) {
      problem(Rest.as(TOKEN).get(path + "?plus=2"), 404, "not-found");
      problem(Rest.as(TOKEN).get(path), 404, "not-found");
    }
    problem(Rest.as(TOKEN).get("/test/40/LOST?plus=two"), 400, "validation")
        .body("errors.field", equalTo(List.of("plus")));
    problem(Rest.as(TOKEN).get("/v1/assets/42?limit=1"), 400, "validation");
    problem(Rest.as(TOKEN).get("/v1/assets/42/history?limit=1"), 404, "not-found");
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
