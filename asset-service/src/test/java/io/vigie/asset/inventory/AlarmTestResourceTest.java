package io.vigie.asset.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** R6.1: alarms are tested at their interval. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AlarmTestResourceTest {

  private static final UUID MANAGER = UUID.randomUUID();
  private static final String TOKEN = Tokens.of(MANAGER, ASSET_MANAGER);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void anAlarmInServiceIsOverdueUntilATestPassesAndAgainWhenItsIntervalIsOver() {
    // Given one that was never tested
    String alarm = inService(30);
    assertOverdue(alarm, true);

    // When
    Instant tested = clock.instant().minusSeconds(60);
    report(alarm, tested, "PASSED")
        .then()
        .statusCode(201)
        .header("Location", containsString(alarm + "/alarm-tests/"))
        .body("testedBy", equalTo(MANAGER.toString()))
        .body("outcome", equalTo("PASSED"));

    // Then
    Calls.get(TOKEN, alarm)
        .then()
        .body("testedAt", equalTo(tested.toString()))
        .body("testOutcome", equalTo("PASSED"))
        .body("testDueAt", equalTo(tested.plus(Duration.ofDays(30)).toString()));
    assertOverdue(alarm, false);
    clock.move(Duration.ofDays(29));
    assertOverdue(alarm, false);

    // And when a day more is over
    clock.move(Duration.ofDays(1));
    assertOverdue(alarm, true);
  }

  @Test
  void aFailedTestCountsAsNoneUntilALaterOnePasses() {
    // Given
    String alarm = inService(30);
    Instant now = clock.instant();
    report(alarm, now.minusSeconds(300), "PASSED").then().statusCode(201);
    assertOverdue(alarm, false);

    // When
    report(alarm, now.minusSeconds(200), "FAILED").then().statusCode(201);

    // Then it is due, whatever is said of before
    assertOverdue(alarm, true);
    report(alarm, now.minusSeconds(250), "PASSED").then().statusCode(201);
    assertOverdue(alarm, true);

    // And when it passes after that
    report(alarm, now.minusSeconds(100), "PASSED").then().statusCode(201);
    assertOverdue(alarm, false);
  }

  @Test
  void anotherIntervalCountsFromTheLatestTest() {
    String alarm = inService(30);
    report(alarm, clock.instant(), "PASSED").then().statusCode(201);
    clock.move(Duration.ofDays(8));
    assertOverdue(alarm, false);

    Calls.put(TOKEN, alarm, details(Map.of("testEveryDays", 7))).then().statusCode(200);
    assertOverdue(alarm, true);

    // and where nobody says how often, none counts
    Calls.put(TOKEN, alarm, details(Map.of())).then().statusCode(200);
    assertOverdue(alarm, true);
  }

  @Test
  void anAlarmThatIsNotInServiceIsNotOverdue() {
    String alarm = inService(30);
    Calls.post(TOKEN, alarm, alarm + "/repair", Map.of("fault", "silent")).then().statusCode(200);

    assertOverdue(alarm, false);
  }

  @Test
  void aTestIsAnEventOfTheAlarmAndItsTestsAreListedPageByPage() {
    // Given
    String alarm = inService(30);
    Instant now = clock.instant();
    List<String> tests =
        List.of("FAILED", "FAILED", "PASSED").stream()
            .map(outcome -> report(alarm, now, outcome).then().extract().<String>path("id"))
            .toList();

    // Then
    Response first = Calls.get(TOKEN, alarm + "/alarm-tests?limit=2");
    first.then().statusCode(200).body("items.id", contains(tests.get(0), tests.get(1)));
    Rest.as(Tokens.of(AUDITOR))
        .get(first.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .statusCode(200)
        .body("items.id", contains(tests.get(2)))
        .body("items.note", contains("The back door was opened"));
    Calls.get(TOKEN, alarm + "/alarm-tests/" + tests.get(0))
        .then()
        .statusCode(200)
        .body("outcome", equalTo("FAILED"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      var tested = about(id(alarm)).and(ofType("asset.alarm-tested.v1"));
      String told = new String(topic.await(3, tested).get(2).value());
      assertTrue(told.contains("\"outcome\":\"PASSED\""), told);
      assertTrue(told.contains("\"changes\":{\"testOutcome\":\"PASSED\",\"testDueAt\":"), told);
    }
  }

  @Test
  void theSameReportAgainIsOneTest() {
    String alarm = inService(30);
    String etag = Calls.get(TOKEN, alarm).header("ETag");
    String key = UUID.randomUUID().toString();
    Map<String, Object> report =
        Map.of("testedAt", clock.instant().toString(), "outcome", "PASSED");

    for (int time = 0; time < 2; time++) {
      Rest.as(TOKEN)
          .header("If-Match", etag)
          .header("Idempotency-Key", key)
          .body(report)
          .post(alarm + "/alarm-tests")
          .then()
          .statusCode(201);
    }

    Calls.get(TOKEN, alarm + "/alarm-tests").then().body("items", hasSize(1));
    assertEquals(428, Rest.as(TOKEN).body(report).post(alarm + "/alarm-tests").statusCode());
  }

  @Test
  void onlyAnAlarmWithAnIntervalIsTestedAndOnlyOnceItWas() {
    String server = "/v1/assets/" + Calls.asset(TOKEN, "SERVER");
    problem(report(server, clock.instant(), "PASSED"), 422, "no-test-interval");
    String alarm = "/v1/assets/" + Calls.asset(TOKEN, "ALARM");
    problem(report(alarm, clock.instant(), "PASSED"), 422, "no-test-interval");
    problem(report(alarm, clock.instant().plusSeconds(60), "PASSED"), 400, "validation")
        .body("errors.field", hasItem("testedAt"));
  }

  @Test
  void onlyAssetManagersRecordATestAndNotAllMayReadThem() {
    String alarm = inService(30);
    Map<String, Object> report =
        Map.of("testedAt", clock.instant().toString(), "outcome", "PASSED");

    problem(Calls.post(Tokens.of(STAFF), alarm, alarm + "/alarm-tests", report), 403, "forbidden");
    problem(Calls.get(Tokens.of(STAFF), alarm + "/alarm-tests"), 403, "forbidden");
    assertFalse(Calls.tasks(Tokens.of(STAFF), "asset/" + id(alarm)).contains("asset.test-alarm"));
  }

  /** Whether it is listed, and a task of asset managers. */
  private static void assertOverdue(String alarm, boolean overdue) {
    String owner = Calls.get(TOKEN, alarm).path("owner");
    Calls.get(TOKEN, "/v1/assets?owner=" + owner + "&testOverdue=" + overdue)
        .then()
        .statusCode(200)
        .body("items.id", contains(id(alarm)));
    Calls.get(TOKEN, "/v1/assets?owner=" + owner + "&testOverdue=" + !overdue)
        .then()
        .body("items", hasSize(0));
    assertEquals(overdue, Calls.tasks(TOKEN, "asset/" + id(alarm)).contains("asset.test-alarm"));
  }

  private static String id(String alarm) {
    return alarm.substring("/v1/assets/".length());
  }

  private static Response report(String alarm, Instant testedAt, String outcome) {
    return Calls.post(
        TOKEN,
        alarm,
        alarm + "/alarm-tests",
        Map.of(
            "testedAt",
            testedAt.toString(),
            "outcome",
            outcome,
            "note",
            "The back door was opened"));
  }

  private static Map<String, Object> details(Map<String, Object> attributes) {
    return Map.of(
        "name", "back door", "kind", "ALARM", "production", false, "attributes", attributes);
  }

  /** Where an alarm stands that somebody owns and that nobody tested. */
  private static String inService(int testEveryDays) {
    String alarm =
        "/v1/assets/"
            + Calls.create(TOKEN, "/v1/assets", details(Map.of("testEveryDays", testEveryDays)));
    put(alarm, "/owner", Map.of("owner", UUID.randomUUID()));
    put(
        alarm,
        "/classification",
        Map.of(
            "availability", 2, "integrity", 2, "confidentiality", 1, "proof", 1, "rationale", "x"));
    Calls.post(TOKEN, alarm, alarm + "/commissioning").then().statusCode(200);
    return alarm;
  }

  private static void put(String alarm, String what, Map<String, Object> body) {
    Rest.as(TOKEN)
        .header("If-Match", Calls.get(TOKEN, alarm).header("ETag"))
        .body(body)
        .put(alarm + what)
        .then()
        .statusCode(200);
  }
}
