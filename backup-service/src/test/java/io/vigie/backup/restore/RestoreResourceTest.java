package io.vigie.backup.restore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.backup.Plans;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RestoreResourceTest {

  private static final String TESTS = "/v1/restore-tests";
  private static final String DUTIES = "/v1/restore-duties";
  private static final String OPERATOR = Tokens.of(SYSADMIN);
  private static final String COLLEAGUE = Tokens.of(SYSADMIN);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final String AUDITOR_TOKEN = Tokens.of(AUDITOR);

  @Inject MovableClock clock;

  private final UUID asset = UUID.randomUUID();

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  /** A run of the plan an hour ago, whose copy the tool calls so. */
  private String run(String plan, String snapshot) {
    return run(plan, snapshot, Duration.ofHours(1));
  }

  private String run(String plan, String snapshot, Duration ago) {
    Map<String, Object> body = Plans.success(clock.instant().minus(ago));
    body.put("snapshot", snapshot);
    body.put("tool", "restic");
    return Plans.report(plan, body).then().statusCode(201).extract().path("id");
  }

  private static String snapshot() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 8);
  }

  private Map<String, Object> report(String snapshot, String depth, int differences) {
    Instant start = clock.instant().minusSeconds(600);
    Map<String, Object> body = new HashMap<>();
    body.put("snapshot", snapshot);
    body.put("depth", depth);
    body.put("outcome", differences == 0 ? "PASSED" : "FAILED");
    body.put("startedAt", start.toString());
    body.put("endedAt", start.plusSeconds(90).toString());
    body.put("sampled", 40);
    body.put("differences", differences);
    body.put("message", "/home/jeanne/salaries.ods is not as it was");
    return body;
  }

  private static Response tested(String plan, Map<String, ?> body) {
    return Rest.as(Plans.TOOL_TOKEN).body(body).post(TESTS + "/reports?plan=" + plan);
  }

  private static Response change(String token, String test, String what, Map<String, ?> body) {
    String path = TESTS + "/" + test;
    return Rest.as(token)
        .header("If-Match", Rest.as(AUDITOR_TOKEN).get(path).header("ETag"))
        .body(body)
        .post(path + "/" + what);
  }

  private ValidatableResponse duty() {
    return Rest.as(AUDITOR_TOKEN).get(DUTIES + "/" + asset).then().statusCode(200);
  }

  private static List<ConsumerRecord<String, byte[]>> published(String subject, int count) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      return topic.await(count, about(subject));
    }
  }

  private static List<String> types(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(record -> header(record, "ce_type")).toList();
  }

  private static String text(ConsumerRecord<String, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  @Test
  void aRestoreThatAToolTestedMakesAVerifiedRecoveryPointAndMovesTheNextTest() {
    // Given
    clock.stopAt(clock.instant());
    String plan = Plans.daily(asset);
    String snapshot = snapshot();
    String run = run(plan, snapshot);
    duty().body("depth", is("L1")).body("days", is(365)).body("rpoSeconds", nullValue());
    Map<String, Object> report = report(snapshot + "65974459346fa429c39e69", "L1", 0);

    // When
    String id =
        tested(plan, report)
            .then()
            .statusCode(201)
            .body("run", is(run))
            .body("automated", is(true))
            .body("stage", is("COMPLETED"))
            .body("rtoSeconds", is(90))
            .body("rpoSeconds", is(3_000))
            .body("message", nullValue())
            .extract()
            .path("id");

    // Then it is taken once
    tested(plan, report).then().statusCode(200).body("id", is(id));
    problem(
        Rest.as(Tokens.of(TOOL)).body(report).post(TESTS + "/reports?plan=" + plan),
        409,
        "restore-test-claimed");
    report.put("sampled", 41);
    problem(tested(plan, report), 409, "restore-test-already-reported");

    // And the copy is known to be restorable
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/plans/" + plan + "/runs/" + run)
        .then()
        .body("recoveryPoint", is("VERIFIED"));
    duty()
        .body("recoveryPoint", is(run))
        .body("rpoSeconds", greaterThan(3_599))
        .body("rtoSeconds", is(90));
    Rest.as(AUDITOR_TOKEN)
        .get(DUTIES + "/" + asset + "/measures")
        .then()
        .statusCode(200)
        .body("items.test", contains(id))
        .body("items.rtoSeconds", contains(90))
        .body("items.rpoSeconds", contains(3_000));
    List<ConsumerRecord<String, byte[]>> told = published("restore-test/" + id, 1);
    assertEquals(List.of("restore-test.completed.v1"), types(told));
    assertFalse(text(told.get(0)).contains("jeanne"), "what a tool wrote stays here");
    assertEquals(
        List.of("backup-run.reported.v1", "backup-run.verified.v1"),
        types(published("backup-run/" + run, 2)));
    assertEquals(
        List.of("restore-duty.set.v1", "restore-duty.met.v1"),
        types(published("restore-duty/" + asset, 2)));
  }

  @Test
  void aRestoreThatFailedMakesItsCopyUnusableUntilAnotherTestPasses() {
    String plan = Plans.daily(asset);
    String snapshot = snapshot();
    String run = run(plan, snapshot);

    String id =
        tested(plan, report(snapshot, "L2", 3))
            .then()
            .statusCode(201)
            .body("outcome", is("FAILED"))
            .body("rtoSeconds", nullValue())
            .extract()
            .path("id");

    Rest.as(AUDITOR_TOKEN)
        .get("/v1/plans/" + plan + "/runs/" + run)
        .then()
        .body("recoveryPoint", is("UNUSABLE"));
    Rest.as(CISO_TOKEN)
        .get(TESTS + "?outcome=FAILED&asset=" + asset)
        .then()
        .body("items.id", contains(id))
        .body("items.message", contains("/home/jeanne/salaries.ods is not as it was"));
    Rest.as(AUDITOR_TOKEN).get(TESTS + "/" + id).then().body("message", nullValue());
    duty().body("testedAt", nullValue()).body("recoveryPoint", nullValue());

    clock.move(Duration.ofMinutes(30));
    tested(plan, report(snapshot, "L0", 0)).then().statusCode(201);
    duty().body("recoveryPoint", nullValue());
    clock.move(Duration.ofMinutes(30));
    tested(plan, report(snapshot, "L1", 0)).then().statusCode(201);
    duty().body("recoveryPoint", is(run));
    Rest.as(AUDITOR_TOKEN)
        .get(DUTIES + "/" + asset + "/measures?newest=2")
        .then()
        .statusCode(200)
        .body("items.depth", contains("L0", "L1"));
    Rest.as(AUDITOR_TOKEN)
        .get(DUTIES + "/" + asset + "/measures?newest=201")
        .then()
        .statusCode(400);
    assertEquals(
        List.of("backup-run.reported.v1", "backup-run.found-unusable.v1", "backup-run.verified.v1"),
        types(published("backup-run/" + run, 3)));
  }

  @Test
  void aReportOfTheSameStartIsTheSameOnlyWhereItIsOfTheSameCopy() {
    String plan = Plans.daily(asset);
    String snapshot = snapshot();
    String other = snapshot();
    String run = run(plan, snapshot, Duration.ofHours(2));
    String otherRun = run(plan, other, Duration.ofHours(1));
    Map<String, Object> report = report(snapshot, "L1", 0);
    String id = tested(plan, report).then().statusCode(201).extract().path("id");

    report.put("snapshot", other);
    problem(tested(plan, report), 409, "restore-test-already-reported");
    report.put("snapshot", snapshot + "65974459");
    tested(plan, report).then().statusCode(200).body("id", is(id));
    report.remove("snapshot");
    problem(tested(plan, report), 400, "validation");
    report.put("run", otherRun);
    problem(tested(plan, report), 409, "restore-test-already-reported");
    report.put("run", run);
    tested(plan, report).then().statusCode(200).body("id", is(id));
  }

  @Test
  void aNameThatIsTheBeginningOfAnotherOneIsThatOfItsOwnCopyAlone() {
    String plan = Plans.daily(asset);
    String first = run(plan, "1", Duration.ofHours(3));
    String second = run(plan, "12", Duration.ofHours(2));
    run(plan, "123", Duration.ofHours(1));

    tested(plan, report("1", "L1", 0)).then().statusCode(201).body("run", is(first));
    tested(plan, report("12", "L1", 0)).then().statusCode(201).body("run", is(second));
    problem(tested(plan, report("1234", "L1", 0)), 422, "no-such-copy");
  }

  @Test
  void ofHashesTheWholeOneCountsBeforeItsBeginning() {
    String plan = Plans.daily(asset);
    String snapshot = snapshot();
    String whole = run(plan, snapshot, Duration.ofHours(2));
    String longer = run(plan, snapshot + "ab", Duration.ofHours(1));

    tested(plan, report(snapshot, "L1", 0)).then().statusCode(201).body("run", is(whole));
    tested(plan, report(snapshot + "abcd", "L1", 0)).then().statusCode(201).body("run", is(longer));
  }

  @Test
  void aReportThatIsNotOfACopyOfThePlanIsRefused() {
    String plan = Plans.daily(asset);
    String snapshot = snapshot();
    run(plan, snapshot);
    problem(tested(plan, report("ffffffff" + snapshot, "L1", 0)), 422, "no-such-copy");
    Map<String, Object> report = report(snapshot, "L1", 0);
    report.remove("snapshot");
    problem(tested(plan, report), 400, "validation");
    report.put("run", run(Plans.daily(UUID.randomUUID()), snapshot()));
    problem(tested(plan, report), 400, "validation");
    problem(tested(UUID.randomUUID().toString(), report(snapshot, "L1", 0)), 404, "not-found");
    Map<String, Object> future = report(snapshot, "L1", 0);
    future.put("endedAt", clock.instant().plusSeconds(3_600).toString());
    problem(tested(plan, future), 400, "validation");
    Map<String, Object> untrue = report(snapshot, "L1", 1);
    untrue.put("outcome", "PASSED");
    problem(tested(plan, untrue), 400, "validation");
    Map<String, Object> empty = report(snapshot, "L1", 0);
    empty.put("sampled", 0);
    problem(tested(plan, empty), 400, "validation");
    Rest.as(OPERATOR)
        .body(report(snapshot, "L1", 0))
        .post(TESTS + "/reports?plan=" + plan)
        .then()
        .statusCode(403);
  }

  @Test
  void whatAPersonRestoredCountsOnceSomebodyElseHasVerifiedIt() {
    // Given
    String plan = Plans.daily(asset);
    String run = run(plan, snapshot());
    String id =
        Rest.as(OPERATOR)
            .body(Map.of("run", run, "depth", "L3", "reason", "The yearly test of the shop"))
            .post(TESTS)
            .then()
            .statusCode(201)
            .body("stage", is("UNDER_WAY"))
            .extract()
            .path("id");
    Map<String, Object> result =
        Map.of("outcome", "PASSED", "endedAt", clock.instant().plusSeconds(1_800).toString());
    clock.move(Duration.ofHours(1));
    problem(change(OPERATOR, id, "result", result), 409, "restore-evidence-missing");
    change(OPERATOR, id, "evidence", Map.of("text", "A test order went through"))
        .then()
        .statusCode(200);
    problem(change(COLLEAGUE, id, "result", result), 422, "not-the-operator");

    // When
    change(OPERATOR, id, "result", result).then().statusCode(200).body("stage", is("SUBMITTED"));
    String verify = "restore-test.verify restore-test/" + id;
    assertTrue(Plans.tasks(COLLEAGUE).contains(verify));
    assertTrue(Plans.tasks(CISO_TOKEN).contains(verify));
    assertFalse(Plans.tasks(OPERATOR).contains(verify));
    duty().body("testedAt", nullValue());
    problem(change(OPERATOR, id, "verification", Map.of("passed", true)), 422, "self-verification");
    change(COLLEAGUE, id, "verification", Map.of("passed", true))
        .then()
        .statusCode(200)
        .body("stage", is("COMPLETED"))
        .body("outcome", is("PASSED"));

    // Then
    duty().body("recoveryPoint", is(run)).body("rtoSeconds", greaterThan(1_790));
    problem(
        change(CISO_TOKEN, id, "verification", Map.of("passed", false)),
        409,
        "restore-test-not-submitted");
    Rest.as(AUDITOR_TOKEN)
        .get(TESTS + "/" + id + "/evidence")
        .then()
        .body("items.text", contains("A test order went through"));
    Rest.as(Plans.SYSADMIN_TOKEN).post("/v1/snapshots").then().statusCode(200);
    assertEquals(
        List.of(
            "restore-test.begun.v1",
            "restore-test.evidence-added.v1",
            "restore-test.submitted.v1",
            "restore-test.completed.v1",
            "restore-test.snapshot.v1"),
        types(published("restore-test/" + id, 5)));
    assertTrue(
        text(published("restore-test/" + id, 1).get(0)).contains("The yearly test of the shop"),
        "why somebody touched a copy is in the log");
  }

  @Test
  void aPersonsFailureCountsAtOnceAndATestCanBeGivenUp() {
    String plan = Plans.daily(asset);
    String run = run(plan, snapshot());
    Map<String, Object> begin = Map.of("run", run, "depth", "L2", "reason", "It is due");
    String failed =
        Rest.as(OPERATOR).body(begin).post(TESTS).then().statusCode(201).extract().path("id");
    change(
            OPERATOR,
            failed,
            "result",
            Map.of("outcome", "FAILED", "endedAt", clock.instant().toString()))
        .then()
        .statusCode(200)
        .body("stage", is("COMPLETED"));
    String given =
        Rest.as(OPERATOR).body(begin).post(TESTS).then().statusCode(201).extract().path("id");
    change(COLLEAGUE, given, "abandonment", Map.of("reason", "The sandbox was needed"))
        .then()
        .statusCode(200)
        .body("stage", is("ABANDONED"));
    problem(
        Rest.as(OPERATOR)
            .body(Map.of("run", UUID.randomUUID(), "depth", "L1", "reason", "It is due"))
            .post(TESTS),
        422,
        "no-such-copy");
    problem(
        Rest.as(OPERATOR).body(Map.of("run", run, "depth", "L2")).post(TESTS), 400, "validation");
  }

  @Test
  void aRestoreThatNobodyTestedInTimeIsListedATaskAndToldOnce() {
    // Given
    String plan = Plans.daily(asset);
    String snapshot = snapshot();
    run(plan, snapshot);
    String task = "restore-duty.test restore-duty/" + asset;
    clock.move(Duration.ofDays(350));
    assertFalse(Plans.tasks().contains(task));
    clock.move(Duration.ofDays(2));
    assertTrue(Plans.tasks().contains(task), "two weeks before it is due");
    duty().body("overdueSince", nullValue());
    assertEquals(List.of(), dueToATool(Duration.ofDays(12)));
    assertEquals(List.of(asset.toString()), dueToATool(Duration.ofDays(14)));

    // When
    clock.move(Duration.ofDays(14));

    // Then
    await().untilAsserted(() -> duty().body("overdueSince", not(nullValue())));
    assertTrue(overdue().contains(asset.toString()));
    assertTrue(Plans.tasks().contains(task));

    // When one is tested
    Map<String, Object> run = Plans.success(clock.instant().minusSeconds(3_600));
    run.put("snapshot", snapshot);
    Plans.report(plan, run).then().statusCode(201);
    tested(plan, report(snapshot, "L1", 0)).then().statusCode(201);

    // Then
    duty().body("overdueSince", nullValue());
    assertFalse(overdue().contains(asset.toString()));
    assertEquals(
        List.of("restore-duty.set.v1", "restore-duty.overdue.v1", "restore-duty.met.v1"),
        types(published("restore-duty/" + asset, 3)));
  }

  /** What a tool that asks of the asset is told to be due within this time. */
  private List<String> dueToATool(Duration within) {
    return Rest.as(Plans.TOOL_TOKEN)
        .get(DUTIES + "?asset=" + asset + "&dueBefore=" + clock.instant().plus(within))
        .then()
        .statusCode(200)
        .extract()
        .path("items.asset");
  }

  private static List<String> overdue() {
    List<String> all = new ArrayList<>();
    String next = DUTIES + "?overdue=true&limit=200";
    while (next != null) {
      Response page = Rest.as(AUDITOR_TOKEN).get(next);
      page.then().statusCode(200);
      all.addAll(page.jsonPath().getList("items.asset"));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>.*", "$1");
    }
    return all;
  }

  @Test
  void theLevelsOfAnAssetSayHowDeepAndHowOftenAndItsLastPlanEndsIt() {
    String plan = Plans.daily(asset);
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          "asset.registered.v1",
          "asset/" + asset,
          asset.toString(),
          """
          {"aggregateId":"%s","at":"2026-01-02T03:04:05Z","changes":
          {"kind":"SERVER","production":true,"state":"IN_SERVICE","name":"x",
          "classification":{"availability":4,"integrity":1,"confidentiality":1,"proof":1}}}"""
              .formatted(asset));
    }
    await().untilAsserted(() -> duty().body("depth", is("L3")));
    duty()
        .body("days", is(92))
        .body("rtoObjectiveSeconds", is(14_400))
        .body("rpoObjectiveSeconds", is(21_600));
    Rest.as(AUDITOR_TOKEN)
        .get(DUTIES + "?depth=L3&limit=200")
        .then()
        .body("items.asset", hasItem(asset.toString()));

    Plans.change(plan, "POST", "ending", Map.of("reason", "Replaced")).then().statusCode(200);

    duty().body("dueAt", nullValue());
    assertEquals(
        List.of("restore-duty.set.v1", "restore-duty.set.v1", "restore-duty.lifted.v1"),
        types(published("restore-duty/" + asset, 3)));
  }
}
