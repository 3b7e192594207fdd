package io.vigie.access.person;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.Api.profile;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who people are to each other, and days that lie ahead. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PeopleTest {

  @Inject MovableClock clock;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), clock.getZone());
  }

  @Test
  void whoStartsAheadOfTimeStartsByTheClock() {
    Map<String, Object> ahead = profile(UUID.randomUUID());
    ahead.put("joinedOn", today().plusDays(3).toString());
    String id = register(ahead).then().body("state", equalTo("ANNOUNCED")).extract().path("id");

    clock.move(Duration.ofDays(3));

    await().untilAsserted(() -> assertEquals("ACTIVE", person(id).path("state")));
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(id));
      assertEquals(
          List.of("person.joined.v1", "person.started.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals("system:access", header(records.get(1), "ce_actor"));
    }
  }

  @Test
  void aPlannedDepartureEndsEverythingByItself() {
    // Given
    String id = join(UUID.randomUUID());
    String right = Api.requestFor(id);
    depart(id, today().plusDays(2))
        .then()
        .statusCode(200)
        .body("state", equalTo("ACTIVE"))
        .body("lastDay", equalTo(today().plusDays(2).toString()));
    Rest.as(Tokens.of(STAFF)).get("/v1/people/" + id).then().body("lastDay", nullValue());

    // When it is moved a day ahead, and that day is over
    depart(id, today().plusDays(1)).then().statusCode(200);
    clock.move(Duration.ofDays(2));

    // Then
    await().untilAsserted(() -> assertEquals("LEFT", person(id).path("state")));
    assertEquals("REVOKED", Api.stateOf(right));
    person(id).then().body("departureReason", equalTo("a new job"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, about(id).and(Topic.ofType("person.left.v1")));
      topic.await(1, about(right).and(Topic.ofType("right.revoked.v1")));
    }
  }

  @Test
  void aPlannedDepartureThatIsTakenBackDoesNotHappen() {
    String stays = join(null);
    String leaves = join(null);
    depart(stays, today()).then().statusCode(200);
    depart(leaves, today()).then().statusCode(200);
    Api.change(TOKEN, "POST", "/v1/people/" + stays, "/departure/withdrawal", Map.of())
        .then()
        .statusCode(200)
        .body("lastDay", nullValue());
    problem(
        Api.change(TOKEN, "POST", "/v1/people/" + stays, "/departure/withdrawal", Map.of()),
        409,
        "no-departure-planned");

    clock.move(Duration.ofDays(1));

    await().untilAsserted(() -> assertEquals("LEFT", person(leaves).path("state")));
    assertEquals("ACTIVE", person(stays).path("state"));
  }

  @Test
  void aPlannedMoveComesByItselfAndTheEventNamesIt() {
    // Given a move that replaced another
    String manager = join(null);
    String site = UUID.randomUUID().toString();
    String id = join(null);
    move(id, 1, Map.of("site", UUID.randomUUID().toString())).then().statusCode(200);
    move(id, 2, Map.of("manager", manager, "site", site))
        .then()
        .statusCode(200)
        .body("manager", nullValue())
        .body("plannedMove.movesOn", equalTo(today().plusDays(2).toString()))
        .body("plannedMove.manager", equalTo(manager));
    Rest.as(Tokens.of(STAFF)).get("/v1/people/" + id).then().body("plannedMove", nullValue());

    // When its day comes
    clock.move(Duration.ofDays(2));

    // Then
    await().untilAsserted(() -> assertEquals(manager, person(id).path("manager")));
    person(id).then().body("site", equalTo(site)).body("plannedMove", nullValue());
    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> moved = topic.await(4, about(id)).get(3);
      assertEquals("person.changed.v1", header(moved, "ce_type"));
      assertEquals("system:access", header(moved, "ce_actor"));
      String text = new String(moved.value());
      assertTrue(text.contains("\"fields\":[\"manager\",\"plannedMove\",\"site\"]"), text);
      assertTrue(text.contains("\"manager\":\"" + manager + "\""), text);
    }
  }

  @Test
  void aMoveToAnotherProfileGivesAndTakesWhatTheyGiveOnItsDay() {
    // Given somebody who has what their record names
    String mark = UUID.randomUUID().toString();
    String former = Api.bundle("former " + mark, Api.entitlement(UUID.randomUUID(), "deploy"));
    String next = Api.bundle("next " + mark, Api.entitlement(UUID.randomUUID(), "approve"));
    UUID subject = UUID.randomUUID();
    Map<String, Object> details = Api.profile(subject);
    details.put("businessProfile", "former " + mark);
    String id = Rest.as(TOKEN).body(details).post("/v1/people").path("id");
    assertEquals(List.of(former), held(id));

    // When they are to do something else, which they do not say themselves
    Map<String, String> to = Map.of("businessProfile", "Next " + mark);
    problem(move(id, 2, Map.of("businessProfile", " ")), 400, "validation");
    problem(
        Api.change(
            Tokens.of(subject, ACCESS_MANAGER),
            "POST",
            "/v1/people/" + id,
            "/move",
            Map.of("movesOn", today().plusDays(2).toString(), "businessProfile", "next " + mark)),
        422,
        "self-assignment");
    move(id, 2, to).then().body("plannedMove.businessProfile", equalTo("Next " + mark));
    clock.move(Duration.ofDays(1));
    assertEquals(List.of(former), held(id));

    // Then they have what the other gives once the day has come
    clock.move(Duration.ofDays(1));
    await().untilAsserted(() -> assertEquals(List.of(next), held(id)));
    person(id)
        .then()
        .body("businessProfile", equalTo("Next " + mark))
        .body("plannedMove", nullValue());
  }

  private static List<String> held(String person) {
    return Rest.as(TOKEN)
        .get("/v1/profile-assignments?state=CURRENT&person=" + person)
        .path("items.profile");
  }

  @Test
  void aMoveThatIsTakenBackDoesNotHappen() {
    String stays = join(null);
    String moves = join(null);
    String site = UUID.randomUUID().toString();
    problem(withdrawMove(stays), 409, "no-move-planned");
    move(stays, 1, Map.of("site", site)).then().statusCode(200);
    move(moves, 1, Map.of("site", site)).then().statusCode(200);
    withdrawMove(stays).then().statusCode(200).body("plannedMove", nullValue());

    clock.move(Duration.ofDays(1));

    await().untilAsserted(() -> assertEquals(site, person(moves).path("site")));
    person(stays).then().body("site", nullValue());
  }

  @Test
  void aMoveThatCannotBeIsRefusedWhenItIsTold() {
    String top = join(null);
    String bottom = led(led(top));
    String leaver = join(null);
    depart(leaver, today().plusDays(2)).then().statusCode(200);

    problem(move(top, 1, Map.of()), 400, "validation");
    problem(move(top, 0, Map.of("site", UUID.randomUUID().toString())), 400, "validation");
    problem(move(top, 1, Map.of("manager", UUID.randomUUID().toString())), 422, "unknown-manager");
    problem(move(top, 3, Map.of("manager", leaver)), 422, "manager-leaves");
    move(top, 2, Map.of("manager", leaver)).then().statusCode(200);
    problem(move(top, 3, Map.of("manager", top)), 409, "manager-circle");
    problem(move(top, 3, Map.of("manager", bottom)), 409, "manager-circle")
        .body("detail", containsString(top + " → " + bottom + " → "));

    // Unless what is planned for an earlier day opens the circle
    move(bottom, 2, Map.of("manager", join(null))).then().statusCode(200);
    problem(move(top, 2, Map.of("manager", bottom)), 409, "manager-circle");
    move(top, 3, Map.of("manager", bottom)).then().statusCode(200);
  }

  @Test
  void aMoveThatCannotBeOnItsDayChangesNothingAndWaitsForAccessManagers() {
    // Given
    String manager = join(null);
    String id = join(null);
    move(id, 1, Map.of("manager", manager, "site", UUID.randomUUID().toString()))
        .then()
        .statusCode(200);
    assertNull(taskOf(id));
    leave(manager).then().statusCode(200);

    // When
    clock.move(Duration.ofDays(1));

    // Then
    await()
        .untilAsserted(
            () -> assertEquals("unknown-manager", person(id).path("plannedMove.problem")));
    person(id)
        .then()
        .body("manager", nullValue())
        .body("site", nullValue())
        .body("plannedMove.refusedAt", notNullValue());
    assertEquals("person.replan", taskOf(id));

    // Until it is taken back
    withdrawMove(id).then().statusCode(200);
    assertNull(taskOf(id));
  }

  @Test
  void aContractorLeavesWhenTheContractIsOver() {
    Map<String, Object> contractor = profile(null);
    contractor.put("kind", "CONTRACTOR");
    problem(register(contractor), 400, "validation")
        .body("errors.field", contains("host", "endsOn"));
    contractor.put("host", UUID.randomUUID().toString());
    contractor.put("endsOn", today().plusDays(5).toString());
    problem(register(contractor), 422, "unknown-host");
    contractor.put("host", join(null));
    String id = register(contractor).then().statusCode(201).extract().path("id");

    clock.move(Duration.ofDays(6));

    await().untilAsserted(() -> assertEquals("LEFT", person(id).path("state")));
  }

  @Test
  void nobodyHostsThemselves() {
    Map<String, Object> contractor = profile(null);
    contractor.put("kind", "CONTRACTOR");
    contractor.put("host", join(null));
    contractor.put("endsOn", today().plusDays(5).toString());
    String id = register(contractor).then().statusCode(201).extract().path("id");
    String another = join(null);

    contractor.put("host", id);
    problem(Api.change(TOKEN, "PUT", "/v1/people/" + id, "", contractor), 409, "own-host");

    contractor.put("host", another);
    Api.change(TOKEN, "PUT", "/v1/people/" + id, "", contractor)
        .then()
        .statusCode(200)
        .body("host", equalTo(another));
  }

  @Test
  void nobodyLeadsThemselvesDirectlyOrNotAndTheCircleIsNamed() {
    String top = join(null);
    String middle = led(top);
    String bottom = led(middle);

    problem(lead(top, bottom), 409, "manager-circle")
        .body("detail", containsString(top + " → " + bottom + " → " + middle + " → " + top));
    problem(lead(top, top), 409, "manager-circle")
        .body("detail", containsString(top + " → " + top));
    problem(lead(top, UUID.randomUUID().toString()), 422, "unknown-manager");
    lead(bottom, top).then().statusCode(200).body("manager", equalTo(top));
  }

  @Test
  void whoseManagerLeftWaitsForAnother() {
    String manager = join(null);
    String person = led(manager);
    assertNull(taskOf(person));

    leave(manager).then().statusCode(200);
    assertEquals("person.reassign", taskOf(person));
    problem(lead(join(null), manager), 422, "unknown-manager");

    lead(person, join(null)).then().statusCode(200);
    assertNull(taskOf(person));
  }

  @Test
  void peopleAreFoundByWhatIsKnownOfThem() {
    String mark = UUID.randomUUID().toString().substring(0, 8);
    String site = UUID.randomUUID().toString();
    String manager = join(null);
    Map<String, Object> one = profile(null);
    one.put("familyName", "O%Hara " + mark);
    one.put("site", site);
    one.put("manager", manager);
    String first = register(one).path("id");
    Map<String, Object> other = profile(null);
    other.put("familyName", "Hopper " + mark);
    other.put("kind", "CONTRACTOR");
    other.put("host", manager);
    other.put("endsOn", today().plusDays(5).toString());
    other.put("site", site);
    String second = register(other).path("id");

    find("site=" + site).then().body("items.id", contains(first, second));
    find("manager=" + manager).then().body("items.id", contains(first));
    find("host=" + manager).then().body("items.id", contains(second));
    find("site=" + site + "&kind=EMPLOYEE").then().body("items.id", contains(first));
    find("name=ada hopper " + mark.toUpperCase()).then().body("items.id", contains(second));
    find("name=" + mark + "&limit=1").then().body("items.id", contains(first));
    find("name=" + mark + "&limit=1&after=" + first).then().body("items.id", contains(second));
    Rest.as(TOKEN)
        .queryParam("name", "O%H")
        .queryParam("site", site)
        .get("/v1/people")
        .then()
        .body("items.id", contains(first));
  }

  @Test
  void anEmployeeNumberIsOnePersons() {
    Map<String, Object> one = profile(null);
    one.put("employeeNumber", "E-" + UUID.randomUUID().toString().substring(0, 8));
    register(one).then().statusCode(201);
    one.put("email", UUID.randomUUID() + "@example.org");

    problem(register(one), 409, "already-exists");
    one.put("employeeNumber", " 7");
    problem(register(one), 400, "validation").body("errors.field", contains("employeeNumber"));
  }

  @Test
  void whatIsPublishedOfARecordHasNeitherNumberNorName() {
    Map<String, Object> one = profile(null);
    one.put("employeeNumber", "E-" + UUID.randomUUID().toString().substring(0, 8));
    one.put("manager", join(null));
    String id = register(one).path("id");
    try (Topic topic = Topic.named("vigie.access.events")) {
      String joined = new String(topic.await(1, about(id)).get(0).value());
      assertFalse(joined.contains("E-") || joined.contains("Ada"), joined);
      assertEquals(true, joined.contains("\"manager\":\"" + one.get("manager") + "\""), joined);
    }
  }

  private static Response register(Map<String, Object> details) {
    return Rest.as(TOKEN).body(details).post("/v1/people");
  }

  private static Response person(String id) {
    return Rest.as(TOKEN).get("/v1/people/" + id);
  }

  private static String led(String manager) {
    Map<String, Object> details = profile(null);
    details.put("manager", manager);
    return register(details).then().statusCode(201).extract().path("id");
  }

  private static Response lead(String person, String manager) {
    Map<String, Object> details = new HashMap<>(profile(null));
    details.put("manager", manager);
    return Api.change(TOKEN, "PUT", "/v1/people/" + person, "", details);
  }

  private static Response depart(String person, LocalDate lastDay) {
    return Api.change(
        TOKEN,
        "POST",
        "/v1/people/" + person,
        "/departure",
        Map.of("reason", "a new job", "lastDay", lastDay.toString()));
  }

  private Response move(String person, int days, Map<String, String> to) {
    Map<String, String> move = new HashMap<>(to);
    move.put("movesOn", today().plusDays(days).toString());
    return Api.change(TOKEN, "POST", "/v1/people/" + person, "/move", move);
  }

  private static Response withdrawMove(String person) {
    return Api.change(TOKEN, "POST", "/v1/people/" + person, "/move/withdrawal", Map.of());
  }

  /** The kind of the task about somebody, or null; all are read. */
  private static String taskOf(String person) {
    return Api.taskOf("person/" + person);
  }

  private static Response find(String query) {
    return Rest.as(TOKEN).get("/v1/people?" + query);
  }
}
