package io.vigie.access.request;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.stateOf;
import static io.vigie.access.request.Circle.approve;
import static io.vigie.access.request.Circle.awaiting;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Against the fourteen days of contracts/policy/approval-paths.json. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RenewalTest {

  @Inject MovableClock clock;

  private Circle circle;
  private String manager;
  private String recipient;

  @BeforeEach
  void people() {
    circle = new Circle();
    manager = Tokens.of(circle.manager);
    recipient = Tokens.of(circle.recipient);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private Instant in(int days) {
    return clock.instant().plus(Duration.ofDays(days));
  }

  /** A right of the recipient's until a time. */
  private String until(Instant end) {
    String right =
        circle.asks(
            Map.of(
                "entitlement", circle.entitlement("VPN", "NORMAL"), "validUntil", end.toString()));
    approve(manager, right).then().statusCode(200);
    return right;
  }

  private static Response renew(String token, String right, Instant until) {
    return Api.act(
        token, right, "renewal", Map.of("validUntil", until.toString(), "reason", "It goes on"));
  }

  @Test
  void aRightGoesOnOnceItsRenewalIsApprovedOnThePath() {
    // Given
    Instant end = in(10);
    String right = until(end);

    // When
    renew(recipient, right, in(100))
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"))
        .body("validUntil", equalTo(end.toString()))
        .body("approval.given", empty());
    awaiting(manager).then().body("items.id", contains(right));
    problem(approve(recipient, right), 422, "self-approval");
    approve(manager, right)
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"))
        .body("renewalUntil", nullValue());

    // Then it does not end when it would have
    clock.move(Duration.ofDays(50));
    assertEquals("APPROVED", stateOf(right));
    clock.move(Duration.ofDays(51));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(5, about(right));
      assertEquals(
          List.of(
              "right.requested.v1",
              "right.approved.v1",
              "right.renewal-requested.v1",
              "right.renewed.v1",
              "right.expired.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void theOldEndHoldsAsLongAsNobodyApproves() {
    String right = until(in(10));
    renew(recipient, right, in(100)).then().statusCode(200);

    clock.move(Duration.ofDays(11));

    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
    awaiting(manager).then().body("items", empty());
    assertEquals(409, approve(manager, right).statusCode());
  }

  @Test
  void aRenewalIsRefusedOrWithdrawnAndTheRightStays() {
    Instant end = in(10);
    String right = until(end);

    renew(recipient, right, in(100)).then().statusCode(200);
    Api.act(manager, right, "refusal", Map.of("reason", "It is over"))
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"))
        .body("validUntil", equalTo(end.toString()));
    renew(recipient, right, in(100)).then().statusCode(200);
    problem(renew(recipient, right, in(100)), 409, "renewal-waits");
    Api.act(recipient, right, "withdrawal", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"))
        .body("renewalUntil", nullValue());
  }

  @Test
  void aRenewalIsAskedForInTheLastDaysAndWithinBounds() {
    String early = until(in(20));
    String right = until(in(10));

    problem(renew(recipient, early, in(100)), 409, "renewal-closed");
    problem(renew(recipient, right, in(9)), 400, "validation");
    problem(renew(recipient, right, in(376)), 400, "validation");
    problem(renew(Tokens.of(circle.owner), right, in(100)), 403, "forbidden");
    clock.move(Duration.ofDays(7));
    renew(manager, early, in(100)).then().statusCode(200);
  }

  @Test
  void whatIsForAMomentBeginsWithItsApprovalAndIsNotRenewed() {
    // Given somebody asks for two hours
    String right =
        circle.asks(
            Map.of(
                "entitlement", circle.entitlement("SERVER_ACCOUNT", "NORMAL"), "duration", "PT2H"));

    // When it is approved a day later
    clock.move(Duration.ofDays(1));
    Instant before = clock.instant();
    String end =
        approve(manager, right)
            .then()
            .statusCode(200)
            .body("duration", equalTo("PT2H"))
            .extract()
            .path("validUntil");

    // Then it lasts two hours from then on
    Duration lasts = Duration.between(before, Instant.parse(end));
    assertEquals(120, lasts.toMinutes());
    problem(renew(recipient, right, in(2)), 422, "not-renewable");
    clock.move(Duration.ofMinutes(119));
    assertEquals("APPROVED", stateOf(right));
    clock.move(Duration.ofMinutes(2));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
  }

  @Test
  void aMomentIsMinutesOrHoursAndHasNoOtherEnd() {
    String entitlement = circle.entitlement("SERVER_ACCOUNT", "NORMAL");

    for (Object wrong : new Object[] {"PT30S", "PT25H", "P1M", "soon", 60}) {
      assertEquals(
          400,
          circle.ask(recipient, Map.of("entitlement", entitlement, "duration", wrong)).statusCode(),
          String.valueOf(wrong));
    }
    problem(
        circle.ask(
            recipient,
            Map.of("entitlement", entitlement, "duration", "PT1H", "validUntil", in(1).toString())),
        400,
        "validation");
  }
}
