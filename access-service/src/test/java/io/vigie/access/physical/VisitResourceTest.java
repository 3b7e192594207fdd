package io.vigie.access.physical;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.physical.Premises.badge;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.tasks;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class VisitResourceTest {

  @Inject VisitClock visitClock;
  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Map<String, Object> body(String host, String zone, Instant until) {
    Map<String, Object> plan = new HashMap<>();
    plan.put("visitorKind", "VISITOR");
    plan.put("visitor", "Grace Hopper");
    plan.put("company", "Compilers Ltd");
    plan.put("host", host);
    plan.put("zones", List.of(zone));
    plan.put("purpose", "meeting");
    plan.put("plannedFrom", Instant.now().toString());
    plan.put("plannedUntil", until.toString());
    return plan;
  }

  /** A visit of two hours from now on; returns its id. */
  static String plan(String token, String host, String zone) {
    Instant until = Instant.now().plus(Duration.ofHours(2));
    return Premises.created(Rest.as(token).body(body(host, zone, until)).post("/v1/visits"));
  }

  private void look() throws Throwable {
    VertxContextSupport.subscribeAndAwait(visitClock::look);
  }

  @Test
  void aVisitIsPlannedByItsHostApprovedByAnotherAndToldWithoutTheVisitorsName() {
    // Given
    UUID account = UUID.randomUUID();
    String host = join(account);
    String visit = plan(Tokens.of(account), host, zone());
    String path = "/v1/visits/" + visit;
    problem(step(Tokens.of(account), path, "approval", Map.of()), 422, "self-approval");
    problem(step(Tokens.of(STAFF), path, "approval", Map.of()), 403, "forbidden");
    problem(step(TOKEN, path, "arrival", Map.of()), 409, "visit-planned");
    tasks(TOKEN).then().body("items.findAll { it.kind == 'visit.approve' }.id", hasItem(visit));
    tasks(Tokens.of(account)).then().body("items.id", not(hasItem(visit)));

    // When
    step(TOKEN, path, "approval", Map.of()).then().statusCode(200);
    step(Tokens.of(account), path, "arrival", Map.of("badge", unique("V")))
        .then()
        .statusCode(200)
        .body("state", equalTo("PRESENT"))
        .body("visitor", equalTo("Grace Hopper"));
    step(Tokens.of(account), path, "departure", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("LEFT"));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      var records = topic.await(4, about(visit));
      assertEquals(
          List.of("visit.planned.v1", "visit.approved.v1", "visit.arrived.v1", "visit.left.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      records.forEach(
          record -> assertFalse(new String(record.value()).matches(".*(Hopper|Compilers).*")));
    }
  }

  @Test
  void aVisitThatAnAccessManagerPlansIsForItsHostToApprove() {
    UUID account = UUID.randomUUID();
    String visit = plan(TOKEN, join(account), zone());
    String path = "/v1/visits/" + visit;

    problem(step(TOKEN, path, "approval", Map.of()), 422, "self-approval");
    tasks(TOKEN).then().body("items.id", not(hasItem(visit)));
    tasks(Tokens.of(account))
        .then()
        .body("items.findAll { it.kind == 'visit.approve' }.id", hasItem(visit));
    Rest.as(Tokens.of(account)).get("/v1/visits").then().body("items.id", contains(visit));
    problem(Rest.as(Tokens.of(STAFF)).get(path), 403, "forbidden");
    step(Tokens.of(account), path, "refusal", Map.of("reason", "busy"))
        .then()
        .statusCode(200)
        .body("reason", equalTo("busy"));
    problem(step(TOKEN, path, "cancellation", Map.of("reason", "again")), 409, "visit-refused");
  }

  @Test
  void somebodyWhoIsStillThereAfterThePlanIsToldOnceAndWaitsForTheHost() throws Throwable {
    // Given
    UUID account = UUID.randomUUID();
    String visit = plan(TOKEN, join(account), zone());
    String path = "/v1/visits/" + visit;
    step(Tokens.of(account), path, "approval", Map.of()).then().statusCode(200);
    step(TOKEN, path, "arrival", Map.of()).then().statusCode(200);

    // When
    clock.move(Duration.ofHours(2));
    look();
    look();

    // Then
    await()
        .untilAsserted( // the service's own look may have it in hand
            () ->
                tasks(Tokens.of(account))
                    .then()
                    .body("items.findAll { it.kind == 'visit.end' }.id", hasItem(visit)));
    Rest.as(TOKEN)
        .get("/v1/visits?overstayed=true&limit=200")
        .then()
        .body("items.id", hasItem(visit));
    step(Tokens.of(account), path, "departure", Map.of()).then().statusCode(200);
    tasks(Tokens.of(account)).then().body("items.id", not(hasItem(visit)));
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<String> types =
          topic.await(5, about(visit)).stream().map(record -> header(record, "ce_type")).toList();
      assertEquals(
          List.of(
              "visit.planned.v1",
              "visit.approved.v1",
              "visit.arrived.v1",
              "visit.overstayed.v1",
              "visit.left.v1"),
          types);
    }
  }

  @Test
  void aVisitToWhichNobodyCameExpires() throws Throwable {
    String visit = plan(TOKEN, join(null), zone());

    clock.move(Duration.ofHours(2));
    look();

    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN).get("/v1/visits/" + visit).then().body("state", equalTo("EXPIRED")));
    problem(
        step(Tokens.of(ACCESS_MANAGER), "/v1/visits/" + visit, "approval", Map.of()),
        409,
        "visit-expired");
  }

  @Test
  void visitorsWearNoPersonsBadgeAndNoTwoTheSame() {
    String zone = zone();
    String number = unique("B");
    badge(number, join(null));
    UUID account = UUID.randomUUID();
    String host = join(account);
    String first = "/v1/visits/" + plan(TOKEN, host, zone);
    String second = "/v1/visits/" + plan(TOKEN, host, zone);
    for (String visit : List.of(first, second)) {
      step(Tokens.of(account), visit, "approval", Map.of()).then().statusCode(200);
    }
    String worn = unique("v");

    problem(step(TOKEN, first, "arrival", Map.of("badge", number)), 422, "badge-of-a-person");
    step(TOKEN, first, "arrival", Map.of("badge", worn)).then().statusCode(200);
    problem(
        step(TOKEN, second, "arrival", Map.of("badge", worn.toUpperCase())), 409, "already-exists");
    step(TOKEN, first, "departure", Map.of()).then().statusCode(200);
    step(TOKEN, second, "arrival", Map.of("badge", worn)).then().statusCode(200);
  }

  @Test
  void aPlanKeepsToWhatTheZonesAreFor() {
    Map<String, Object> definition = Premises.definition(List.of("maintenance"), List.of());
    String zone = Premises.created(Rest.as(TOKEN).body(definition).post("/v1/physical-zones"));
    String host = join(null);
    Map<String, Object> plan = body(host, zone, Instant.now().plusSeconds(3_600));

    problem(Rest.as(TOKEN).body(plan).post("/v1/visits"), 422, "purpose-not-allowed");
    plan.put("purpose", "maintenance");
    Premises.created(Rest.as(TOKEN).body(plan).post("/v1/visits"));
    problem(Rest.as(Tokens.of(STAFF)).body(plan).post("/v1/visits"), 403, "forbidden");
    plan.put("zones", List.of(UUID.randomUUID()));
    problem(Rest.as(TOKEN).body(plan).post("/v1/visits"), 422, "unknown-zone");
    Api.leave(host).then().statusCode(200);
    problem(Rest.as(TOKEN).body(plan).post("/v1/visits"), 422, "person-left");
  }
}
