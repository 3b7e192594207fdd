package io.vigie.incident.monitor;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class MonitorResourceTest {

  private static final String TOKEN = Tokens.of(SYSADMIN);

  @Inject MovableClock clock;

  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server = new WebServer();
  }

  @AfterEach
  void stop() {
    clock.backToNow();
    server.close();
  }

  @Test
  void aPageThatFailsIsATaskUntilItRecovers() {
    // Given
    server.says("/", 200, "Bienvenue");
    String asset = UUID.randomUUID().toString();
    String monitor = create("HTTP", Map.of("url", server.url("/"), "contains", "Bienvenue"), asset);
    await().untilAsserted(() -> get(monitor).body("probedAt", notNullValue()));
    get(monitor)
        .body("failingSince", equalTo(null))
        .body("state", equalTo("ACTIVE"))
        .body("everySeconds", equalTo(60));

    // When
    server.says("/", 503, "");
    againUntil(() -> get(monitor).body("failingSince", notNullValue()));

    // Then
    get(monitor).body("failure", equalTo("The server answered 503 instead of 200."));
    tasks().body("items.subject", hasItem("monitor/" + monitor));
    awaitAlert(monitor, "FIRING");
    list("failing=true&asset=" + asset).body("items.id", equalTo(List.of(monitor)));
    list("failing=false&asset=" + asset).body("items", hasSize(0));
    Rest.as(TOKEN)
        .get("/v1/monitors/" + monitor + "/results?good=false")
        .then()
        .statusCode(200)
        .body("items.size()", greaterThan(2))
        .body("items[0].failure", containsString("503"));

    // When
    server.says("/", 200, "Bienvenue");
    againUntil(() -> get(monitor).body("failingSince", equalTo(null)));

    // Then only changes were events, and that it was tried was told once
    awaitAlert(monitor, "RESOLVED");
    tasks().body("items.subject", not(hasItem("monitor/" + monitor)));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      assertEquals(
          List.of(
              "monitor.created.v1",
              "monitor.snapshot.v1",
              "monitor.failed.v1",
              "monitor.recovered.v1"),
          topic.await(4, about(monitor)).stream().map(r -> header(r, "ce_type")).toList());
    }
  }

  @Test
  void whenItWasTriedIsToldAgainOnceHalfADayHasPassed() throws IOException {
    // Given what takes no connection, as it must
    String monitor = create("EXPOSURE", Map.of("host", "127.0.0.1", "port", 1), UUID.randomUUID());
    try (Topic topic = Topic.named("vigie.incident.events")) {
      Instant first = told(topic, monitor, 1).get(0);

      // When it is tried for half a day, and then again
      Instant later = first.plus(Duration.ofHours(12));
      await()
          .untilAsserted(
              () -> {
                clock.move(Duration.ofHours(1));
                get(monitor).body("probedAt", greaterThan(later.toString()));
              });

      // Then it was told again, and nothing in between
      List<Instant> told = told(topic, monitor, 2);
      assertEquals(first, told.get(0));
      assertFalse(told.get(1).isBefore(later), "told too soon: " + told);
    }
  }

  /** When it was tried, as snapshots say, once there are so many. */
  private static List<Instant> told(Topic topic, String monitor, int snapshots) throws IOException {
    List<Instant> told = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> snapshot :
        topic.await(snapshots, about(monitor).and(ofType("monitor.snapshot.v1")))) {
      told.add(
          Instant.parse(
              new ObjectMapper().readTree(snapshot.value()).at("/state/probedAt").textValue()));
    }
    return told;
  }

  private static void awaitAlert(String monitor, String state) {
    await()
        .atMost(180, SECONDS)
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/alerts?limit=200&rule=monitor-failed")
                    .then()
                    .statusCode(200)
                    .body(
                        "items.findAll { it.labels.about == '%s' }.state".formatted(monitor),
                        equalTo(List.of(state))));
  }

  @Test
  void whatDoesNotAnswerKeepsNoOtherFromBeingTried() {
    // Given a page that never answers, and one that does and is due later
    String slow = create("HTTP", Map.of("url", server.url("/silent")), UUID.randomUUID());
    server.says("/", 200, "x");
    String quick = create("HTTP", Map.of("url", server.url("/")), UUID.randomUUID());

    // When both were tried
    await().untilAsserted(() -> get(slow).body("probedAt", notNullValue()));
    await().untilAsserted(() -> get(quick).body("probedAt", notNullValue()));

    // Then what the second found was known before the first was given up
    assertTrue(firstFoundAt(quick).isBefore(firstFoundAt(slow)));
  }

  private static Instant firstFoundAt(String monitor) {
    String at =
        Rest.as(TOKEN)
            .get("/v1/monitors/" + monitor + "/results")
            .then()
            .extract()
            .path("items[0].at");
    return Instant.parse(at);
  }

  @Test
  void aPortThatMustBeClosedAndIsNotFails() {
    String monitor =
        create("EXPOSURE", Map.of("host", "127.0.0.1", "port", server.port()), UUID.randomUUID());
    await().untilAsserted(() -> get(monitor).body("failure", containsString("and must not be")));
    get(monitor).body("failingSince", notNullValue());
  }

  @Test
  void aJobThatDoesNotCallInTimeFailsUntilItCalls() {
    // Given
    String monitor = create("HEARTBEAT", Map.of("graceSeconds", 3_600), UUID.randomUUID());
    call(monitor)
        .then()
        .statusCode(200)
        .body("monitor", equalTo(monitor))
        .body("nextBy", notNullValue());

    // When a day and half the grace have passed, and then the rest
    clock.move(Duration.ofHours(24).plusMinutes(30));
    call(monitor).then().statusCode(200);
    get(monitor).body("failingSince", equalTo(null));
    clock.move(Duration.ofHours(25).plusMinutes(1));

    // Then
    await().untilAsserted(() -> get(monitor).body("failingSince", notNullValue()));
    get(monitor).body("failure", equalTo("The job did not call in time."));

    // When
    Response late = call(monitor);

    // Then
    late.then().statusCode(200).header("Vigie-Receipt", notNullValue());
    get(monitor).body("failingSince", equalTo(null)).body("calledAt", notNullValue());
    Rest.as(TOKEN)
        .get("/v1/monitors/" + monitor + "/results")
        .then()
        .body("items.good", equalTo(List.of(true, true, false, true)));

    // And a monitor that waits for no job is not called
    String other =
        create("TCP", Map.of("host", "127.0.0.1", "port", server.port()), UUID.randomUUID());
    problem(call(other), 409, "monitor-no-heartbeat");
  }

  private static Response call(String monitor) {
    return Rest.as(Tokens.of(TOOL)).post("/v1/heartbeats/" + monitor);
  }

  @Test
  void resultsThatAreOldAreCountedByTheDay() {
    // Given one that is good and one that is not
    server.says("/", 200, "x");
    String monitor = create("HTTP", Map.of("url", server.url("/")), UUID.randomUUID());
    await().untilAsserted(() -> get(monitor).body("probedAt", notNullValue()));
    server.says("/", 500, "");
    againUntil(() -> get(monitor).body("failure", notNullValue()));
    act("POST", monitor, "/pause", Map.of("reason", "x")).then().statusCode(200);
    ValidatableResponse before = uptime(monitor);
    int results = before.extract().path("results");
    before.body("good", equalTo(1)).body("averageMillis", notNullValue());

    // When they are older than they are kept
    clock.move(Duration.ofDays(12));

    // Then
    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/monitors/" + monitor + "/results")
                    .then()
                    .body("items", hasSize(0)));
    uptime(monitor)
        .body("results", equalTo(results))
        .body("good", equalTo(1))
        .body("percent", equalTo((float) (Math.floor(10_000.0 / results) / 100)))
        .body("averageMillis", notNullValue());
    Rest.as(TOKEN)
        .get("/v1/monitors/" + monitor + "/uptime?days=2")
        .then()
        .statusCode(200)
        .body("results", equalTo(0))
        .body("percent", equalTo(null))
        .body("days", hasSize(0));
    problem(Rest.as(TOKEN).get("/v1/monitors/" + monitor + "/uptime?days=401"), 400, "validation");
  }

  private static ValidatableResponse uptime(String monitor) {
    return Rest.as(TOKEN).get("/v1/monitors/" + monitor + "/uptime").then().statusCode(200);
  }

  @Test
  void itIsChangedPausedResumedAndRetired() {
    String monitor =
        create("TCP", Map.of("host", "127.0.0.1", "port", server.port()), UUID.randomUUID());
    Map<String, Object> change =
        Map.of(
            "name", "port", "target", Map.of("host", "127.0.0.1", "port", 1), "everySeconds", 30);

    act("PUT", monitor, "", change).then().statusCode(200).body("target.port", equalTo(1));
    act("POST", monitor, "/pause", Map.of("reason", "x"))
        .then()
        .statusCode(200)
        .body("state", equalTo("PAUSED"))
        .body("nextProbeAt", equalTo(null));
    problem(act("POST", monitor, "/pause", Map.of("reason", "x")), 409, "monitor-paused");
    act("POST", monitor, "/resumption", null).then().body("state", equalTo("ACTIVE"));
    act("POST", monitor, "/retirement", Map.of("reason", "x"))
        .then()
        .body("state", equalTo("RETIRED"));
    problem(act("PUT", monitor, "", change), 409, "monitor-retired");
    problem(
        Rest.as(TOKEN)
            .header("If-Match", "\"0\"")
            .body(Map.of("reason", "x"))
            .post("/v1/monitors/" + monitor + "/pause"),
        412,
        "stale");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://169.254.169.254/latest/", "http://10.0.0.1/", "http://192.168.0.1:8080/"})
  void anAddressThatProbesDoNotReachIsRefusedAtOnce(String url) {
    problem(send("HTTP", Map.of("url", url), UUID.randomUUID()), 422, "monitor-not-allowed")
        .body("detail", containsString("is not connected to"));
  }

  @Test
  void whatIsNoTargetIsRefusedByField() {
    problem(send("HTTP", Map.of("host", "x", "port", 1), UUID.randomUUID()), 400, "validation")
        .body("errors.field", hasItem("target.url"))
        .body("errors.field", hasItem("target.port"));
    Map<String, Object> often = body("TCP", Map.of("host", "x", "port", 1), UUID.randomUUID());
    often.put("everySeconds", 86_401);
    problem(Rest.as(TOKEN).body(often).post("/v1/monitors"), 400, "validation")
        .body("errors.field", hasItem("everySeconds"));
  }

  @Test
  void whatIsOfferedOverTlsIsLookedAtOnceADayAtLeast() {
    Map<String, Object> seldom = body("TLS", Map.of("host", "x", "port", 443), UUID.randomUUID());
    seldom.put("everySeconds", 82_801);
    problem(Rest.as(TOKEN).body(seldom).post("/v1/monitors"), 400, "validation")
        .body("errors.field", equalTo(List.of("everySeconds")))
        .body("errors.message", equalTo(List.of("must be at most 82800")));
  }

  /** The clock is moved until what a monitor found holds. */
  private void againUntil(ThrowingRunnable holds) {
    await()
        .untilAsserted(
            () -> {
              clock.move(Duration.ofSeconds(61));
              holds.run();
            });
  }

  private static Map<String, Object> body(String type, Map<String, ?> target, Object asset) {
    Map<String, Object> body = new HashMap<>();
    body.put("asset", asset);
    body.put("name", type + " of something");
    body.put("type", type);
    body.put("target", target);
    return body;
  }

  private static Response send(String type, Map<String, ?> target, Object asset) {
    return Rest.as(TOKEN).body(body(type, target, asset)).post("/v1/monitors");
  }

  private static String create(String type, Map<String, ?> target, Object asset) {
    return send(type, target, asset).then().statusCode(201).extract().path("id");
  }

  private static Response act(String method, String monitor, String what, Map<String, ?> body) {
    String etag = Rest.as(TOKEN).get("/v1/monitors/" + monitor).header("ETag");
    var request = Rest.as(TOKEN).header("If-Match", etag);
    return (body == null ? request : request.body(body))
        .request(method, "/v1/monitors/" + monitor + what);
  }

  private static ValidatableResponse get(String monitor) {
    return Rest.as(TOKEN).get("/v1/monitors/" + monitor).then().statusCode(200);
  }

  private static ValidatableResponse list(String query) {
    return Rest.as(TOKEN).get("/v1/monitors?" + query).then().statusCode(200);
  }

  private static ValidatableResponse tasks() {
    return Rest.as(TOKEN).get("/v1/tasks?limit=200").then().statusCode(200);
  }
}
