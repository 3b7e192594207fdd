package io.vigie.access.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.stateOf;
import static io.vigie.access.request.Circle.tasks;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against contracts/policy/break-glass.json. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BreakGlassTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final String ciso = Tokens.of(CISO);
  private Circle circle;
  private String holder;

  @BeforeEach
  void people() {
    circle = new Circle();
    holder = Tokens.of(circle.recipient);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private static Response breakGlass(String token, String entitlement, String duration) {
    return Rest.as(token)
        .body(
            Map.of("entitlement", entitlement, "reason", "Nobody can get in", "duration", duration))
        .post("/v1/rights/break-glass");
  }

  private String taken() {
    return breakGlass(holder, circle.entitlement("DATABASE_ROLE", "PRIVILEGED"), "PT2H")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static Response justify(String token, String right) {
    return Api.act(token, right, "justification", Map.of("reason", "Restarted the replica"));
  }

  @Test
  void whoBreaksTheGlassHasItAtOnceAndEverybodyConcernedIsTold() {
    // When
    String right =
        breakGlass(holder, circle.entitlement("DATABASE_ROLE", "PRIVILEGED"), "PT2H")
            .then()
            .statusCode(201)
            .body("state", equalTo("APPROVED"))
            .body("ground", equalTo("BREAK_GLASS"))
            .body("requested.by", equalTo(circle.recipient.toString()))
            .body("decided.by", equalTo("system:access"))
            .extract()
            .path("id");

    // Then
    Rest.as(holder)
        .get("/v1/people/" + circle.recipientId + "/effective-rights")
        .then()
        .body("items.name", hasItem("admin"));
    tasks(holder).then().body("items.kind", hasItem("right.justify"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> alarm = topic.await(1, about(right)).get(0);
      assertEquals("right.broken-glass.v1", header(alarm, "ce_type"));
      assertEquals(circle.recipient.toString(), header(alarm, "ce_actor"));
      String taken = new String(alarm.value());
      assertTrue(taken.contains("\"sensitivity\":\"PRIVILEGED\""), taken);
      ConsumerRecord<String, byte[]> mail =
          topic
              .await(
                  1,
                  ofType("notification.requested.v1")
                      .and(record -> new String(record.value()).contains(right)))
              .get(0);
      String text = new String(mail.value());
      assertTrue(text.contains("\"role\":\"ciso\""), text);
      assertTrue(text.contains("\"person\":\"" + circle.ownerId + "\""), text);
      assertTrue(text.contains("\"template\":\"glass-broken\""), text);
    }

    // And it ends by itself
    clock.move(Duration.ofHours(3));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
  }

  @Test
  void theHolderSaysWhyAndTheCisoAcceptsIt() {
    // Given
    String right = taken();
    problem(Api.act(ciso, right, "justification/acceptance", Map.of()), 409, "nothing-to-accept");
    problem(justify(Tokens.of(circle.manager), right), 403, "forbidden");

    // When
    justify(holder, right).then().statusCode(200).body("emergency.justified.at", notNullValue());
    problem(justify(holder, right), 409, "justified");

    // Then
    tasks(holder).then().body("items.subject", not(hasItem("right/" + right)));
    tasks(ciso)
        .then()
        .body(
            "items.find { it.subject == 'right/%s' }.kind".formatted(right),
            equalTo("right.accept"));
    String same = Tokens.of(circle.recipient, CISO);
    tasks(same).then().body("items.subject", not(hasItem("right/" + right)));
    problem(Api.act(same, right, "justification/acceptance", Map.of()), 422, "self-approval");
    Api.act(ciso, right, "justification/acceptance", Map.of())
        .then()
        .statusCode(200)
        .body("emergency.accepted.at", notNullValue());
    tasks(ciso).then().body("items.subject", not(hasItem("right/" + right)));
  }

  @Test
  void whatIsNotJustifiedWithinADayIsToldAndWaitsForTheCiso() {
    // Given
    String right = taken();

    // When
    clock.move(Duration.ofHours(25));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(1, topic.await(1, about(right).and(ofType("right.unjustified.v1"))).size());
    }
    tasks(ciso)
        .then()
        .body(
            "items.find { it.subject == 'right/%s' }.kind".formatted(right),
            equalTo("right.unjustified"));

    // And it can still be said, which is noted as late
    justify(holder, right).then().statusCode(200).body("emergency.missedAt", notNullValue());
    tasks(ciso)
        .then()
        .body(
            "items.find { it.subject == 'right/%s' }.kind".formatted(right),
            equalTo("right.accept"));
  }

  @Test
  void whatStillLastsWhenNobodySaidWhyInTimeEndsAtOnceAndCanBeTakenAgain() throws SQLException {
    // Given an emergency that outlasts the time to say why, as another policy may have it
    String role = circle.entitlement("DATABASE_ROLE", "PRIVILEGED");
    String right = breakGlass(holder, role, "PT2H").then().statusCode(201).extract().path("id");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      // When
      statement.execute(
          "update access_right set justify_by = now() - interval '1 second' where id = '%s'"
              .formatted(right));
    }

    // Then it is told, with an alert of its own, and then revoked by the service
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> told = topic.await(3, about(right));
      assertEquals(
          List.of("right.broken-glass.v1", "right.unjustified.v1", "right.revoked.v1"),
          told.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals("system:access", header(told.get(2), "ce_actor"));
    }
    assertEquals("REVOKED", stateOf(right));
    Rest.as(holder)
        .get("/v1/people/" + circle.recipientId + "/effective-rights")
        .then()
        .body("items.entitlement", not(hasItem(role)));
    tasks(ciso)
        .then()
        .body(
            "items.find { it.subject == 'right/%s' }.kind".formatted(right),
            equalTo("right.unjustified"));

    // And a next emergency is its own: the first is owed on
    String next = breakGlass(holder, role, "PT1H").then().statusCode(201).extract().path("id");
    justify(holder, next).then().statusCode(200).body("emergency.missedAt", nullValue());
    tasks(holder).then().body("items.subject", hasItem("right/" + right));
  }

  @Test
  void whatIsJustifiedInTimeLastsItsHoursAndIsNeverTold() {
    // Given
    String right = taken();
    justify(holder, right).then().statusCode(200);

    // When
    clock.move(Duration.ofMinutes(119));

    // Then
    assertEquals("APPROVED", stateOf(right));
    clock.move(Duration.ofHours(25));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of("right.broken-glass.v1", "right.justified.v1", "right.expired.v1"),
          topic.await(3, about(right)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void thePolicySaysWhatIsTakenForHowLongAndNobodyTakesItTwiceAtOnce() {
    String role = circle.entitlement("DATABASE_ROLE", "PRIVILEGED");

    problem(
        breakGlass(holder, circle.entitlement("APPLICATION_ROLE", "PRIVILEGED"), "PT1H"),
        422,
        "glass-unbreakable");
    problem(breakGlass(holder, role, "PT5H"), 400, "validation");
    problem(breakGlass(Tokens.of(STAFF), role, "PT1H"), 404, "not-found");
    problem(breakGlass(holder, UUID.randomUUID().toString(), "PT1H"), 422, "unknown-entitlement");
    breakGlass(holder, role, "PT1H").then().statusCode(201);
    problem(breakGlass(holder, role, "PT1H"), 409, "already-exists");
  }

  @Test
  void whatWasApprovedNeedsNoJustification() {
    String right = circle.asks("NORMAL");
    Circle.approve(Tokens.of(circle.manager), right).then().statusCode(200);

    problem(justify(holder, right), 409, "not-break-glass");
    for (String step : List.of("justification", "renewal")) {
      assertEquals(
          428,
          Rest.as(holder)
              .body(
                  step.equals("renewal")
                      ? Map.of("validUntil", "2030-01-01T00:00:00Z", "reason", "x")
                      : Map.of("reason", "x"))
              .post("/v1/rights/" + right + "/" + step)
              .statusCode());
    }
  }
}
