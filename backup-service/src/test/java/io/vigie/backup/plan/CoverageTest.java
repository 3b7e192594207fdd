package io.vigie.backup.plan;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.backup.Plans;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.backup.Plans.change;
import static io.vigie.backup.Plans.create;
import static io.vigie.backup.Plans.report;
import static io.vigie.backup.Plans.success;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CoverageTest {

  private static final UUID PARIS = UUID.randomUUID();
  private static final UUID LYON = UUID.randomUUID();
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final String AUDITOR_TOKEN = Tokens.of(AUDITOR);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void anAssetThatGoesIntoServiceWithoutAPlanIsListedPublishedAndATask() {
    // Given
    UUID asset = UUID.randomUUID();
    tell("asset.registered.v1", asset, state("SERVER", "IN_STOCK"));
    awaitStatus(asset, "NOT_REQUIRED");

    // When
    tell("asset.commissioned.v1", asset, "{\"state\":\"IN_SERVICE\"}");

    // Then
    awaitStatus(asset, "UNCOVERED");
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/coverage?status=UNCOVERED&kind=SERVER&limit=200")
        .then()
        .body("items.asset", hasItem(asset.toString()));
    assertTrue(Plans.tasks().contains("asset-coverage.plan asset/" + asset));
    assertEquals(List.of("asset-coverage.uncovered.v1"), published(asset, 1));

    // When it leaves service
    tell("asset.shelved.v1", asset, "{\"state\":\"IN_STOCK\"}");

    // Then
    awaitStatus(asset, "NOT_REQUIRED");
    assertEquals(
        List.of("asset-coverage.uncovered.v1", "asset-coverage.lifted.v1"), published(asset, 2));
  }

  @Test
  void itIsCoveredOnceItsCopiesAreAllThatTheRulesAskForCopyByCopy() {
    // Given a server in Paris
    UUID asset = inService("SERVER");

    // When it has a plan, and no copy yet
    String disk = plan(asset, "disk", onServer(inService("SERVER")));

    // Then
    awaitStatus(asset, "FALLS_SHORT");
    coverage(asset)
        .body("copies.flaw", contains("NEVER_MADE"))
        .body(
            "shortfalls",
            contains(
                "COPIES",
                "MEDIA",
                "OFF_SITE",
                "OFFLINE_OR_IMMUTABLE",
                "TAPE_OFF_SITE",
                "DEDICATED"));

    // When there is a copy on disk, and one on tape in the same place
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    String tape = plan(asset, "tape", copy("TAPE", PARIS, "OFFLINE"));
    report(tape, success(clock.instant().minusSeconds(60))).then().statusCode(201);

    // Then the tape is not off site
    coverage(asset)
        .body("status", equalTo("FALLS_SHORT"))
        .body("shortfalls", contains("OFF_SITE", "TAPE_OFF_SITE"))
        .body("copies.offSite", contains(false, false));
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/coverage?shortfall=OFF_SITE&limit=200")
        .then()
        .body("items.asset", hasItem(asset.toString()));
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/coverage?shortfall=MEDIA&limit=200")
        .then()
        .body("items.asset", not(hasItem(asset.toString())));

    // When it goes to Lyon
    change(tape, "PUT", "copy", copy("TAPE", LYON, "OFFLINE")).then().statusCode(200);

    // Then
    coverage(asset).body("status", equalTo("COVERED")).body("shortfalls", empty());
    assertFalse(Plans.tasks().contains("asset-coverage.complete asset/" + asset));
    List<String> told = published(asset, 4);
    assertEquals("asset-coverage.uncovered.v1", told.get(0));
    assertEquals("asset-coverage.covered.v1", told.get(told.size() - 1));
    assertEquals(1, told.stream().filter("asset-coverage.covered.v1"::equals).count());
  }

  @Test
  void aTapeIsWhereItsMovementsSayAndCountsForNothingOnceItIsLost() {
    // Given a tape that is kept in Lyon
    UUID tape = UUID.randomUUID();
    tell("asset.registered.v1", tape, state("TAPE", "IN_STOCK", LYON));
    awaitStatus(tape, "NOT_REQUIRED");
    UUID asset = inService("SERVER");
    String disk = plan(asset, "disk", onServer(inService("SERVER")));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    String toTape = plan(asset, "tape", copy("TAPE", PARIS, "OFFLINE"));
    Map<String, Object> run = success(clock.instant().minusSeconds(60));
    run.put("tape", tape.toString());
    report(toTape, run).then().statusCode(201);
    coverage(asset).body("status", equalTo("COVERED"));

    // When somebody brings it to Paris
    tell("asset.described.v1", tape, "{\"site\":\"%s\"}".formatted(PARIS));

    // Then
    awaitStatus(asset, "FALLS_SHORT");
    coverage(asset).body("shortfalls", contains("OFF_SITE", "TAPE_OFF_SITE"));

    // When it is lost on the way back
    tell("asset.lost.v1", tape, "{\"state\":\"LOST\",\"site\":\"%s\"}".formatted(LYON));

    // Then
    await().untilAsserted(() -> coverage(asset).body("copies.flaw", hasItem("CARRIER_GONE")));
    await().untilAsserted(() -> coverage(asset).body("shortfalls", hasItem("COPIES")));
  }

  @Test
  void whyAnAssetIsBackedUpDailyIsAnsweredWithTheRule() {
    UUID asset = inService("SERVER");

    coverage(asset)
        .body("requirement.interval", equalTo("PT24H"))
        .body("requirement.because.find { it.aspect == 'INTERVAL' }.rule", equalTo("production"))
        .body("requirement.because.find { it.aspect == 'INTERVAL' }.policy", contains("R11.8"))
        .body(
            "requirement.because.find { it.aspect == 'INTERVAL' }.title.en",
            containsString("every day"));

    UUID printer = inService("PRINTER");
    coverage(printer)
        .body("status", equalTo("NOT_REQUIRED"))
        .body("requirement", equalTo(null))
        .body("withoutBecause.en", containsString("anew"));
  }

  @Test
  void aPlanIsNeverLaxerThanTheRulesWithoutAnException() {
    UUID asset = inService("SERVER");
    Map<String, Object> weekly = body(asset, "weekly", copy("DISK", PARIS, "NONE"));
    weekly.put("schedule", Map.of("interval", "P7D", "tolerance", "PT2H"));

    create(weekly)
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:plan-too-lax"))
        .body("errors.field", contains("schedule.interval"))
        .body("errors[0].message", containsString("every day"));
    String daily = plan(asset, "daily", copy("DISK", PARIS, "NONE"));
    change(daily, "PUT", "schedule", Map.of("interval", "P2D", "tolerance", "PT2H"))
        .then()
        .statusCode(422);
    Map<String, Object> brief = copy("DISK", PARIS, "NONE");
    brief.put("retentionDays", 3);
    change(daily, "PUT", "copy", brief)
        .then()
        .statusCode(422)
        .body("errors.field", contains("copy.retentionDays"));

    // When somebody approved it
    approve(request(asset, "FALLING_SHORT", Duration.ofDays(30)));

    // Then
    create(weekly).then().statusCode(201);
    coverage(asset).body("status", equalTo("EXCEPTED")).body("shortfalls", hasItem("INTERVAL"));
  }

  @Test
  void whatBecomesMoreSensitiveFallsShortOfWhatWasEnoughBefore() {
    UUID asset = inService("DATABASE");
    Map<String, Object> daily = body(asset, "daily", copy("DISK", PARIS, "NONE"));
    create(daily).then().statusCode(201);
    coverage(asset).body("shortfalls", not(hasItem("INTERVAL")));

    tell(
        "asset.levels-inherited.v1",
        asset,
        "{\"inherited\":{\"availability\":4,\"integrity\":1,\"confidentiality\":1,\"proof\":1}}");

    await().untilAsserted(() -> coverage(asset).body("shortfalls", hasItem("INTERVAL")));
    coverage(asset).body("requirement.interval", equalTo("PT1H"));
  }

  @Test
  void anExceptionNeedsASecondPersonAndEndsByItself() {
    // Given
    UUID asset = inService("SERVER");
    String id = request(asset, "WITHOUT_PLAN", Duration.ofDays(10));
    coverage(asset).body("status", equalTo("UNCOVERED"));

    // When the one who asked decides, or a sysadmin
    String both = Tokens.of(Plans.ADMIN, CISO);
    decide(both, id, "approval", Map.of())
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:own-request"));
    decide(Plans.SYSADMIN_TOKEN, id, "approval", Map.of()).then().statusCode(403);

    // When the CISO does
    assertTrue(Plans.tasks(CISO_TOKEN).contains("backup-exception.decide asset/" + asset));
    approve(id);

    // Then
    coverage(asset).body("status", equalTo("EXCEPTED")).body("exceptions", contains(id));

    // When its time is over
    clock.move(Duration.ofDays(10).plusSeconds(1));

    // Then
    await()
        .untilAsserted(
            () ->
                Rest.as(AUDITOR_TOKEN)
                    .get("/v1/backup-exceptions/" + id)
                    .then()
                    .body("stage", equalTo("EXPIRED")));
    awaitStatus(asset, "UNCOVERED");
    assertEquals(
        List.of(
            "asset-coverage.uncovered.v1",
            "asset-coverage.covered.v1",
            "asset-coverage.uncovered.v1"),
        published(asset, 3));
    decide(CISO_TOKEN, id, "refusal", Map.of("reason", "late")).then().statusCode(409);
  }

  @Test
  void anAssetHasOneOpenExceptionOfAScopeAndItCanBeRefusedOrGivenUp() {
    UUID asset = inService("SERVER");
    String refused = request(asset, "WITHOUT_PLAN", Duration.ofDays(10));
    requested(asset, "WITHOUT_PLAN", Duration.ofDays(10)).then().statusCode(409);

    decide(CISO_TOKEN, refused, "refusal", Map.of("reason", "It holds what a client gave us"))
        .then()
        .statusCode(200)
        .body("stage", equalTo("REFUSED"));
    String given = request(asset, "WITHOUT_PLAN", Duration.ofDays(10));
    approve(given);
    coverage(asset).body("status", equalTo("EXCEPTED"));
    decide(Plans.SYSADMIN_TOKEN, given, "withdrawal", Map.of("reason", "It has a plan now"))
        .then()
        .statusCode(200);

    coverage(asset).body("status", equalTo("UNCOVERED"));
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/backup-exceptions?stage=REFUSED&scope=WITHOUT_PLAN&asset=" + asset)
        .then()
        .body("items.id", contains(refused));
  }

  @Test
  void anExceptionHasAnEndWithin180Days() {
    UUID asset = inService("SERVER");

    requested(asset, "WITHOUT_PLAN", Duration.ofDays(181))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:exception-too-long"));
    requested(asset, "WITHOUT_PLAN", Duration.ofSeconds(-1)).then().statusCode(422);
    Rest.as(AUDITOR_TOKEN).get("/v1/coverage/" + UUID.randomUUID()).then().statusCode(404);
  }

  @Test
  void aMissedRunTakesItsCopyAwayAndTheRunThatMakesUpForItBringsItBack() {
    UUID asset = inService("SERVER");
    String disk = plan(asset, "disk", onServer(inService("SERVER")));
    String tape = plan(asset, "tape", copy("TAPE", LYON, "OFFLINE"));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    report(tape, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    awaitStatus(asset, "COVERED");

    clock.move(Duration.ofHours(27));

    awaitStatus(asset, "FALLS_SHORT");
    await()
        .untilAsserted(
            () -> coverage(asset).body("copies.flaw", contains("OUT_OF_DATE", "OUT_OF_DATE")));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    report(tape, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    coverage(asset).body("status", equalTo("COVERED"));
  }

  @Test
  void ofProductionTheNewestGoodRunIsNotOlderThanADayWhateverThePlansTolerate() {
    // Given plans that let a run come a day late
    UUID asset = inService("SERVER");
    String disk = tolerant(asset, "disk", onServer(inService("SERVER")));
    String tape = tolerant(asset, "tape", copy("TAPE", LYON, "OFFLINE"));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    report(tape, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    awaitStatus(asset, "COVERED");
    int told = 4;
    assertEquals("asset-coverage.covered.v1", published(asset, told).get(told - 1));

    // When others come before these are too old
    clock.move(Duration.ofHours(29));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    report(tape, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    clock.move(Duration.ofHours(2));

    // Then the clock looks again when those will be
    await().until(() -> goodUntil(asset).isAfter(clock.instant().plus(Duration.ofHours(27))));
    coverage(asset).body("status", equalTo("COVERED"));

    // When none comes any more
    clock.move(Duration.ofHours(29));

    // Then that is told, though no plan has missed one yet
    assertEquals("[AGE]", shortfalls(asset, told + 1));
    coverage(asset)
        .body("shortfalls", contains("AGE"))
        .body("copies.flaw", contains(nullValue(), nullValue()))
        .body("requirement.age", equalTo("PT30H"));

    // When one comes
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);

    // Then
    assertEquals("asset-coverage.covered.v1", published(asset, told + 2).get(told + 1));
  }

  @Test
  void aCopyThatTwoPeopleDeletedCountsForNothingUntilTheNextRun() {
    // Given two copies
    UUID asset = inService("SERVER");
    String disk = plan(asset, "disk", onServer(inService("SERVER")));
    String tape = plan(asset, "tape", copy("TAPE", LYON, "OFFLINE"));
    Map<String, Object> now = success(clock.instant().minusSeconds(60));
    String onDisk = report(disk, now).then().statusCode(201).extract().path("id");
    String onTape = report(tape, now).then().statusCode(201).extract().path("id");
    coverage(asset).body("status", equalTo("COVERED"));

    // When
    Plans.delete(asset, onTape);

    // Then
    coverage(asset)
        .body("status", equalTo("FALLS_SHORT"))
        .body("copies.flaw", contains(nullValue(), equalTo("DELETED")))
        .body("shortfalls", hasItem("TAPE_OFF_SITE"))
        .body("shortfalls", not(hasItem("AGE")));

    // When none is left
    Plans.delete(asset, onDisk);

    // Then
    coverage(asset).body("shortfalls", hasItem("AGE"));

    // When there are others
    clock.move(Duration.ofHours(1));
    Map<String, Object> later = success(clock.instant().minusSeconds(60));
    report(disk, later).then().statusCode(201);
    report(tape, later).then().statusCode(201);

    // Then
    coverage(asset)
        .body("status", equalTo("COVERED"))
        .body("copies.flaw", contains(nullValue(), nullValue()));
  }

  @Test
  void aCopyThatATestFoundUnusableCountsForNothingUntilAnotherRunOrALaterTestThatPasses() {
    // Given two copies
    UUID asset = inService("SERVER");
    String disk = tolerant(asset, "disk", onServer(inService("SERVER")));
    String tape = tolerant(asset, "tape", copy("TAPE", LYON, "OFFLINE"));
    String onDisk = run(disk);
    String onTape = run(tape);
    awaitStatus(asset, "COVERED");
    int told = 4;
    assertEquals("asset-coverage.covered.v1", published(asset, told).get(told - 1));

    // When one cannot be restored, there is the other one, and no third
    tested(disk, onDisk, "FAILED");

    // Then
    assertEquals("[COPIES, MEDIA, DEDICATED]", shortfalls(asset, told + 1));
    coverage(asset).body("copies.flaw", contains(equalTo("UNUSABLE"), nullValue()));

    // When neither can
    tested(tape, onTape, "FAILED");

    // Then
    assertTrue(shortfalls(asset, told + 2).endsWith(", AGE]"));
    coverage(asset).body("copies.flaw", contains("UNUSABLE", "UNUSABLE"));

    // When there is another run, though the one before it is not old
    run(disk);

    // Then the other plan's copy is still none
    assertEquals(
        "[COPIES, MEDIA, OFF_SITE, OFFLINE_OR_IMMUTABLE, TAPE_OFF_SITE]",
        shortfalls(asset, told + 3));
    coverage(asset).body("copies.flaw", contains(nullValue(), equalTo("UNUSABLE")));

    // When a later test shows that that one can be restored
    tested(tape, onTape, "PASSED");

    // Then
    assertEquals("asset-coverage.covered.v1", published(asset, told + 4).get(told + 3));
    coverage(asset).body("copies.flaw", contains(nullValue(), nullValue()));

    // When the newest one is unusable, and the one before is too old two hours later
    clock.move(Duration.ofHours(29));
    String newest = run(tape);
    tested(tape, newest, "FAILED");
    assertFalse(shortfalls(asset, told + 5).contains("AGE"));
    clock.move(Duration.ofHours(2));

    // Then
    assertTrue(shortfalls(asset, told + 6).endsWith(", AGE]"));
  }

  /** A good run of the plan a minute ago; what its tool calls the copy. */
  private String run(String plan) {
    String snapshot = UUID.randomUUID().toString().replace("-", "");
    Map<String, Object> body = success(clock.instant().minusSeconds(60));
    body.put("snapshot", snapshot);
    body.put("tool", "restic");
    report(plan, body).then().statusCode(201);
    return snapshot;
  }

  private void tested(String plan, String snapshot, String outcome) {
    Instant start = clock.instant().minusSeconds(20);
    Map<String, Object> body = new HashMap<>();
    body.put("snapshot", snapshot);
    body.put("depth", "L1");
    body.put("outcome", outcome);
    body.put("startedAt", start.toString());
    body.put("endedAt", start.plusSeconds(10).toString());
    body.put("sampled", 40);
    body.put("differences", outcome.equals("PASSED") ? 0 : 3);
    Rest.as(Plans.TOOL_TOKEN)
        .body(body)
        .post("/v1/restore-tests/reports?plan=" + plan)
        .then()
        .statusCode(201);
  }

  private static String tolerant(UUID asset, String name, Map<String, Object> copy) {
    Map<String, Object> body = body(asset, name, copy);
    body.put("schedule", Map.of("interval", "PT24H", "tolerance", "PT24H"));
    return create(body).then().statusCode(201).extract().path("id");
  }

  private static Instant goodUntil(UUID asset) throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("backup");
        PreparedStatement statement =
            connection.prepareStatement("select good_until from asset_coverage where id = ?")) {
      statement.setObject(1, asset);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getTimestamp(1).toInstant();
      }
    }
  }

  @Test
  void aSuspendedPlanCoversNothing() {
    UUID asset = inService("SERVER");
    String disk = plan(asset, "disk", copy("DISK", PARIS, "NONE"));
    awaitStatus(asset, "FALLS_SHORT");

    change(disk, "POST", "suspension", Map.of("reason", "moving")).then().statusCode(200);

    coverage(asset).body("status", equalTo("UNCOVERED"));
    change(disk, "POST", "resumption", Map.of()).then().statusCode(200);
    coverage(asset).body("status", equalTo("FALLS_SHORT"));
  }

  @Test
  void aSnapshotTeachesAllOfAnAssetAndRulesOfAnotherVersionAreAppliedByTheClock()
      throws SQLException {
    UUID asset = UUID.randomUUID();
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          "asset.snapshot.v1",
          "asset/" + asset,
          asset.toString(),
          "{\"aggregateId\":\"%s\",\"state\":%s,\"at\":\"2026-01-02T03:04:05Z\"}"
              .formatted(asset, state("DATABASE", "IN_SERVICE", PARIS)));
    }
    awaitStatus(asset, "UNCOVERED");
    coverage(asset).body("kind", equalTo("DATABASE")).body("site", equalTo(PARIS.toString()));

    // Given that it was judged by other rules, to which it did not matter
    try (Connection connection = Infrastructure.running().superuser("backup");
        PreparedStatement other =
            connection.prepareStatement(
                "update asset_coverage set judged_by = 'other', status = 'COVERED' where id = ?")) {
      other.setObject(1, asset);
      other.execute();
    }

    awaitStatus(asset, "UNCOVERED");
  }

  @Test
  void coverageIsListedPageByPage() {
    UUID first = inService("SAAS");
    UUID second = inService("SAAS");

    Response page = Rest.as(AUDITOR_TOKEN).get("/v1/coverage?kind=SAAS&limit=1");
    page.then().statusCode(200);
    String next = page.header("Link").replaceAll("<(.*)>.*", "$1");
    List<String> seen = new ArrayList<>(page.jsonPath().getList("items.asset"));
    while (next != null) {
      Response more = Rest.as(AUDITOR_TOKEN).get(next);
      seen.addAll(more.jsonPath().getList("items.asset"));
      String link = more.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>.*", "$1");
    }
    assertTrue(seen.containsAll(List.of(first.toString(), second.toString())));
    assertEquals(seen.size(), seen.stream().distinct().count());
    Rest.as(AUDITOR_TOKEN).get("/v1/coverage?state=UNCOVERED").then().statusCode(400);
    Rest.as(Plans.TOOL_TOKEN).get("/v1/coverage").then().statusCode(403);
  }

  @Test
  void aBackupServerIsDedicatedUntilSomethingElseDependsOnIt() {
    // Given a copy on a server that nothing depends on
    UUID server = inService("SERVER");
    UUID asset = inService("SERVER");
    String disk = plan(asset, "disk", onServer(server));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    coverage(asset)
        .body("copies.dedicated", contains(true))
        .body("shortfalls", not(hasItem("DEDICATED")));
    assertFalse(shortfalls(asset, 3).contains("DEDICATED"));

    // When an application runs on it
    UUID application = inService("APPLICATION");
    tell(
        "asset.dependencies-changed.v1", application, "{\"dependsOn\":[\"%s\"]}".formatted(server));

    // Then what it keeps is told to fall short of that too
    assertTrue(shortfalls(asset, 4).contains("DEDICATED"));
    coverage(asset).body("copies.dedicated", contains(false));

    // When that is retired
    tell("asset.retired.v1", application, "{\"state\":\"RETIRED\"}");

    // Then
    assertFalse(shortfalls(asset, 5).contains("DEDICATED"));
    coverage(asset).body("copies.dedicated", contains(true));

    // When the asset itself needs the server
    tell("asset.dependencies-changed.v1", asset, "{\"dependsOn\":[\"%s\"]}".formatted(server));

    // Then
    assertTrue(shortfalls(asset, 6).contains("DEDICATED"));
  }

  @Test
  void whatComesToDependOnTheServerAtTheMomentWhenCopiesGoThereIsSeenByTheClock() throws Exception {
    // Given a copy that no server keeps
    UUID server = inService("SERVER");
    UUID asset = inService("SERVER");
    String disk = plan(asset, "disk", copy("DISK", PARIS, "NONE"));
    report(disk, success(clock.instant().minusSeconds(60))).then().statusCode(201);
    assertTrue(shortfalls(asset, 2).contains("DEDICATED"));

    // When it goes to one on which another transaction, that is not over, has an application
    try (Connection other = Infrastructure.running().superuser("backup")) {
      await().until(() -> isJudged(other, asset));
      other.setAutoCommit(false);
      execute(
          other,
          """
          insert into asset_coverage (id, version, event_number, published_state, facts,
            asset_state, status, shortfalls, since, judged_by)
          values (gen_random_uuid(), 0, 0, '{}', jsonb_build_object('kind', 'APPLICATION',
            'production', false, 'state', 'IN_SERVICE', 'dependsOn', jsonb_build_array(?)),
            'IN_SERVICE', 'NOT_REQUIRED', '', now(), '')""",
          server);
      execute(other, "select from restore_duty where id = ? for update", asset);
      CompletableFuture<Response> answer =
          CompletableFuture.supplyAsync(() -> change(disk, "PUT", "copy", onServer(server)));
      await().until(() -> answer.isDone() || isAwaited(other));
      other.commit();
      answer.join().then().statusCode(200);
    }

    // Then
    assertFalse(shortfalls(asset, 3).contains("DEDICATED"));
    assertTrue(shortfalls(asset, 4).contains("DEDICATED"));
  }

  private static void execute(Connection connection, String sql, UUID value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      statement.execute();
    }
  }

  /** Whether the clock has nothing to judge of it. */
  private static boolean isJudged(Connection connection, UUID asset) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select judged_by <> '' from asset_coverage where id = ?")) {
      statement.setObject(1, asset);
      return isTrue(statement);
    }
  }

  /** Whether anybody waits for a lock that {@code holder} has. */
  private static boolean isAwaited(Connection holder) throws SQLException {
    try (PreparedStatement statement =
        holder.prepareStatement(
            """
            select count(*) > 0 from pg_locks
            where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))""")) {
      return isTrue(statement);
    }
  }

  private static boolean isTrue(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  @Test
  void whatKeepsACopyIsNoDedicatedServerUnlessItIsKnownAndOfSuchAKind() {
    UUID asset = inService("SERVER");
    plan(asset, "nowhere", copy("DISK", PARIS, "NONE"));
    plan(asset, "unknown", onServer(UUID.randomUUID()));
    plan(asset, "laptop", onServer(inService("LAPTOP")));
    plan(asset, "itself", onServer(asset));

    coverage(asset).body("copies.dedicated", contains(false, false, false, false));
  }

  /** What the last of so many events of its coverage says that there is too little of. */
  private static String shortfalls(UUID asset, int events) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      byte[] last = topic.await(events, about("asset-coverage/" + asset)).get(events - 1).value();
      return JsonPath.from(new String(last, StandardCharsets.UTF_8)).getString("shortfalls");
    }
  }

  private static Map<String, Object> onServer(UUID server) {
    Map<String, Object> copy = copy("DISK", PARIS, "NONE");
    copy.put("server", server.toString());
    return copy;
  }

  private UUID inService(String kind) {
    UUID asset = UUID.randomUUID();
    tell("asset.registered.v1", asset, state(kind, "IN_SERVICE", PARIS));
    await()
        .untilAsserted(
            () ->
                Rest.as(AUDITOR_TOKEN)
                    .get("/v1/coverage/" + asset)
                    .then()
                    .statusCode(200)
                    .body("assetState", equalTo("IN_SERVICE")));
    return asset;
  }

  private static String plan(UUID asset, String name, Map<String, Object> copy) {
    return create(body(asset, name, copy)).then().statusCode(201).extract().path("id");
  }

  private static Map<String, Object> body(UUID asset, String name, Map<String, Object> copy) {
    Map<String, Object> body = new HashMap<>(Plans.nightly(asset));
    body.put("name", name);
    body.put("copy", copy);
    return body;
  }

  private static Map<String, Object> copy(String medium, UUID datacenter, String protection) {
    Map<String, Object> copy = new HashMap<>();
    copy.put("medium", medium);
    copy.put("datacenter", datacenter.toString());
    copy.put("protection", protection);
    copy.put("retentionDays", 366);
    return copy;
  }

  private String request(UUID asset, String scope, Duration duration) {
    return requested(asset, scope, duration).then().statusCode(201).extract().path("id");
  }

  private Response requested(UUID asset, String scope, Duration duration) {
    Instant endsAt = clock.instant().plus(duration);
    return Rest.as(Plans.SYSADMIN_TOKEN)
        .body(
            Map.of(
                "asset",
                asset,
                "scope",
                scope,
                "reason",
                "built anew",
                "endsAt",
                endsAt.toString()))
        .post("/v1/backup-exceptions");
  }

  private static void approve(String id) {
    decide(CISO_TOKEN, id, "approval", Map.of())
        .then()
        .statusCode(200)
        .body("stage", equalTo("APPROVED"));
  }

  private static Response decide(String token, String id, String what, Map<String, ?> body) {
    String path = "/v1/backup-exceptions/" + id;
    return Rest.as(token)
        .header("If-Match", Rest.as(AUDITOR_TOKEN).get(path).header("ETag"))
        .body(body)
        .post(path + "/" + what);
  }

  private static ValidatableResponse coverage(UUID asset) {
    return Rest.as(AUDITOR_TOKEN).get("/v1/coverage/" + asset).then().statusCode(200);
  }

  private static void awaitStatus(UUID asset, String status) {
    await()
        .untilAsserted(
            () ->
                Rest.as(AUDITOR_TOKEN)
                    .get("/v1/coverage/" + asset)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo(status)));
  }

  private static List<String> published(UUID asset, int events) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      return topic.await(events, about("asset-coverage/" + asset)).stream()
          .map(record -> header(record, "ce_type"))
          .toList();
    }
  }

  private static String state(String kind, String state) {
    return state(kind, state, PARIS);
  }

  private static String state(String kind, String state, UUID site) {
    return """
        {"kind":"%s","production":true,"state":"%s","site":"%s","name":"x","dependsOn":[],
        "attributes":{"storageGiB":50,"hostname":"x"}}"""
        .formatted(kind, state, site);
  }

  private static void tell(String type, UUID asset, String changes) {
    try (Topic assets = Topic.named("vigie.asset.events")) {
      assets.publish(
          type,
          "asset/" + asset,
          asset.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\",\"changes\":%s}"
              .formatted(asset, changes));
    }
  }
}
