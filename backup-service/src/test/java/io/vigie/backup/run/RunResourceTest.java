package io.vigie.backup.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.backup.Plans;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.backup.Plans.change;
import static io.vigie.backup.Plans.daily;
import static io.vigie.backup.Plans.get;
import static io.vigie.backup.Plans.report;
import static io.vigie.backup.Plans.success;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RunResourceTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Inject Clock clock;

  @Test
  void aToolReportsARunAndTheNextOneIsDueAnIntervalAfterItsStart() {
    // Given
    String plan = daily(UUID.randomUUID());
    Instant startedAt = clock.instant().minusSeconds(60).truncatedTo(ChronoUnit.MICROS);
    String due = get(plan).path("nextDueAt");

    // When
    Response made = report(plan, success(startedAt));

    // Then
    made.then()
        .statusCode(201)
        .header("Location", endsWith("/v1/plans/" + plan + "/runs/" + made.path("id")))
        .body("recoveryPoint", equalTo("UNVERIFIED"));
    get(plan).then().body("lastSuccessAt", equalTo(startedAt.toString()));
    // the plan is a moment old: a run from before it makes none due earlier
    get(plan).then().body("nextDueAt", equalTo(due));
  }

  @Test
  void whatIsPublishedOfARunTellsNeitherWhereItsCopyIsNorWhatTheToolWrote() {
    String plan = daily(UUID.randomUUID());
    String run = report(plan, success(clock.instant().minus(HOUR))).path("id");

    try (Topic topic = Topic.named("vigie.backup.events")) {
      String published =
          new String(
              topic.await(1, about(run).and(ofType("backup-run.reported.v1"))).get(0).value());
      assertTrue(published.contains("\"plan\":\"" + plan + "\""), published);
      assertTrue(published.contains("\"sha256\":\"e3b0c442"), published);
      assertTrue(published.contains("\"bytes\":73014444032"), published);
      assertFalse(published.contains("vault-3") || published.contains("jeanne"), published);
    }
  }

  @Test
  void theSameReportTwiceIsOneRunHoweverFineItsTimesAre() {
    String plan = daily(UUID.randomUUID());
    Instant startedAt = clock.instant().minus(HOUR).truncatedTo(ChronoUnit.SECONDS);
    Map<String, Object> body = success(startedAt.plusNanos(123_456_789));

    String run = report(plan, body).then().statusCode(201).extract().path("id");

    report(plan, body).then().statusCode(200).body("id", equalTo(run));
    Rest.as(Plans.SYSADMIN_TOKEN)
        .get("/v1/plans/" + plan + "/runs")
        .then()
        .body("items.id", contains(run));
  }

  @Test
  void anotherReportOfTheSameStartIsAConflict() {
    String plan = daily(UUID.randomUUID());
    Map<String, Object> body = success(clock.instant().minus(HOUR));
    report(plan, body).then().statusCode(201);
    body.put("outcome", "FAILED");

    report(plan, body)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:run-already-reported"));
  }

  @Test
  void anIdempotencyKeyBringsTheFirstAnswerAgain() {
    String plan = daily(UUID.randomUUID());
    Map<String, Object> body = success(clock.instant().minus(HOUR));
    String key = UUID.randomUUID().toString();

    String run = reportWith(key, plan, body).then().statusCode(201).extract().path("id");

    reportWith(key, plan, body)
        .then()
        .statusCode(201)
        .header("Idempotent-Replayed", equalTo("true"))
        .body("id", equalTo(run));
    body.put("bytes", 1);
    reportWith(key, plan, body).then().statusCode(422);
  }

  @Test
  void toolsReportAtOnceAndNeitherLoseARunNorTheNewestOnesTime() throws Exception {
    // Given
    String plan = daily(UUID.randomUUID());
    Instant newest = clock.instant().minus(HOUR).truncatedTo(ChronoUnit.MICROS);

    // When
    ExecutorService tools = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> answers =
          tools.invokeAll(
              IntStream.range(0, 40)
                  .<Callable<Integer>>mapToObj(
                      i ->
                          () ->
                              report(plan, success(newest.minus(HOUR.multipliedBy(i))))
                                  .statusCode())
                  .toList());
      for (Future<Integer> answer : answers) {
        assertEquals(201, answer.get());
      }
    } finally {
      tools.shutdown();
    }

    // Then
    Rest.as(Plans.SYSADMIN_TOKEN)
        .get("/v1/plans/" + plan + "/runs?limit=200")
        .then()
        .body("items", hasSize(40));
    get(plan).then().body("lastSuccessAt", equalTo(newest.toString()));
  }

  @Test
  void aReportDoesNotMakeADecisionInTheMakingStale() {
    String plan = daily(UUID.randomUUID());
    String read = get(plan).header("ETag");

    report(plan, success(clock.instant().minus(HOUR))).then().statusCode(201);

    Rest.as(Plans.SYSADMIN_TOKEN)
        .header("If-Match", read)
        .body(Map.of("interval", "P7D", "tolerance", "PT0S"))
        .put("/v1/plans/" + plan + "/schedule")
        .then()
        .statusCode(200);
  }

  @Test
  void runsAreListedByOutcomeAndPageByPage() {
    String plan = daily(UUID.randomUUID());
    Instant now = clock.instant();
    Map<String, Object> failure = new HashMap<>(success(now.minus(HOUR.multipliedBy(3))));
    failure.put("outcome", "FAILED");
    String first = report(plan, success(now.minus(HOUR))).path("id");
    String failed = report(plan, failure).path("id");
    String second = report(plan, success(now.minus(HOUR.multipliedBy(2)))).path("id");

    String auditor = Tokens.of(AUDITOR);
    String runs = "/v1/plans/" + plan + "/runs";
    Rest.as(auditor).get(runs + "?outcome=FAILED").then().body("items.id", contains(failed));
    Response page = Rest.as(auditor).get(runs + "?outcome=SUCCEEDED&limit=1");
    page.then().body("items.id", contains(first));
    Rest.as(auditor)
        .get(page.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.id", contains(second))
        .header("Link", equalTo(null));
    Rest.as(auditor)
        .get(runs + "/" + failed)
        .then()
        .statusCode(200)
        .body("recoveryPoint", equalTo(null));
  }

  @Test
  void theWayToACopyIsInNoReadAndItsMessageForAdministratorsAndTheCisoAlone() {
    String plan = daily(UUID.randomUUID());
    String runs = "/v1/plans/" + plan + "/runs";
    String run = report(plan, success(clock.instant().minus(HOUR))).path("id");

    for (String role : List.of(SYSADMIN, CISO)) {
      String token = Tokens.of(role);
      Rest.as(token)
          .get(runs + "/" + run)
          .then()
          .body("location", equalTo(null))
          .body("message", equalTo("41 files by jeanne"));
      Rest.as(token)
          .get(runs)
          .then()
          .body("items.location", contains((Object) null))
          .body("items.message", contains("41 files by jeanne"));
    }
    for (String path : List.of(runs, runs + "/" + run)) {
      String read =
          Rest.as(Tokens.of(AUDITOR)).get(path).then().statusCode(200).extract().asString();
      assertTrue(read.contains(run) && read.contains("e3b0c442"), read);
      assertFalse(read.contains("vault-3") || read.contains("jeanne"), read);
      Rest.as(Plans.TOOL_TOKEN).get(path).then().statusCode(403);
    }
  }

  @Test
  void aRunIsFoundUnderItsOwnPlanOnly() {
    String run = report(daily(UUID.randomUUID()), success(clock.instant().minus(HOUR))).path("id");
    String other = daily(UUID.randomUUID());

    Rest.as(Plans.SYSADMIN_TOKEN).get("/v1/plans/" + other + "/runs/" + run).then().statusCode(404);
    UUID unknown = UUID.randomUUID();
    Rest.as(Plans.SYSADMIN_TOKEN).get("/v1/plans/" + unknown + "/runs").then().statusCode(404);
    report(unknown.toString(), success(clock.instant().minus(HOUR))).then().statusCode(404);
  }

  @Test
  void anEndedPlanTakesNoRunThatStartedAfterItsEnd() {
    String plan = daily(UUID.randomUUID());
    change(plan, "POST", "ending", Map.of("reason", "replaced")).then().statusCode(200);

    report(plan, success(clock.instant().minus(HOUR))).then().statusCode(201);
    report(plan, success(clock.instant().plusSeconds(5)))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:plan-ended"));
  }

  @Test
  void aReportThatCannotBeTrueIsRefusedAndItsFieldsNamed() {
    String plan = daily(UUID.randomUUID());
    Map<String, Object> body = success(clock.instant().minus(HOUR));
    body.put("sha256", "nope");
    body.put("bytes", -1);
    body.put("message", "x".repeat(4_001));
    report(plan, body)
        .then()
        .statusCode(400)
        .body("errors.field", contains("bytes", "message", "sha256"));

    Map<String, Object> backwards = success(clock.instant().minus(HOUR));
    backwards.put("endedAt", clock.instant().minus(HOUR.multipliedBy(2)).toString());
    report(plan, backwards).then().statusCode(400).body("errors.field", contains("endedAt"));
    report(plan, success(clock.instant().plus(HOUR)))
        .then()
        .statusCode(400)
        .body("errors.field", contains("endedAt"));
  }

  @Test
  void aSnapshotGivesEachPlanAndEachRunUnderTheNumberOfItsLastEvent() {
    String plan = daily(UUID.randomUUID());
    String run = report(plan, success(clock.instant().minus(HOUR))).path("id");

    Rest.as(Plans.SYSADMIN_TOKEN).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.backup.events")) {
      assertEquals(
          "1",
          header(
              topic.await(1, about(plan).and(ofType("backup-plan.snapshot.v1"))).get(0),
              "ce_eventnumber"));
      assertEquals(
          "1",
          header(
              topic.await(1, about(run).and(ofType("backup-run.snapshot.v1"))).get(0),
              "ce_eventnumber"));
    }
  }

  @Test
  void aRunsHistoryNeedsTheLog() {
    String plan = daily(UUID.randomUUID());
    String run = report(plan, success(clock.instant().minus(HOUR))).path("id");

    Rest.as(Plans.SYSADMIN_TOKEN)
        .get("/v1/plans/%s/runs/%s/history".formatted(plan, run))
        .then()
        .statusCode(503);
  }

  private static Response reportWith(String key, String plan, Map<String, ?> body) {
    return Rest.as(Plans.TOOL_TOKEN)
        .header("Idempotency-Key", key)
        .body(body)
        .post("/v1/plans/" + plan + "/runs");
  }
}
