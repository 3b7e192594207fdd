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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.access.entitlement.RightsModel.Asked;
import io.vigie.access.entitlement.RightsModel.Assignment;
import io.vigie.access.entitlement.RightsModel.Given;
import io.vigie.access.entitlement.RightsModel.Held;
import io.vigie.access.entitlement.RightsModel.Round;
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
 * Whatever happens to people, profiles, rights and reviews of these in whatever order: what people
 * may do is what a model says that is too simple to be wrong, nobody decides about their own, no
 * leaver has a right, and no right outlives its time, or its review.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class EffectiveRightsModelTest {

  private static final int STEPS = 60;

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final RightsModel model = new RightsModel();
  private final String mark = UUID.randomUUID().toString().substring(0, 8);
  private final List<String> people = new ArrayList<>();
  private final List<String> entitlements = new ArrayList<>();
  private final Map<String, String> profiles = new HashMap<>();
  private final Map<String, UUID> subjects = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private SplittableRandom random;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
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
    for (String never : List.of(LEFT_OVER, SELF_APPROVED, SELF_REVIEWED, UNDONE, SILENT)) {
      await().untilAsserted(() -> assertEquals(0, count(never), () -> String.join("\n", done)));
    }
  }

  private void step() {
    switch (random.nextInt(24)) {
      case 0 -> join();
      case 1, 2, 3 -> assign();
      case 4 -> end();
      case 5 -> move();
      case 6 -> change();
      case 7, 8 -> request();
      case 9 -> revoke();
      case 10 -> depart();
      case 11 -> retire();
      case 12, 13 -> open();
      case 14, 15, 16, 17, 18 -> answer();
      case 19 -> close();
      default -> pass();
    }
  }

  private void assertAsTheModelSays() throws SQLException {
    assertEquals(0, count(WAITING));
    assertEquals(0, count(LEFT_OVER));
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
    for (Round round : model.rounds) {
      Map<String, String> expected = new TreeMap<>();
      round.items.forEach((right, item) -> expected.put(right, item.toString()));
      Map<String, String> actual = new TreeMap<>();
      items(round.id)
          .forEach(
              item ->
                  actual.put(
                      (String) item.get("right"),
                      item.get("state") + inLife((String) item.get("rightState"))));
      assertEquals(expected, actual, () -> round.id + "\n" + String.join("\n", done));
    }
  }

  private static String inLife(String state) {
    return RightState.HELD.contains(RightState.valueOf(state)) ? " " + state : "";
  }

  private static List<Map<String, Object>> items(String campaign) {
    return Rest.as(TOKEN)
        .get("/v1/campaigns/" + campaign + "/items?limit=200&reviewer=all")
        .then()
        .statusCode(200)
        .extract()
        .path("items");
  }

  /** What every question is about: the people of this run, and the time there. */
  private static final String OF_RUN =
      """
      with run as (select cast(? as timestamptz) as now, cast(? as uuid[]) as people)
      """;

  private static final String WAITING =
      """
      select count(*) from run join rights_due d on d.person_id = any(run.people)
      where d.since <= run.now""";

  private static final String LEFT_OVER =
      """
      select count(*) from run join access_right r on r.person_id = any(run.people)
      join person p on p.id = r.person_id
      join entitlement e on e.id = r.entitlement_id
      where r.state in ('REQUESTED', 'APPROVED', 'SUSPENDED')
        and (p.state = 'LEFT' or e.state = 'RETIRED'
          or r.state <> 'REQUESTED' and (r.valid_until <= run.now or p.state = 'ANNOUNCED'))""";

  private static final String SELF_APPROVED =
      """
      select count(*) from run join access_right r on r.person_id = any(run.people)
      join person p on p.id = r.person_id
      where r.ground = 'REQUEST' and r.decided_by in (r.requested_by, p.subject)""";

  private static final String SELF_REVIEWED =
      """
      select count(*) from run join review v on v.person_id = any(run.people)
      join review_answer a on a.review_id = v.id
      join person p on p.id = v.person_id
      where a.answered_by = p.subject""";

  /** A closed campaign revoked it, and it lives. */
  private static final String UNDONE =
      """
      select count(*) from run join review v on v.person_id = any(run.people)
      join campaign c on c.id = v.campaign_id
      join access_right r on r.id = v.right_id
      where c.state = 'CLOSED' and v.state = 'REVOKED'
        and (r.state <> 'REVOKED' or v.confirmed_at is null)""";

  /** A closed campaign suspended it, and it can be used although nobody certified it after that. */
  private static final String SILENT =
      """
      select count(*) from run join review v on v.person_id = any(run.people)
      join campaign c on c.id = v.campaign_id
      join access_right r on r.id = v.right_id
      where c.state = 'CLOSED' and v.state = 'PENDING' and r.state = 'APPROVED'
        and not exists (select from review w where w.right_id = v.right_id and w.id > v.id
          and w.state in ('CERTIFIED', 'REDUCED'))""";

  private int count(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(OF_RUN + query)) {
      statement.setObject(1, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
      statement.setString(2, "{" + String.join(",", people) + "}");
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
    UUID subject = UUID.randomUUID();
    Map<String, Object> details = Api.profile(subject);
    LocalDate joinedOn = today().plusDays(random.nextInt(3) == 0 ? random.nextInt(4) : 0);
    String named = random.nextBoolean() ? aProfile() : "other " + mark;
    details.put("joinedOn", joinedOn.toString());
    details.put("businessProfile", named);
    String id =
        Rest.as(TOKEN).body(details).post("/v1/people").then().statusCode(201).extract().path("id");
    people.add(id);
    subjects.put(id, subject);
    done.add("%s joins on %s as %s".formatted(id, joinedOn, named));
    model.join(id, joinedOn, named, clock.instant());
  }

  private void move() {
    String id = aPerson();
    Worker person = model.people.get(id);
    String named = aProfile();
    Map<String, Object> details = Api.profile(subjects.get(id));
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
    String asking = random.nextBoolean() ? TOKEN : asManager(id);
    Response answer = Api.request(asking, body);
    answer.then().statusCode(person.requests.containsKey(entitlement) ? 409 : 201);
    if (answer.statusCode() == 201) {
      String right = answer.path("id");
      Api.act(asking, right, "approval", Map.of()).then().statusCode(422);
      Api.act(asManager(id), right, "approval", Map.of()).then().statusCode(422);
      Api.approve(right).then().statusCode(200);
      if (model.privileged.contains(entitlement)) {
        Api.act(Tokens.of(Roles.CISO), right, "approval", Map.of()).then().statusCode(200);
      }
      done.add("%s gets %s until %s".formatted(id, entitlement, until));
      person.requests.put(entitlement, new Held(person, entitlement, until));
    }
  }

  /** The person, who manages accesses beside what else they do. */
  private String asManager(String person) {
    return Tokens.of(subjects.get(person), Roles.ACCESS_MANAGER);
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
    Api.act(TOKEN, (String) right.get("id"), "revocation", Map.of("reason", "x"))
        .then()
        .statusCode(200);
    done.add("%s loses %s".formatted(id, right));
    model.revoke(held(id, (String) right.get("entitlementId"), (String) right.get("profile")));
  }

  /** What the model has for a right. */
  private Held held(String person, String entitlement, String profile) {
    Worker worker = model.people.get(person);
    if (profile == null) {
      return worker.requests.get(entitlement);
    }
    String name =
        profiles.keySet().stream()
            .filter(each -> profiles.get(each).equals(profile))
            .findFirst()
            .orElseThrow();
    return worker.standings.get(new Given(name, entitlement));
  }

  private void open() {
    List<Held> expected = model.toReview();
    String id =
        Rest.as(TOKEN)
            .body(
                Map.of(
                    "name",
                    "Review of " + mark,
                    "scope",
                    Map.of("entitlements", entitlements),
                    "reviewers",
                    "MANAGER",
                    "answerWithinDays",
                    1,
                    "graceDays",
                    1,
                    "everyMonths",
                    0))
            .post("/v1/campaigns")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String path = "/v1/campaigns/" + id;
    await().untilAsserted(() -> assertEquals("OPEN", Rest.as(TOKEN).get(path).path("state")));
    Round round = new Round(id, Instant.parse(Rest.as(TOKEN).get(path).path("graceUntil")));
    for (Map<String, Object> item : items(id)) {
      Held right =
          held(
              (String) item.get("person"),
              (String) item.get("entitlement"),
              (String) item.get("profile"));
      round.items.put((String) item.get("right"), new Asked(right));
    }
    model.rounds.add(round);
    done.add("%s opens with %s".formatted(id, round.items));
    assertEquals(
        new HashSet<>(expected),
        round.items.values().stream().map(item -> item.right).collect(Collectors.toSet()),
        () -> String.join("\n", done));
  }

  private void answer() {
    Round round = aRound();
    if (round == null || round.items.isEmpty()) {
      return;
    }
    String right = List.copyOf(round.items.keySet()).get(random.nextInt(round.items.size()));
    Asked item = round.items.get(right);
    Map<String, Object> shown =
        items(round.id).stream()
            .filter(each -> each.get("right").equals(right))
            .findFirst()
            .orElseThrow();
    String verdict = List.of("CERTIFY", "REDUCE", "REVOKE").get(random.nextInt(3));
    Map<String, Object> line = new HashMap<>();
    line.put("item", shown.get("id"));
    line.put("version", shown.get("version"));
    line.put("decision", verdict);
    line.put("reason", "x");
    Instant until = null;
    boolean isTaken = item.isPending();
    if (verdict.equals("REDUCE")) {
      until = clock.instant().plus(Duration.ofMinutes(1_500));
      line.put("until", until.toString());
      isTaken &= shown.get("ground").equals("REQUEST") && until.isBefore(item.right.until);
    }
    int refused = round.isOpen ? 422 : 409;
    if (!item.right.person.hasLeft) {
      decide(asManager((String) shown.get("person")), round, line, refused);
    }
    decide(TOKEN, round, line, round.isOpen && isTaken ? 200 : refused);
    if (!round.isOpen || !isTaken) {
      return;
    }
    done.add("%s: %s of %s until %s".formatted(round.id, verdict, right, until));
    switch (verdict) {
      case "CERTIFY" -> model.certify(item);
      case "REDUCE" -> model.reduce(item, until);
      default -> {
        model.revoke(item);
        Rest.as(TOKEN)
            .body(Map.of("items", List.of(shown.get("id"))))
            .post("/v1/campaigns/" + round.id + "/confirmations")
            .then()
            .statusCode(200);
      }
    }
  }

  private void decide(String token, Round round, Map<String, Object> line, int expected) {
    Rest.as(token)
        .body(Map.of("decisions", List.of(line)))
        .post("/v1/campaigns/" + round.id + "/decisions")
        .then()
        .statusCode(expected);
  }

  private void close() {
    Round round = aRound();
    if (round != null) {
      boolean mayClose = model.mayClose(round, clock.instant());
      Api.change(TOKEN, "POST", "/v1/campaigns/" + round.id, "/closure", Map.of())
          .then()
          .statusCode(mayClose ? 200 : 409);
      done.add("%s %s".formatted(round.id, mayClose ? "closes" : "does not close"));
      round.isOpen &= !mayClose;
    }
  }

  /** One of the last two, or null where there is none. */
  private Round aRound() {
    int all = model.rounds.size();
    return all == 0 ? null : model.rounds.get(all - 1 - random.nextInt(Math.min(2, all)));
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
