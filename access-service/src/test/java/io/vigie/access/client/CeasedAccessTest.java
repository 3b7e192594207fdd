package io.vigie.access.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.client.Clients.FILE;
import static io.vigie.access.client.Clients.TODAY;
import static io.vigie.access.client.Clients.act;
import static io.vigie.access.client.Clients.approved;
import static io.vigie.access.client.Clients.change;
import static io.vigie.access.client.Clients.isAllowed;
import static io.vigie.access.client.Clients.purpose;
import static io.vigie.access.client.Clients.register;
import static io.vigie.access.client.Clients.request;
import static io.vigie.access.client.Clients.requested;
import static io.vigie.access.client.Clients.stateOf;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What ends an access to a client's data without anybody deciding about it. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CeasedAccessTest {

  private static final Map<String, String> RETURN =
      Map.of("fate", "RETURNED", "dueOn", TODAY.plusDays(30).toString());

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void theClockEndsAnAccessAndNobodyIsLetInAfterItsTimeEvenBefore() {
    String client = register();
    String person = join(null);
    String access = approved(client, person, 1);
    String longer = approved(client, person, 3);

    clock.move(Duration.ofDays(2));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(access)));
    assertEquals("APPROVED", stateOf(longer));
    assertTrue(isAllowed(client, person));

    clock.stopAt(Instant.now().plus(Duration.ofDays(4)));
    assertFalse(isAllowed(client, person));
    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> expired = topic.await(3, about(access)).get(2);
      assertEquals("client-access.expired.v1", header(expired, "ce_type"));
      assertEquals("system:access", header(expired, "ce_actor"));
    }
  }

  @Test
  void anAccessOnAClauseEndsWithTheContract() {
    // Given one on each ground
    Map<String, Object> profile = Clients.profile(UUID.randomUUID());
    String client = register(profile);
    String person = join(null);
    Map<String, Object> body = purpose(client, person, 20);
    body.put("purpose", Map.of("ground", "CLAUSE", "reference", "article 5"));
    String clause = request(body).path("id");
    act(Tokens.of(ACCESS_MANAGER), clause, "approval", Map.of()).then().statusCode(200);
    String instruction = approved(client, person, 20);

    // When the contract turns out to end earlier
    profile.put(
        "contract",
        Map.of(
            "reference",
            "r",
            "startsOn",
            TODAY.minusYears(1).toString(),
            "endsOn",
            TODAY.minusDays(1).toString(),
            "file",
            FILE));
    change(client, "PUT", "", profile).then().statusCode(200);

    // Then
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(clause)));
    assertEquals("APPROVED", stateOf(instruction));
  }

  @Test
  void aRequestWhoseTimePassedOrWhoseContractIsReplacedLapses() {
    // Given
    Map<String, Object> profile = Clients.profile(UUID.randomUUID());
    String client = register(profile);
    String late = request(purpose(client, join(null), 1)).path("id");
    Map<String, Object> body = purpose(client, join(null), 20);
    body.put("purpose", Map.of("ground", "CLAUSE", "reference", "article 5"));
    String clause = request(body).path("id");

    // When
    clock.move(Duration.ofDays(2));
    profile.put(
        "contract",
        Map.of(
            "reference", "r", "startsOn", TODAY.minusYears(1).toString(), "file", "c".repeat(64)));
    change(client, "PUT", "", profile).then().statusCode(200);

    // Then
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(late)));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(clause)));
  }

  @Test
  void aLeaverKeepsNoAccessAndNoProspectOfOne() {
    String client = register();
    String person = join(UUID.randomUUID());
    String approved = approved(client, person, 5);
    String requested = requested(client, person, 5);
    String colleagues = approved(client, join(null), 5);

    leave(person).then().statusCode(200);

    assertEquals("REVOKED", stateOf(approved));
    assertEquals("REVOKED", stateOf(requested));
    assertEquals("APPROVED", stateOf(colleagues));
    assertFalse(isAllowed(client, person));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String revoked = new String(topic.await(3, about(approved)).get(2).value());
      assertTrue(revoked.contains("\"reason\":\"The person left.\""), revoked);
    }
  }

  /** Whoever comes first: an access is revoked with the person, or was never approved. */
  @Test
  void anApprovalAndADepartureAtOnceLeaveNothingBehind() {
    String client = register();
    for (int round = 0; round < 8; round++) {
      String person = join(null);
      String access = requested(client, person, 5);
      String approver = Tokens.of(ACCESS_MANAGER);
      CompletableFuture<Response> approval =
          CompletableFuture.supplyAsync(() -> act(approver, access, "approval", Map.of()));
      CompletableFuture<Response> departure = CompletableFuture.supplyAsync(() -> leave(person));

      departure.join().then().statusCode(200);
      assertTrue(List.of(200, 409, 412, 422).contains(approval.join().statusCode()));
      assertEquals("REVOKED", stateOf(access));
      assertFalse(isAllowed(client, person));
    }
  }

  @Test
  void anApprovalAndTheEndOfTheClientAtOnceLeaveNothingBehind() {
    String person = join(null);
    for (int round = 0; round < 8; round++) {
      String client = register();
      String access = requested(client, person, 5);
      String approver = Tokens.of(ACCESS_MANAGER);
      CompletableFuture<Response> approval =
          CompletableFuture.supplyAsync(() -> act(approver, access, "approval", Map.of()));
      CompletableFuture<Response> end =
          CompletableFuture.supplyAsync(
              () ->
                  change(
                      client,
                      "POST",
                      "/ending",
                      Map.of("fate", "DESTROYED", "dueOn", TODAY.toString())));

      end.join().then().statusCode(200);
      assertTrue(List.of(200, 409, 412, 422).contains(approval.join().statusCode()));
      assertEquals("REVOKED", stateOf(access));
      assertFalse(isAllowed(client, person));
    }
  }

  @Test
  void theEndOfAClientEndsEveryAccessToItsDataAndAsksForItsReturn() {
    // Given
    String client = register();
    String person = join(UUID.randomUUID());
    String approved = approved(client, person, 10);
    String requested = requested(client, person, 10);
    String elsewhere = approved(register(), person, 10);

    // When
    change(client, "POST", "/ending", RETURN).then().statusCode(200);

    // Then
    assertEquals("REVOKED", stateOf(approved));
    assertEquals("REVOKED", stateOf(requested));
    assertEquals("APPROVED", stateOf(elsewhere));

    // And what returns the data is touched on an instruction, as long as that takes
    problem(request(purpose(client, person, 40)), 422, "beyond-client");
    String last = approved(client, person, 10);
    assertTrue(isAllowed(client, person));
    change(client, "POST", "/data-settlement", Map.of("evidence", FILE)).then().statusCode(200);
    assertEquals("REVOKED", stateOf(last));
    assertFalse(isAllowed(client, person));
    problem(request(purpose(client, person, 10)), 409, "client-settled");
    try (Topic topic = Topic.named("vigie.access.events")) {
      String revoked =
          new String(
              topic.await(1, about(last).and(ofType("client-access.revoked.v1"))).get(0).value());
      assertTrue(revoked.contains("\"client\":\"" + client + "\""), revoked);
    }
  }
}
