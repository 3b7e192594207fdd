package io.vigie.access.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.person.Overdue;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.MANAGER;
import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.act;
import static io.vigie.access.Api.approve;
import static io.vigie.access.Api.entitlement;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.request;
import static io.vigie.access.Api.requestFor;
import static io.vigie.access.Api.stateOf;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RightResourceTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @Test
  void aRightGoesFromRequestToRevocationAndEachStepIsPublishedInOrder() {
    // Given
    UUID subject = UUID.randomUUID();
    UUID approver = UUID.randomUUID();
    String person = join(subject);
    UUID asset = UUID.randomUUID();

    // When
    String id =
        request(Tokens.of(subject), request(person, asset))
            .then()
            .statusCode(201)
            .body("state", equalTo("REQUESTED"))
            .body("requested.by", equalTo(subject.toString()))
            .body("decided", nullValue())
            .extract()
            .path("id");
    String decidedAt =
        act(Tokens.of(approver, ACCESS_MANAGER), id, "approval", Map.of())
            .then()
            .statusCode(200)
            .body("state", equalTo("APPROVED"))
            .body("decided.by", equalTo(approver.toString()))
            .extract()
            .path("decided.at");
    act(TOKEN, id, "revocation", Map.of("reason", "moved to another team"))
        .then()
        .statusCode(200)
        .body("state", equalTo("REVOKED"))
        .body("revoked.by", equalTo(MANAGER.toString()))
        .body("revoked.reason", equalTo("moved to another team"));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(id));
      assertEquals(
          List.of("right.requested.v1", "right.approved.v1", "right.revoked.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals(
          List.of("1", "2", "3"),
          records.stream().map(record -> header(record, "ce_eventnumber")).toList());
      assertEquals(
          List.of(subject.toString(), approver.toString(), MANAGER.toString()),
          records.stream().map(record -> header(record, "ce_actor")).toList());
      String approved = new String(records.get(1).value());
      assertTrue(approved.contains("\"asset\":\"" + asset + "\""), approved);
      assertTrue(
          approved.contains(
              "\"changes\":{\"state\":\"APPROVED\",\"decidedBy\":\""
                  + approver
                  + "\",\"decidedAt\":\""
                  + decidedAt
                  + "\",\"approvals\":[{"),
          approved);
      assertTrue(approved.contains("\"ground\":\"REQUEST\""), approved);
      assertTrue(approved.contains("\"sensitivity\":\"NORMAL\""), approved);
    }
  }

  @Test
  void neitherTheRequesterNorTheRecipientApproves() {
    // Given a right that one access manager asks for another
    UUID recipient = UUID.randomUUID();
    String id = requestFor(join(recipient));

    // Then
    for (String token : List.of(TOKEN, Tokens.of(recipient, ACCESS_MANAGER))) {
      act(token, id, "approval", Map.of())
          .then()
          .statusCode(422)
          .body("type", equalTo("urn:vigie:problem:self-approval"));
    }
    approve(id).then().statusCode(200);
  }

  @Test
  void staffAskForThemselvesAlone() {
    UUID subject = UUID.randomUUID();
    String own = join(subject);
    String other = join(UUID.randomUUID());

    request(Tokens.of(subject), request(own, UUID.randomUUID())).then().statusCode(201);
    request(Tokens.of(subject), request(other, UUID.randomUUID())).then().statusCode(403);
    request(Tokens.of(STAFF), request(own, UUID.randomUUID())).then().statusCode(403);
    request(TOKEN, request(UUID.randomUUID().toString(), UUID.randomUUID()))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:unknown-person"));
  }

  @Test
  void onlyTheRequesterWithdraws() {
    UUID subject = UUID.randomUUID();
    String id = request(Tokens.of(subject), request(join(subject), UUID.randomUUID())).path("id");

    act(TOKEN, id, "withdrawal", Map.of()).then().statusCode(403);
    act(Tokens.of(subject), id, "withdrawal", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("WITHDRAWN"));
    approve(id)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:right-not-requested"));
  }

  @Test
  void aRefusalHasAReason() {
    String id = requestFor(join(null));

    act(TOKEN, id, "refusal", Map.of("reason", " "))
        .then()
        .statusCode(400)
        .body("errors.field", contains("reason"));
    act(TOKEN, id, "refusal", Map.of("reason", "there is a shared one"))
        .then()
        .statusCode(200)
        .body("state", equalTo("REFUSED"))
        .body("decided.reason", equalTo("there is a shared one"));
  }

  @Test
  void aPersonHasARightOnceAtATime() {
    // Given
    String person = join(null);
    Map<String, Object> body = new HashMap<>(request(person, UUID.randomUUID()));
    String id = request(TOKEN, body).then().statusCode(201).extract().path("id");

    // Then it is not asked for again
    request(TOKEN, body)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:already-exists"));
    approve(id).then().statusCode(200);
    request(TOKEN, body).then().statusCode(409);

    // Until it has ended
    act(TOKEN, id, "revocation", Map.of("reason", "not used")).then().statusCode(200);
    request(TOKEN, body).then().statusCode(201).body("entitlement", equalTo("admin"));
  }

  @Test
  void aRightWhoseTimeIsOverExpiresByTheClock() {
    // Given an approved right until tomorrow, another for longer, and a request until tomorrow
    String person = join(null);
    String ends = requestUntil(person, Duration.ofDays(1));
    String goesOn = requestFor(person);
    String undecided = requestUntil(person, Duration.ofDays(1));
    approve(ends).then().statusCode(200);
    approve(goesOn).then().statusCode(200);

    // When
    clock.move(Duration.ofHours(25));

    // Then
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(ends)));
    assertEquals("APPROVED", stateOf(goesOn));
    approve(undecided).then().statusCode(409).body("type", equalTo("urn:vigie:problem:time-over"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> expired =
          topic.await(1, about(ends).and(Topic.ofType("right.expired.v1"))).get(0);
      assertEquals("system:access", header(expired, "ce_actor"));
      assertTrue(new String(expired.value()).contains("\"changes\":{\"state\":\"EXPIRED\"}"));
    }
  }

  @Test
  void rightsThatCannotExpireHoldUpNoOtherHoweverManyTheyAre() throws Exception {
    // Given as many broken rights as are looked at at once, and a sound one that is overdue last
    String person = join(null);
    List<String> broken = new ArrayList<>();
    for (int i = 0; i < Overdue.BATCH; i++) {
      broken.add(requestUntil(person, Duration.ofHours(1)));
    }
    String sound = requestUntil(person, Duration.ofHours(2));
    approve(sound).then().statusCode(200);
    for (String right : broken) {
      approve(right).then().statusCode(200);
      publishedState(right, "?");
    }

    // When
    clock.move(Duration.ofHours(3));

    // Then
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(sound)));
    for (String right : broken) {
      assertEquals("APPROVED", stateOf(right));
      publishedState(right, "{}");
    }

    // And they expire once they are mended
    for (String right : broken) {
      await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
    }
  }

  @Test
  void aRightThatSomebodyHasLockedIsPassedOverUntilTheNextTime() throws Exception {
    String person = join(null);
    String held = requestUntil(person, Duration.ofHours(1));
    String free = requestUntil(person, Duration.ofHours(2));
    approve(held).then().statusCode(200);
    approve(free).then().statusCode(200);

    try (Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select 1 from access_right where id = '%s' for update".formatted(held));
      clock.move(Duration.ofHours(3));
      await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(free)));
      assertEquals("APPROVED", stateOf(held));
      other.rollback();
    }

    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(held)));
  }

  @Test
  void aRequestEndsInTheFuture() {
    Map<String, Object> body = new HashMap<>(request(join(null), UUID.randomUUID()));
    for (String wrong : List.of("2020-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z", "soon")) {
      body.put("validUntil", wrong);
      request(TOKEN, body).then().statusCode(400).body("errors.field", contains("validUntil"));
    }
  }

  @Test
  void aRequestIsCompleteAndBounded() {
    Rest.as(TOKEN)
        .body("{}")
        .post("/v1/rights")
        .then()
        .statusCode(400)
        .body("errors.field", contains("entitlement", "person", "reason"));
    Map<String, Object> body = new HashMap<>(request(join(null), UUID.randomUUID()));
    body.put("reason", "x".repeat(2_001));
    request(TOKEN, body).then().statusCode(400).body("errors.field", contains("reason"));
    body.put("reason", "x");
    body.put("entitlement", UUID.randomUUID());
    problem(request(TOKEN, body), 422, "unknown-entitlement");
  }

  @Test
  void aStepNamesTheVersionItChanges() {
    String id = requestFor(join(null));

    for (String step : List.of("approval", "refusal", "withdrawal", "revocation")) {
      String path = "/v1/rights/" + id + "/" + step;
      String body = step.matches("approval|withdrawal") ? "" : "{\"reason\":\"x\"}";
      Rest.as(TOKEN).body(body).post(path).then().statusCode(428);
      Rest.as(TOKEN).header("If-Match", "\"9\"").body(body).post(path).then().statusCode(412);
    }
  }

  @Test
  void privilegedReadersSeeAllRightsAndOtherStaffTheirOwn() {
    // Given
    UUID subject = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    String entitlement = entitlement(asset, "admin");
    String own = request(TOKEN, requestOf(join(subject), entitlement)).path("id");
    String other = request(TOKEN, requestOf(join(null), entitlement)).path("id");

    // Then
    for (String role : List.of(ACCESS_MANAGER, ASSET_MANAGER, CISO, AUDITOR)) {
      list(Tokens.of(role), "asset=" + asset).then().body("items.id", contains(own, other));
      Rest.as(Tokens.of(role)).get("/v1/rights/" + other).then().statusCode(200);
    }
    list(Tokens.of(subject), "asset=" + asset).then().body("items.id", contains(own));
    for (String role : List.of(STAFF, RESPONDER, SYSADMIN)) {
      list(Tokens.of(role), "asset=" + asset).then().statusCode(200).body("items", hasSize(0));
    }
    Rest.as(Tokens.of(subject)).get("/v1/rights/" + own).then().statusCode(200);
    Rest.as(Tokens.of(subject)).get("/v1/rights/" + other).then().statusCode(403);
    Rest.as(Tokens.of(STAFF)).get("/v1/rights/" + other).then().statusCode(403);
  }

  @Test
  void aListFiltersAndPagesWithoutRepeatingOrSkipping() {
    String person = join(null);
    List<String> ids = List.of(requestFor(person), requestFor(person), requestFor(person));
    approve(ids.get(2)).then().statusCode(200);

    list(TOKEN, "state=APPROVED&person=" + person).then().body("items.id", contains(ids.get(2)));
    Response first = list(TOKEN, "limit=2&person=" + person);
    first.then().body("items.id", contains(ids.get(0), ids.get(1)));
    Rest.as(TOKEN)
        .get(first.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.id", contains(ids.get(2)))
        .header("Link", nullValue());
    list(TOKEN, "ground=REQUEST&state=REQUESTED&person=" + person)
        .then()
        .body("items.id", contains(ids.get(0), ids.get(1)));
    list(TOKEN, "ground=PROFILE&person=" + person).then().body("items", hasSize(0));
    list(TOKEN, "state=LIVE").then().statusCode(400);
    list(TOKEN, "holder=" + person).then().statusCode(400);
  }

  @Test
  void anAccessManagersTasksAreTheRequestsTheyMayApprove() {
    UUID recipient = UUID.randomUUID();
    String id = requestFor(join(recipient));
    String subject = "right/" + id;

    tasks(Tokens.of(ACCESS_MANAGER)).then().body("items.subject", hasItem(subject));
    tasks(TOKEN).then().body("items.subject", not(hasItem(subject)));
    tasks(Tokens.of(recipient, ACCESS_MANAGER)).then().body("items.subject", not(hasItem(subject)));
    tasks(Tokens.of(STAFF)).then().body("items", hasSize(0));

    approve(id).then().statusCode(200);
    tasks(Tokens.of(ACCESS_MANAGER)).then().body("items.subject", not(hasItem(subject)));
  }

  private static Map<String, Object> requestOf(String person, String entitlement) {
    return Map.of("person", person, "entitlement", entitlement, "reason", "Maintains it");
  }

  private String requestUntil(String person, Duration fromNow) {
    Map<String, Object> body = new HashMap<>(request(person, UUID.randomUUID()));
    body.put("validUntil", clock.instant().plus(fromNow).toString());
    return request(TOKEN, body).then().statusCode(201).extract().path("id");
  }

  private void publishedState(String right, String state) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update access_right set published_state = '%s' where id = '%s'".formatted(state, right));
    }
  }

  private static Response list(String token, String query) {
    return Rest.as(token).get("/v1/rights?" + query);
  }

  private static Response tasks(String token) {
    return Rest.as(token).get("/v1/tasks?limit=200");
  }
}
