package io.vigie.access.duty;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.duty.Rules.CISO_TOKEN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Whatever is granted, revoked, excepted and ruled in whatever order, and however time passes: the
 * conflicts that the service found bit by bit are those that a look at all rights and all rules
 * finds at once.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DutyModelTest {

  private static final int STEPS = 30;

  /** Something to have, and on what. */
  private record Thing(String id, UUID asset) {}

  private record Rule(String id, boolean isOnAsset, boolean isEnforced, List<Set<String>> sides) {}

  private record Conflict(String rule, String person, String matter) {}

  @Inject MovableClock clock;

  private final List<Thing> things = new ArrayList<>();
  private final List<String> people = new ArrayList<>();
  private final Map<String, Rule> rules = new HashMap<>();

  /** Until when somebody has something, by person and thing, and the right. */
  private final Map<List<String>, Instant> rights = new HashMap<>();

  private final Map<List<String>, String> rightIds = new HashMap<>();

  /** Until when a conflict that is there is excepted. */
  private final Map<Conflict, Instant> exceptions = new HashMap<>();

  private final List<String> done = new ArrayList<>();
  private SplittableRandom random;

  @AfterEach
  void timeIsNowAgain() {
    rules.keySet().forEach(Rules::retire);
    clock.backToNow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void theConflictsFoundAreThoseOfALookAtEverything(long seed) {
    random = new SplittableRandom(seed);
    UUID[] assets = {UUID.randomUUID(), UUID.randomUUID()};
    for (int i = 0; i < 6; i++) {
      things.add(new Thing(Api.entitlement(assets[i % 2], "e" + i), assets[i % 2]));
    }
    for (int i = 0; i < 3; i++) {
      people.add(Api.join(null));
    }
    for (int step = 0; step < STEPS; step++) {
      step();
      await().untilAsserted(this::assertAsALookAtEverythingSays);
    }
  }

  private void step() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> grant();
      case 4 -> revoke();
      case 5, 6 -> rule();
      case 7 -> change();
      case 8 -> retire();
      case 9, 10 -> except();
      default -> pass();
    }
  }

  private Set<Conflict> conflicts() {
    Set<Conflict> conflicts = new HashSet<>();
    for (Rule rule : rules.values()) {
      for (String person : people) {
        if (!rule.isOnAsset()) {
          if (isInConflict(rule, things, person)) {
            conflicts.add(new Conflict(rule.id(), person, null));
          }
          continue;
        }
        for (Thing thing : things) {
          List<Thing> same =
              things.stream().filter(each -> each.asset().equals(thing.asset())).toList();
          if (isInConflict(rule, same, person)) {
            conflicts.add(new Conflict(rule.id(), person, "asset/" + thing.asset()));
          }
        }
      }
    }
    return conflicts;
  }

  private boolean isInConflict(Rule rule, List<Thing> among, String person) {
    return rule.sides().stream()
        .allMatch(
            side ->
                among.stream()
                    .anyMatch(thing -> side.contains(thing.id()) && has(person, thing.id())));
  }

  private boolean has(String person, String thing) {
    Instant until = rights.get(List.of(person, thing));
    return until != null && until.isAfter(clock.instant());
  }

  private void assertAsALookAtEverythingSays() {
    Set<String> expected = new TreeSet<>();
    for (Conflict conflict : conflicts()) {
      expected.add(conflict + " " + (isExcepted(conflict) ? "EXCEPTED" : "FOUND"));
    }
    Set<String> actual = new TreeSet<>();
    for (String person : people) {
      List<Map<String, Object>> live =
          Rest.as(CISO_TOKEN)
              .get("/v1/duty-conflicts?limit=200&live=true&person=" + person)
              .path("items");
      for (Map<String, Object> each : live) {
        actual.add(
            new Conflict((String) each.get("rule"), person, (String) each.get("matter"))
                + " "
                + each.get("state"));
      }
    }
    assertEquals(expected, actual, () -> String.join("\n", done));
    // An exception is gone with its conflict; the next one is found anew.
    exceptions.keySet().retainAll(conflicts());
  }

  private boolean isExcepted(Conflict conflict) {
    Instant until = exceptions.get(conflict);
    return until != null && until.isAfter(clock.instant());
  }

  private void grant() {
    String person = people.get(random.nextInt(people.size()));
    Thing thing = things.get(random.nextInt(things.size()));
    if (has(person, thing.id())) {
      return;
    }
    Set<Conflict> before = conflicts();
    Instant until = clock.instant().plus(Duration.ofDays(1 + random.nextInt(20)).plusMinutes(7));
    rights.put(List.of(person, thing.id()), until);
    boolean isRefused =
        conflicts().stream()
            .filter(conflict -> concerns(conflict, person, thing))
            .anyMatch(conflict -> rules.get(conflict.rule()).isEnforced() && !isExcepted(conflict));
    Response answer =
        Api.request(
            TOKEN,
            Map.of(
                "person",
                person,
                "entitlement",
                thing.id(),
                "reason",
                "x",
                "validUntil",
                until.toString()));
    answer.then().statusCode(isRefused ? 422 : 201);
    if (isRefused) {
      rights.remove(List.of(person, thing.id()));
      assertEquals(before, conflicts());
    } else {
      String right = answer.path("id");
      Api.approve(right).then().statusCode(200);
      rightIds.put(List.of(person, thing.id()), right);
      done.add("%s gets %s until %s".formatted(person, thing, until));
    }
  }

  /** Whether what somebody would have is one of the sides, where it counts. */
  private boolean concerns(Conflict conflict, String person, Thing thing) {
    return conflict.person().equals(person)
        && (conflict.matter() == null || conflict.matter().equals("asset/" + thing.asset()))
        && rules.get(conflict.rule()).sides().stream().anyMatch(side -> side.contains(thing.id()));
  }

  private void revoke() {
    List<List<String>> live =
        rights.keySet().stream().filter(key -> has(key.get(0), key.get(1))).toList();
    if (!live.isEmpty()) {
      List<String> key = live.get(random.nextInt(live.size()));
      Api.act(TOKEN, rightIds.get(key), "revocation", Map.of("reason", "x")).then().statusCode(200);
      rights.remove(key);
      done.add("gone: " + key);
    }
  }

  private Map<String, Object> content(
      boolean isOnAsset, boolean isEnforced, List<Set<String>> sides) {
    return Rules.content(
        isOnAsset ? "SAME_ASSET" : "ANYWHERE",
        isEnforced ? "ENFORCE" : "RECORD",
        Rules.side(sides.get(0).toArray(String[]::new)),
        Rules.side(sides.get(1).toArray(String[]::new)));
  }

  private List<Set<String>> someSides() {
    List<Set<String>> sides = List.of(new TreeSet<>(), new TreeSet<>());
    while (sides.get(0).isEmpty() || sides.get(1).isEmpty()) {
      sides.forEach(Set::clear);
      things.forEach(
          thing -> {
            int side = random.nextInt(4);
            if (side < 2) {
              sides.get(side).add(thing.id());
            }
          });
    }
    return sides;
  }

  private void rule() {
    if (rules.size() < 3) {
      boolean isOnAsset = random.nextBoolean();
      boolean isEnforced = random.nextBoolean();
      List<Set<String>> sides = someSides();
      String id = Rules.make(content(isOnAsset, isEnforced, sides));
      rules.put(id, new Rule(id, isOnAsset, isEnforced, sides));
      done.add("rule " + rules.get(id));
    }
  }

  private void change() {
    if (!rules.isEmpty()) {
      Rule rule = new ArrayList<>(rules.values()).get(random.nextInt(rules.size()));
      boolean isOnAsset = random.nextBoolean();
      List<Set<String>> sides = someSides();
      Api.change(
              CISO_TOKEN,
              "PUT",
              "/v1/duty-rules/" + rule.id(),
              "",
              Map.of("rule", content(isOnAsset, rule.isEnforced(), sides), "reason", "x"))
          .then()
          .statusCode(200);
      rules.put(rule.id(), new Rule(rule.id(), isOnAsset, rule.isEnforced(), sides));
      done.add("rule is " + rules.get(rule.id()));
    }
  }

  private void retire() {
    if (rules.size() == 3) {
      String rule = rules.keySet().iterator().next();
      Rules.retire(rule).then().statusCode(200);
      rules.remove(rule);
      done.add("no rule " + rule);
    }
  }

  private void except() {
    List<Conflict> found = conflicts().stream().filter(each -> !isExcepted(each)).toList();
    if (!found.isEmpty()) {
      Conflict conflict = found.get(random.nextInt(found.size()));
      List<Map<String, Object>> items =
          Rest.as(CISO_TOKEN)
              .get(
                  "/v1/duty-conflicts?limit=200&live=true&person=%s&rule=%s"
                      .formatted(conflict.person(), conflict.rule()))
              .path("items");
      String id =
          items.stream()
              .filter(each -> java.util.Objects.equals(each.get("matter"), conflict.matter()))
              .map(each -> (String) each.get("id"))
              .findFirst()
              .orElseThrow();
      int days = 1 + random.nextInt(10);
      Rules.decide(CISO_TOKEN, id, "exception", Rules.exception(clock, days))
          .then()
          .statusCode(200);
      exceptions.put(conflict, clock.instant().plus(Duration.ofDays(days)));
      done.add("excepted: %s for %d days".formatted(conflict, days));
    }
  }

  private void pass() {
    clock.move(Duration.ofDays(random.nextInt(4)).plusMinutes(311));
    done.add("it is " + clock.instant());
    await()
        .untilAsserted(
            () ->
                rightIds.forEach(
                    (key, right) -> {
                      if (rights.containsKey(key) && !has(key.get(0), key.get(1))) {
                        assertEquals("EXPIRED", Api.stateOf(right));
                      }
                    }));
  }
}
