package io.vigie.access.entitlement;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.MANAGER;
import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.approve;
import static io.vigie.access.Api.change;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.Api.profile;
import static io.vigie.access.Api.request;
import static io.vigie.access.Api.requestFor;
import static io.vigie.access.Api.stateOf;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DepartureTest {

  @Inject DataSource database;

  private final ExecutorService callers = Executors.newFixedThreadPool(12);

  @AfterEach
  void callersGoHome() {
    callers.shutdownNow();
  }

  @Test
  void aLeaverLosesEveryRightTheyHaveOrAskedFor() {
    // Given
    UUID subject = UUID.randomUUID();
    String person = join(subject);
    String approved = requestFor(person);
    approve(approved).then().statusCode(200);
    String requested = requestFor(person);
    String refused = requestFor(person);
    Api.act(TOKEN, refused, "refusal", Map.of("reason", "no")).then().statusCode(200);
    String colleagues = requestFor(join(null));

    // When
    leave(person).then().statusCode(200).body("state", equalTo("LEFT"));

    // Then
    assertEquals("REVOKED", stateOf(approved));
    assertEquals("REVOKED", stateOf(requested));
    assertEquals("REFUSED", stateOf(refused));
    assertEquals("REQUESTED", stateOf(colleagues));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String left = new String(topic.await(2, about(person)).get(1).value());
      assertTrue(left.contains("\"subject\":\"" + subject + "\""), left);
      assertTrue(left.contains("\"changes\":{\"state\":\"LEFT\"}"), left);
      for (String right : List.of(approved, requested)) {
        ConsumerRecord<String, byte[]> revoked =
            topic.await(1, about(right).and(Topic.ofType("right.revoked.v1"))).get(0);
        assertEquals(MANAGER.toString(), header(revoked, "ce_actor"));
        assertTrue(new String(revoked.value()).contains("\"reason\":\"The person left.\""));
      }
    }
  }

  @Test
  void nobodyLeavesTwiceAndALeaverIsGivenNothing() {
    String person = join(null);
    leave(person).then().statusCode(200);

    leave(person).then().statusCode(409).body("type", equalTo("urn:vigie:problem:already-left"));
    request(TOKEN, request(person, UUID.randomUUID()))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:person-left"));
  }

  @Test
  void aRefusedDepartureChangesNothing() {
    String person = join(null);
    String right = requestFor(person);

    Rest.as(TOKEN)
        .header("If-Match", "\"5\"")
        .body("{}")
        .post("/v1/people/" + person + "/departure")
        .then()
        .statusCode(412);

    assertEquals("ACTIVE", Rest.as(TOKEN).get("/v1/people/" + person).path("state"));
    assertEquals("REQUESTED", stateOf(right));
  }

  @Test
  void aDepartureThatFailsHalfwayChangesNothing() throws Exception {
    // Given a person whose second right cannot be published
    String person = join(null);
    String first = requestFor(person);
    String second = requestFor(person);
    execute("update access_right set published_state = '?' where id = '%s'".formatted(second));

    // When
    leave(person).then().statusCode(500);

    // Then neither the person nor the first right changed, and nothing was published
    assertEquals("ACTIVE", Rest.as(TOKEN).get("/v1/people/" + person).path("state"));
    assertEquals("REQUESTED", stateOf(first));
    execute("update access_right set published_state = '{}' where id = '%s'".formatted(second));
    leave(person).then().statusCode(200);
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, about(second).and(Topic.ofType("right.revoked.v1")));
      assertEquals(1, topic.await(1, about(person).and(Topic.ofType("person.left.v1"))).size());
      assertEquals(1, topic.await(1, about(first).and(Topic.ofType("right.revoked.v1"))).size());
    }
  }

  @Test
  void aLeaversTokenIsRefused() {
    UUID subject = UUID.randomUUID();
    String token = Tokens.of(subject);
    String person = join(subject);
    Rest.as(token).get("/v1/people/me").then().statusCode(200);

    leave(person).then().statusCode(200);

    await().untilAsserted(() -> Rest.as(token).get("/v1/people/me").then().statusCode(401));
  }

  @Test
  void aRequestThatComesDuringADepartureWaitsForItAndIsRefused() throws Exception {
    // Given a departure that has taken the person and waits for one of their rights
    String person = join(null);
    String held = requestFor(person);
    Map<String, Object> body = request(person, UUID.randomUUID());
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      execute(other, "select 1 from access_right where id = '%s' for update".formatted(held));
      Future<Response> departure = call(() -> leave(person));
      awaitWaiting(1);

      // When
      Future<Response> request = call(() -> request(TOKEN, body));
      awaitWaiting(2);
      other.rollback();

      // Then
      assertEquals(200, departure.get().statusCode());
      assertEquals(422, request.get().statusCode());
    }
    assertNoLiveRight(person);
  }

  @Test
  void anApprovalThatComesDuringADepartureWaitsForItAndIsRefused() throws Exception {
    String person = join(null);
    String held = requestFor(person);
    String toApprove = requestFor(person);
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      execute(other, "select 1 from access_right where id = '%s' for update".formatted(held));
      Future<Response> departure = call(() -> leave(person));
      awaitWaiting(1);

      Future<Response> approval = call(() -> approve(toApprove));
      awaitWaiting(2);
      other.rollback();

      assertEquals(200, departure.get().statusCode());
      assertEquals(422, approval.get().statusCode());
    }
    assertEquals("REVOKED", stateOf(toApprove));
    assertNoLiveRight(person);
  }

  @Test
  void aDepartureThatComesDuringARequestWaitsForItAndTakesTheNewRightToo() throws Exception {
    // Given a request that holds the person and waits for a rival of the same right
    String person = join(null);
    Map<String, Object> body = request(person, UUID.randomUUID());
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      execute(other, rival(body));
      Future<Response> request = call(() -> request(TOKEN, body));
      awaitWaiting(1);

      // When
      Future<Response> departure = call(() -> leave(person));
      awaitWaiting(2);
      other.rollback();

      // Then
      assertEquals(200, departure.get().statusCode());
      assertEquals(201, request.get().statusCode());
      assertEquals("REVOKED", stateOf(request.get().path("id")));
    }
    assertNoLiveRight(person);
  }

  @Test
  void anAccountThatComesDuringARequestWaitsForItAndIsRefused() throws Exception {
    // Given a request that holds the person and waits for a rival of the same right
    String person = join(null);
    Map<String, Object> body = request(person, UUID.randomUUID());
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      execute(other, rival(body));
      Future<Response> request = call(() -> request(TOKEN, body));
      awaitWaiting(1);

      // When
      Future<Response> account =
          call(() -> change(TOKEN, "PUT", "/v1/people/" + person, "", profile(UUID.randomUUID())));
      awaitWaiting(2);
      other.rollback();

      // Then
      assertEquals(201, request.get().statusCode());
      assertEquals(409, account.get().statusCode());
    }
  }

  @Test
  void whateverHappensAtTheSameTimeALeaverEndsUpWithoutLiveRightAndNoCallFails() throws Exception {
    for (int round = 0; round < 20; round++) {
      // Given
      String person = join(null);
      List<String> known = List.of(requestFor(person), requestFor(person), requestFor(person));
      approve(known.get(0)).then().statusCode(200);
      List<Map<String, Object>> wanted =
          Stream.generate(() -> request(person, UUID.randomUUID())).limit(5).toList();

      // When
      List<Future<Response>> calls = new ArrayList<>();
      wanted.subList(0, 4).forEach(body -> calls.add(call(() -> request(TOKEN, body))));
      calls.add(call(() -> Api.act(TOKEN, known.get(0), "revocation", Map.of("reason", "unused"))));
      calls.add(call(() -> approve(known.get(1))));
      calls.add(call(() -> Api.act(TOKEN, known.get(2), "withdrawal", Map.of())));
      Future<Response> departure = call(() -> leave(person));
      calls.add(call(() -> approve(known.get(2))));
      calls.add(call(() -> request(TOKEN, wanted.get(4))));

      // Then
      assertEquals(200, departure.get().statusCode());
      Set<Integer> answers = new HashSet<>();
      for (Future<Response> answer : calls) {
        answers.add(answer.get().statusCode());
      }
      answers.removeAll(Set.of(200, 201, 409, 412, 422));
      assertEquals(Set.of(), answers);
      assertNoLiveRight(person);
    }
  }

  private Future<Response> call(Supplier<Response> call) {
    return CompletableFuture.supplyAsync(call, callers);
  }

  /** Until {@code count} of the service's transactions wait for a lock of another. */
  private void awaitWaiting(int count) {
    await().untilAsserted(() -> assertEquals(count, waiting()));
  }

  private int waiting() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                  and wait_event <> 'advisory'""")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Inserts a live right as {@code request} asks for it. */
  private static String rival(Map<String, Object> request) {
    return """
    insert into access_right
      (id, version, event_number, published_state, person_id, asset_id, entitlement, entitlement_id,
       ground, state, requested_by, requested_at, requested_reason)
    values ('%s', 0, 1, '{}', '%s', '%s', 'admin', '%s', 'REQUEST', 'REQUESTED', 'x', now(), 'x')"""
        .formatted(
            UUID.randomUUID(),
            request.get("person"),
            UUID.randomUUID(),
            request.get("entitlement"));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection()) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void assertNoLiveRight(String person) {
    List<String> states =
        Rest.as(TOKEN).get("/v1/rights?limit=200&person=" + person).path("items.state");
    assertFalse(states.isEmpty());
    assertFalse(states.contains("REQUESTED") || states.contains("APPROVED"), states.toString());
  }
}
