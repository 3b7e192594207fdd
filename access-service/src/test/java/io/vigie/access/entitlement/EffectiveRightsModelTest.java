package io.vigie.access.entitlement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.access.entitlement.RightsModel.Assignment;
import io.vigie.access.entitlement.RightsModel.Worker;
import io.vigie.kernel.security.Roles;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.access.Api.TOKEN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Whatever happens to people, profiles and rights in whatever order: what people may do is what a
 * model says that is too simple to be wrong, no leaver has a right, and no right outlives its time.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class EffectiveRightsModelTest {

  private static final int STEPS = 40;

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final RightsModel model = new RightsModel();
  private final String mark = UUID.randomUUID().toString().substring(0, 8);
  private final List<String> people = new ArrayList<>();
  private final List<String> entitlements = new ArrayList<>();
  private final Map<String, String> profiles = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private SplittableRandom random;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatPeopleMayDoIsWhatTheModelSays(long seed) throws SQLException {
    random = new SplittableRandom(seed);
    for (int i = 0; i < 5; i++) {
      String sensitivity = i == 4 ? "PRIVILEGED" : "NORMAL";
      entitlements.add(Api.entitlement(UUID.randomUUID(), "e" + i, sensitivity));
    }
    model.privileged.add(entitlements.get(4));
    for (int i = 0; i < 3; i++) {
      String name = "p%d %s".formatted(i, mark);
      Set<String> bundle = someEntitlements();
      profiles.put(name, Api.bundle(name, bundle.toArray(String[]::new)));
      model.bundles.put(name, bundle);
    }
    join();
    for (int step = 0; step < STEPS; step++) {
      step();
      model.tick(clock.instant());
      await().untilAsserted(this::assertAsTheModelSays);
    }
    await().untilAsserted(() -> assertEquals(0, rightsThatMustNotBe()));
  }

  private void step() {
    switch (random.nextInt(14)) {
      case 0 -> join();
      case 1, 2, 3 -> assign();
      case 4 -> end();
      case 5 -> move();
      case 6 -> change();
      case 7, 8 -> request();
      case 9 -> revoke();
      case 10 -> depart();
      case 11 -> retire();
      default -> pass();
    }
  }

  private void assertAsTheModelSays() throws SQLException {
    assertEquals(0, count("select count(*) from rights_due where since <= ?"));
    for (String person : people) {
      Worker worker = model.people.get(person);
      String state = worker.hasLeft ? "LEFT" : worker.hasStarted ? "ACTIVE" : "ANNOUNCED";
      assertEquals(state, Rest.as(TOKEN).get("/v1/people/" + person).path("state"));
      List<String> effective =
          Rest.as(TOKEN)
              .get("/v1/people/" + person + "/effective-rights?limit=200")
              .path("items.entitlement");
      assertEquals(
          model.effective(person), new TreeSet<>(effective), () -> String.join("\n", done));
    }
  }

  private int rightsThatMustNotBe() throws SQLException {
    return count(
        """
        select count(*) from access_right r join person p on p.id = r.person_id
        join entitlement e on e.id = r.entitlement_id
        where r.state in ('REQUESTED', 'APPROVED')
          and (p.state = 'LEFT' or e.state = 'RETIRED'
            or r.state = 'APPROVED' and (r.valid_until <= ? or p.state = 'ANNOUNCED'))""");
  }

  private int count(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setObject(1, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Whole days and some, so that no two times that matter ever are the same. */
  private Instant ahead() {
    return clock.instant().plus(Duration.ofDays(1 + random.nextInt(12)).plusMinutes(127));
  }

  private void pass() {
    clock.move(Duration.ofDays(random.nextInt(5)).plusMinutes(311));
    done.add("it is " + clock.instant());
  }

  private void join() {
    if (people.size() == 5) {
      return;
    }
    Map<String, Object> details = Api.profile(null);
    LocalDate joinedOn = today().plusDays(random.nextInt(3) == 0 ? random.nextInt(4) : 0);
    String named = random.nextBoolean() ? aProfile() : "other " + mark;
    details.put("joinedOn", joinedOn.toString());
    details.put("businessProfile", named);
    String id =
        Rest.as(TOKEN).body(details).post("/v1/people").then().statusCode(201).extract().path("id");
    people.add(id);
    done.add("%s joins on %s as %s".formatted(id, joinedOn, named));
    model.join(id, joinedOn, named, clock.instant());
  }

  private void move() {
    String id = aPerson();
    Worker person = model.people.get(id);
    String named = aProfile();
    Map<String, Object> details = Api.profile(null);
    details.put("joinedOn", person.joinedOn.toString());
    details.put("businessProfile", named);
    Response answer = Api.change(TOKEN, "PUT", "/v1/people/" + id, "", details);
    answer.then().statusCode(person.hasLeft ? 409 : 200);
    if (!person.hasLeft) {
      done.add("the record of %s names %s".formatted(id, named));
      model.name(person, named, clock.instant());
    }
  }

  private void assign() {
    String id = aPerson();
    Worker person = model.people.get(id);
    String profile = aProfile();
    Instant from = random.nextBoolean() ? null : ahead();
    Instant until = random.nextBoolean() ? null : ahead().plus(Duration.ofDays(12));
    Map<String, Object> body = new HashMap<>();
    body.put("person", id);
    body.put("profile", profiles.get(profile));
    body.put("validFrom", from == null ? null : from.toString());
    body.put("validUntil", until == null ? null : until.toString());
    Response answer = Rest.as(TOKEN).body(body).post("/v1/profile-assignments");
    Instant begins = from == null ? clock.instant() : from;
    boolean isHeld = model.isHeld(person, profile, begins, until);
    answer.then().statusCode(person.hasLeft ? 422 : isHeld ? 409 : 201);
    if (answer.statusCode() == 201) {
      done.add("%s gets %s from %s until %s".formatted(id, profile, from, until));
      person.assignments.add(new Assignment(answer.path("id"), profile, begins, until));
    }
  }

  private void end() {
    List<Assignment> live =
        model.people.get(aPerson()).assignments.stream()
            .filter(each -> each.id != null && !each.isEnded)
            .toList();
    if (!live.isEmpty()) {
      Assignment assignment = live.get(random.nextInt(live.size()));
      Api.change(
              TOKEN,
              "POST",
              "/v1/profile-assignments/" + assignment.id,
              "/end",
              Map.of("reason", "moved"))
          .then()
          .statusCode(200);
      done.add("%s ends: %s".formatted(assignment.id, assignment.profile));
      assignment.isEnded = true;
    }
  }

  private void change() {
    String profile = aProfile();
    Set<String> bundle = someEntitlements();
    bundle.removeAll(model.retired);
    Api.change(
            TOKEN,
            "PUT",
            "/v1/business-profiles/" + profiles.get(profile),
            "",
            Map.of("name", profile, "entitlements", bundle))
        .then()
        .statusCode(200);
    Api.approveBundle(profiles.get(profile));
    done.add("%s gives %s".formatted(profile, bundle));
    model.bundles.put(profile, bundle);
  }

  private void request() {
    String id = aPerson();
    Worker person = model.people.get(id);
    String entitlement = entitlements.get(random.nextInt(entitlements.size()));
    if (person.hasLeft || !person.hasStarted || model.retired.contains(entitlement)) {
      return;
    }
    Instant until = ahead();
    Map<String, Object> body =
        Map.of(
            "person",
            id,
            "entitlement",
            entitlement,
            "reason",
            "x",
            "validUntil",
            until.toString());
    Response answer = Api.request(TOKEN, body);
    answer.then().statusCode(person.requests.containsKey(entitlement) ? 409 : 201);
    if (answer.statusCode() == 201) {
      Api.approve(answer.path("id")).then().statusCode(200);
      if (model.privileged.contains(entitlement)) {
        Api.act(Tokens.of(Roles.CISO), answer.path("id"), "approval", Map.of())
            .then()
            .statusCode(200);
      }
      done.add("%s gets %s until %s".formatted(id, entitlement, until));
      person.requests.put(entitlement, until);
    }
  }

  private void revoke() {
    String id = aPerson();
    List<Map<String, Object>> live =
        Rest.as(TOKEN)
            .get("/v1/rights?limit=200&state=APPROVED&person=" + id)
            .path(
                "items.findAll { it.validUntil == null || it.validUntil > '%s' }"
                    .formatted(clock.instant()));
    if (live.isEmpty()) {
      return;
    }
    Map<String, Object> right = live.get(random.nextInt(live.size()));
    String entitlement = (String) right.get("entitlementId");
    Api.act(TOKEN, (String) right.get("id"), "revocation", Map.of("reason", "x"))
        .then()
        .statusCode(200);
    done.add("%s loses %s".formatted(id, right));
    Worker person = model.people.get(id);
    if (right.get("ground").equals("REQUEST")) {
      person.requests.remove(entitlement);
    } else {
      profiles.forEach(
          (name, profile) -> {
            if (profile.equals(right.get("profile"))) {
              model.revoke(person, name, entitlement);
            }
          });
    }
  }

  private void depart() {
    String id = aPerson();
    Worker person = model.people.get(id);
    if (person.hasLeft) {
      return;
    }
    String path = "/v1/people/" + id;
    if (person.lastDay != null) {
      Api.change(TOKEN, "POST", path, "/departure/withdrawal", Map.of()).then().statusCode(200);
      done.add(id + " stays");
      person.lastDay = null;
    } else if (random.nextInt(4) == 0) {
      Api.leave(id).then().statusCode(200);
      done.add(id + " leaves");
      person.hasLeft = true;
    } else {
      LocalDate first = person.joinedOn.isAfter(today()) ? person.joinedOn : today();
      person.lastDay = first.plusDays(random.nextInt(9));
      Api.change(TOKEN, "POST", path, "/departure", Map.of("lastDay", person.lastDay.toString()))
          .then()
          .statusCode(200);
      done.add("%s leaves after %s".formatted(id, person.lastDay));
    }
  }

  private void retire() {
    String entitlement = entitlements.get(random.nextInt(entitlements.size()));
    if (model.retired.size() < 2 && model.retired.add(entitlement)) {
      Api.change(
              TOKEN,
              "POST",
              "/v1/entitlements/" + entitlement,
              "/retirement",
              Map.of("reason", "x"))
          .then()
          .statusCode(200);
      done.add(entitlement + " is retired");
    }
  }

  private Set<String> someEntitlements() {
    Set<String> some = new HashSet<>();
    entitlements.forEach(
        each -> {
          if (random.nextBoolean()) {
            some.add(each);
          }
        });
    return some;
  }

  private String aPerson() {
    return people.get(random.nextInt(people.size()));
  }

  private String aProfile() {
    return "p%d %s".formatted(random.nextInt(3), mark);
  }
}
