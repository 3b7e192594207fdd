package io.vigie.access.person;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.access.Api.TOKEN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Whatever moves and departures are planned, replaced and taken back in whatever order, and however
 * many days pass at once: people are where a model puts them that goes day by day, and nobody leads
 * themselves.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class MoveModelTest {

  private static final int STEPS = 40;
  private static final Set<String> HAPPENED = new HashSet<>();

  @Inject MovableClock clock;

  private final Map<String, Worker> people = new TreeMap<>();
  private final List<String> done = new ArrayList<>();
  private SplittableRandom random;

  private static final class Worker {
    String manager;
    String site;
    String businessProfile = "developer";
    LocalDate lastDay;
    boolean hasLeft;
    Plan plan;

    boolean leavesBefore(LocalDate day) {
      return lastDay != null && lastDay.isBefore(day);
    }
  }

  /** {@code problem} is null until it was refused. */
  private record Plan(
      LocalDate day, String manager, String site, String businessProfile, String problem) {
    boolean isOpenBefore(LocalDate other) {
      return problem == null && day.isBefore(other);
    }
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @AfterAll
  static void eachEndHappened() {
    assertEquals(
        Set.of(
            "moved",
            "manager-circle on its day",
            "unknown-manager on its day",
            "200",
            "400 validation",
            "409 already-left",
            "409 manager-circle",
            "409 no-move-planned",
            "422 manager-leaves",
            "422 unknown-manager"),
        HAPPENED);
  }

  /** Each of these comes to each end, in few days: days take time. */
  @ParameterizedTest
  @ValueSource(longs = {4, 178})
  void peopleAreWhereTheModelPutsThem(long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < 7; i++) {
      people.put(Api.join(null), new Worker());
    }
    eachPlansToLeadTheOther();
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(12)) {
        case 0 -> depart();
        case 1 -> withdraw();
        case 2, 3 -> pass();
        default -> plan();
      }
    }
    pass();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), clock.getZone());
  }

  private String somebody() {
    return List.copyOf(people.keySet()).get(random.nextInt(people.size()));
  }

  /** From the same day on: both plans are possible, and one of them is not any more. */
  private void eachPlansToLeadTheOther() {
    List<String> both = List.copyOf(people.keySet()).subList(0, 2);
    LocalDate tomorrow = today().plusDays(1);
    plan(both.get(0), tomorrow, both.get(1), null, "lead");
    plan(both.get(1), tomorrow, both.get(0), null, null);
    pass();
  }

  private void plan() {
    String id = somebody();
    String manager = random.nextInt(5) == 0 ? null : somebody();
    String site = random.nextInt(3) == 0 ? UUID.randomUUID().toString() : null;
    String profile = done.size() % 3 == 0 ? "role " + done.size() : null;
    plan(id, today().plusDays(random.nextInt(1, 5)), manager, site, profile);
  }

  private void plan(String id, LocalDate day, String manager, String site, String profile) {
    Worker worker = people.get(id);
    Map<String, String> body = new HashMap<>();
    body.put("movesOn", day.toString());
    body.put("manager", manager);
    body.put("site", site);
    body.put("businessProfile", profile);
    String expected =
        worker.hasLeft
            ? "409 already-left"
            : worker.leavesBefore(day) || manager == null && site == null && profile == null
                ? "400 validation"
                : Objects.requireNonNullElse(problemOf(id, manager, day), "200");
    assertAnswer(expected, post(id, "/move", body), "move " + id + " " + body);
    if (expected.equals("200")) {
      worker.plan = new Plan(day, manager, site, profile, null);
    }
  }

  /** What hinders somebody from leading somebody else from a day on, or null. */
  private String problemOf(String id, String manager, LocalDate day) {
    if (manager == null) {
      return null;
    }
    if (people.get(manager).hasLeft) {
      return "422 unknown-manager";
    }
    if (people.get(manager).leavesBefore(day)) {
      return "422 manager-leaves";
    }
    Set<String> above = new HashSet<>();
    for (String next = manager; next != null && above.add(next); next = managerBy(day, next)) {
      if (next.equals(id)) {
        return "409 manager-circle";
      }
    }
    return null;
  }

  private String managerBy(LocalDate day, String id) {
    Worker worker = people.get(id);
    Plan plan = worker.plan;
    return plan != null && plan.manager != null && plan.isOpenBefore(day)
        ? plan.manager
        : worker.manager;
  }

  private void withdraw() {
    String id = somebody();
    Worker worker = people.get(id);
    String expected =
        worker.hasLeft ? "409 already-left" : worker.plan == null ? "409 no-move-planned" : "200";
    assertAnswer(expected, post(id, "/move/withdrawal", Map.of()), "withdraw " + id);
    worker.plan = null;
  }

  private void depart() {
    String id = somebody();
    Worker worker = people.get(id);
    LocalDate day = today().plusDays(random.nextInt(4));
    Map<String, String> body = Map.of("lastDay", day.toString());
    String expected = worker.hasLeft ? "409 already-left" : "200";
    assertAnswer(expected, post(id, "/departure", body), "depart " + id + " " + day);
    if (!worker.hasLeft) {
      worker.lastDay = day;
    }
  }

  /** Up to three days pass at once for the service, and one by one for the model. */
  private void pass() {
    LocalDate before = today();
    int days = random.nextInt(1, 4);
    done.add(days + " days pass");
    for (int i = 1; i <= days; i++) {
      begin(before.plusDays(i));
    }
    clock.move(Duration.ofDays(days));
    await().untilAsserted(() -> assertEquals(expected(), actual(), () -> String.join("\n", done)));
    people.keySet().forEach(this::assertNoCircle);
  }

  private void begin(LocalDate day) {
    for (Worker worker : people.values()) {
      if (worker.leavesBefore(day)) {
        worker.hasLeft = true;
        worker.plan = null;
      }
    }
    people.forEach(
        (id, worker) -> {
          Plan plan = worker.plan;
          if (plan == null || plan.problem != null || !plan.day.equals(day)) {
            return;
          }
          String problem = problemOf(id, plan.manager, day);
          if (problem == null) {
            worker.manager = plan.manager == null ? worker.manager : plan.manager;
            worker.site = plan.site == null ? worker.site : plan.site;
            worker.businessProfile =
                plan.businessProfile == null ? worker.businessProfile : plan.businessProfile;
            worker.plan = null;
            HAPPENED.add("moved");
          } else {
            String code = problem.substring(4);
            worker.plan = new Plan(day, plan.manager, plan.site, plan.businessProfile, code);
            HAPPENED.add(code + " on its day");
          }
        });
  }

  private void assertNoCircle(String start) {
    Set<String> above = new HashSet<>();
    for (String next = start; next != null; next = people.get(next).manager) {
      assertEquals(true, above.add(next), () -> String.join("\n", done));
    }
  }

  private TreeSet<String> expected() {
    TreeSet<String> lines = new TreeSet<>();
    people.forEach(
        (id, worker) ->
            lines.add(
                line(
                    id,
                    worker.hasLeft ? "LEFT" : "ACTIVE",
                    worker.manager,
                    worker.site,
                    worker.businessProfile,
                    worker.plan == null ? null : worker.plan.day.toString(),
                    worker.plan == null ? null : worker.plan.problem)));
    return lines;
  }

  private TreeSet<String> actual() {
    TreeSet<String> lines = new TreeSet<>();
    JsonPath all =
        Rest.as(TOKEN).get("/v1/people?ids=" + String.join(",", people.keySet())).jsonPath();
    for (int i = 0; i < people.size(); i++) {
      String at = "items[" + i + "].";
      lines.add(
          line(
              all.getString(at + "id"),
              all.getString(at + "state"),
              all.getString(at + "manager"),
              all.getString(at + "site"),
              all.getString(at + "businessProfile"),
              all.getString(at + "plannedMove?.movesOn"),
              all.getString(at + "plannedMove?.problem")));
    }
    return lines;
  }

  private static String line(String... known) {
    return String.join(" ", Arrays.asList(known));
  }

  private static Response post(String person, String step, Map<String, ?> body) {
    return Api.change(TOKEN, "POST", "/v1/people/" + person, step, body);
  }

  private void assertAnswer(String expected, Response answer, String what) {
    done.add(what + ": " + expected);
    String type = answer.statusCode() == 200 ? "" : answer.path("type");
    assertEquals(
        expected,
        (answer.statusCode() + " " + type.replace("urn:vigie:problem:", "")).strip(),
        () -> String.join("\n", done));
    HAPPENED.add(expected);
  }
}
