package io.vigie.asset;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Logged;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whom every service refuses and what it says about it in the log; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RefusalsTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

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
  void whatStandsBesideTheApiRefusesAsTheApiDoesAndLogsIt() {
    clock.move(Duration.ofMinutes(17)); // a minute in which no other test was refused as nobody
    UUID subject = UUID.randomUUID();
    String path = "/q/metrics/" + UUID.randomUUID();

    problem(Rest.anonymous().get(path), 401, "unauthenticated")
        .header("WWW-Authenticate", startsWith("Bearer"));
    problem(Rest.as("not.a.token").get(path), 401, "unauthenticated");
    problem(Rest.as(Tokens.of(subject, STAFF)).get(path), 403, "forbidden");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<String> actors =
          topic
              .await(
                  3, ofType("security.refused.v1").and(r -> new String(r.value()).contains(path)))
              .stream()
              .map(r -> header(r, "ce_actor"))
              .sorted()
              .toList();
      assertEquals(
          Stream.of("anonymous", "anonymous", subject.toString()).sorted().toList(), actors);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/assets?what=secret, 400 validation, /v1/assets",
    "/v1/assets/0198c0de-0000-7000-8000-000000000001, 404 not-found, /v1/assets/{id}",
    "/v1/nowhere/secret, 404 not-found, -"
  })
  void whatIsAskedInTheWrongWayIsALineOfTheServicesLogAndNoFact(
      String path, String problem, String endpoint) {
    UUID subject = UUID.randomUUID();
    String request = UUID.randomUUID().toString();
    List<String> lines;
    try (Logged log = new Logged()) {
      // When
      int status =
          Rest.as(Tokens.of(subject, STAFF)).header("X-Request-Id", request).get(path).statusCode();
      lines = log.with(request);

      // Then there is a line, which says who asked for what, and nothing of how they put it
      assertTrue(problem.startsWith(status + " "), problem);
    }
    assertEquals(1, lines.size(), lines::toString);
    String line = lines.get(0).strip();
    assertTrue(line.contains(" WARN "), line);
    assertTrue(
        line.endsWith("refused: %s, GET %s of %s".formatted(problem, endpoint, subject)), line);
    assertFalse(line.contains("secret"), line);

    // And no fact, before that of what follows
    Rest.as(Tokens.of(subject, STAFF)).body("{}").post("/v1/assets").then().statusCode(403);
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> facts =
          topic.await(1, r -> subject.toString().equals(r.key()));
      assertEquals(1, facts.size());
      assertTrue(new String(facts.get(0).value()).contains("\"status\":403"));
    }
  }

  @Test
  void aFloodOfWhatIsAskedInTheWrongWayBecomesOneLineWithItsCount() {
    String subject = UUID.randomUUID().toString();
    String token = Tokens.of(UUID.fromString(subject), STAFF);
    Instant flood = clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(11));
    clock.stopAt(flood.plusSeconds(7));
    try (Logged log = new Logged()) {
      // When somebody asks for what there is not, again and again
      for (int i = 0; i < 60; i++) {
        Rest.as(token).get("/v1/nowhere").then().statusCode(404);
      }

      // Then as many lines are of them as a minute has, and others have theirs
      assertEquals(20, log.with(subject).size());
      String another = UUID.randomUUID().toString();
      Rest.as(Tokens.of(UUID.fromString(another), STAFF)).get("/v1/nowhere").then().statusCode(404);
      assertEquals(1, log.with(another).size());

      // And once the minute is over, one says how many there were
      clock.stopAt(flood.plus(Duration.ofMinutes(2)));
      await().atMost(Duration.ofMinutes(3)).until(() -> log.with(subject).size() == 21);
      String line = log.with(subject).get(20).strip();
      String told = "refused: 60 in the minute of %s, 40 of them without a line, of %s";
      assertTrue(line.endsWith(told.formatted(flood, subject)), line);
    }
  }

  @Test
  void aFloodOfRefusalsBecomesOneEventWithItsCount() throws IOException {
    UUID subject = UUID.randomUUID();
    String token = Tokens.of(subject, STAFF);
    Instant flood = clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(5));
    clock.stopAt(flood.plusSeconds(7));
    for (int i = 0; i < 60; i++) {
      clock.stopAt(flood.plusSeconds(7).plusMillis(i * 100));
      Rest.as(token).body("{}").post("/v1/assets").then().statusCode(403);
    }
    clock.stopAt(flood.plus(Duration.ofMinutes(2)));

    try (Topic topic = Topic.named("vigie.asset.events")) {
      Predicate<ConsumerRecord<String, byte[]>> floods =
          ofType("security.refusals.v1").and(r -> subject.toString().equals(r.key()));
      assertEquals(1, topic.await(1, floods).size());
      JsonNode event = new ObjectMapper().readTree(topic.await(1, floods).get(0).value());
      assertEquals(subject.toString(), event.get("refusedActor").textValue());
      assertEquals(60, event.get("count").intValue());
      assertEquals(flood.plusSeconds(7), Instant.parse(event.get("first").textValue()));
      assertEquals(flood.plusMillis(12_900), Instant.parse(event.get("last").textValue()));
      // Behind the flood's own event in its partition, so that none of them is still on its way.
      assertEquals(
          20,
          topic
              .await(20, ofType("security.refused.v1").and(r -> subject.toString().equals(r.key())))
              .size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "person.left.v1,",
    "service-account.ended.v1, ENDED",
    "service-account.changed.v1, SUSPENDED"
  })
  void whoLeftEndedOrIsSuspendedIsRefusedWithinSecondsWhateverTheirToken(
      String type, String state) {
    UUID subject = UUID.randomUUID();
    String token = Tokens.of(subject, STAFF);
    Rest.as(token).get("/v1/assets?limit=1").then().statusCode(200);

    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(type, "person/" + subject, subject.toString(), changed(subject, state));
    }

    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> Rest.as(token).get("/v1/assets?limit=1").then().statusCode(401));
    Rest.as(Tokens.issuedAt(Instant.now().plusSeconds(5), subject, STAFF))
        .get("/v1/assets?limit=1")
        .then()
        .statusCode(200);
  }

  @Test
  void aProgramThatIsCertifiedAgainKeepsItsTokens() {
    // Given a program whose tokens count
    UUID subject = UUID.randomUUID();
    UUID ended = UUID.randomUUID();
    String token = Tokens.of(subject, STAFF);
    String endedToken = Tokens.of(ended, STAFF);

    // When it is active again, and then another one ends
    try (Topic access = Topic.named("vigie.access.events")) {
      String aggregate = "service-account/" + subject;
      access.publish(
          "service-account.changed.v1", aggregate, subject.toString(), changed(subject, "ACTIVE"));
      access.publish(
          "service-account.ended.v1", aggregate, subject.toString(), changed(ended, "ENDED"));
    }

    // Then
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> Rest.as(endedToken).get("/v1/assets?limit=1").then().statusCode(401));
    Rest.as(token).get("/v1/assets?limit=1").then().statusCode(200);
  }

  private static String changed(UUID subject, String state) {
    return "{\"aggregateId\":\"%s\",\"subject\":\"%s\",\"at\":\"%s\",\"changes\":{\"state\":%s}}"
        .formatted(
            UUID.randomUUID(), subject, Instant.now(), state == null ? null : "\"" + state + "\"");
  }

  private static int count(String query) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getInt(1);
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
