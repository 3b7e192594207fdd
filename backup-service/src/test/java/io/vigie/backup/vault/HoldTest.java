package io.vigie.backup.vault;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.backup.Plans;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class HoldTest {

  private static final String DELETIONS = "/v1/backup-deletions";
  private static final String ADMIN = Tokens.of(SYSADMIN);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final String RESPONDER_TOKEN = Tokens.of(RESPONDER);

  @Inject MovableClock clock;

  private final Topic incidents = Topic.named("vigie.incident.events");
  private final UUID asset = UUID.randomUUID();

  @AfterEach
  void tidy() {
    clock.backToNow();
    incidents.close();
  }

  private String run(String plan, Duration ago, String snapshot) {
    Map<String, Object> body = Plans.success(clock.instant().minus(ago));
    body.put("snapshot", snapshot);
    return Plans.report(plan, body).then().statusCode(201).extract().path("id");
  }

  private void test(String plan, String snapshot, boolean passed) {
    Instant end = clock.instant();
    Map<String, Object> body = new HashMap<>();
    body.put("snapshot", snapshot);
    body.put("depth", "L1");
    body.put("outcome", passed ? "PASSED" : "FAILED");
    body.put("startedAt", end.minusSeconds(10).toString());
    body.put("endedAt", end.toString());
    body.put("sampled", 25);
    body.put("differences", passed ? 0 : 3);
    Rest.as(Plans.TOOL_TOKEN)
        .body(body)
        .post("/v1/restore-tests/reports?plan=" + plan)
        .then()
        .statusCode(201);
  }

  private UUID declare(Instant since) {
    return declare(since, UUID.randomUUID());
  }

  private UUID declare(Instant since, UUID incident) {
    UUID compromise = UUID.randomUUID();
    tell(
        "compromise.declared.v1",
        compromise,
        "\"incident\":\"%s\",\"asset\":\"%s\",\"compromisedSince\":\"%s\",\"entry\":\"%s\""
            .formatted(incident, asset, since, UUID.randomUUID()));
    await().untilAsserted(() -> hold(compromise).statusCode(200));
    return compromise;
  }

  private void lift(UUID compromise) {
    tell(
        "compromise.lifted.v1",
        compromise,
        "\"incident\":\"%s\",\"asset\":\"%s\"".formatted(UUID.randomUUID(), asset));
    await().untilAsserted(() -> hold(compromise).body("liftedAt", notNullValue()));
  }

  private void tell(String type, UUID compromise, String fields) {
    incidents.publish(
        type,
        "compromise/" + compromise,
        compromise.toString(),
        "{\"aggregateId\":\"%s\",%s,\"at\":\"2026-01-02T03:04:05Z\",\"changes\":{}}"
            .formatted(compromise, fields));
  }

  private static ValidatableResponse hold(UUID id) {
    return Rest.as(RESPONDER_TOKEN).get("/v1/backup-holds/" + id).then();
  }

  /** Access to the asset's backups, for a reason that the CISO approved. */
  private String access() {
    String id =
        Rest.as(ADMIN)
            .body(Map.of("assets", List.of(asset), "reason", "The disk is full", "minutes", 60))
            .post("/v1/backup-accesses")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    decide(CISO_TOKEN, "/v1/backup-accesses/" + id, "approval").then().statusCode(200);
    return id;
  }

  private static Response decide(String token, String object, String what) {
    return Rest.as(token)
        .header("If-Match", Rest.as(ADMIN).get(object).header("ETag"))
        .post(object + "/" + what);
  }

  private static Response ask(String access, String run) {
    return Rest.as(ADMIN)
        .body(Map.of("access", access, "run", run, "reason", "The disk is full"))
        .post(DELETIONS);
  }

  private static List<String> published(UUID hold, int count) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      return topic.await(count, about("backup-hold/" + hold)).stream()
          .map(HoldTest::typeOfWhatNamesItsAssetAndIncident)
          .toList();
    }
  }

  private static String typeOfWhatNamesItsAssetAndIncident(ConsumerRecord<String, byte[]> record) {
    String data = new String(record.value(), StandardCharsets.UTF_8);
    assertTrue(data.contains("\"asset\""), data);
    assertTrue(data.contains("\"incident\""), data);
    return header(record, "ce_type");
  }

  @Test
  void noCopyOfACompromisedAssetIsDeletedUntilTheCompromiseIsLifted() {
    // Given a deletion that was approved before, and one that was only asked for
    String plan = Plans.daily(asset);
    String approved = run(plan, Duration.ofDays(3), "aaaaaaaa");
    String asked = run(plan, Duration.ofDays(2), "bbbbbbbb");
    String other = run(plan, Duration.ofDays(1), "cccccccc");
    String access = access();
    String first =
        DELETIONS + "/" + ask(access, approved).then().statusCode(201).extract().path("id");
    String second =
        DELETIONS + "/" + ask(access, asked).then().statusCode(201).extract().path("id");
    decide(CISO_TOKEN, first, "approval").then().statusCode(200);

    // When
    UUID compromise = declare(clock.instant().minusSeconds(60));

    // Then
    problem(decide(ADMIN, first, "completion"), 409, "backups-held");
    problem(decide(CISO_TOKEN, second, "approval"), 409, "backups-held");
    problem(ask(access, other), 409, "backups-held");
    Rest.as(CISO_TOKEN)
        .get("/v1/backup-holds?standing=true&asset=" + asset)
        .then()
        .body("items.id", contains(compromise.toString()));
    decide(ADMIN, "/v1/backup-accesses/" + access, "ending").then().statusCode(200);

    // When
    lift(compromise);

    // Then
    Rest.as(CISO_TOKEN)
        .get("/v1/backup-holds?standing=true&asset=" + asset)
        .then()
        .body("items", empty());
    ask(access(), other).then().statusCode(201);
    assertEquals(
        List.of("backup-hold.placed.v1", "backup-hold.lifted.v1"), published(compromise, 2));
  }

  @Test
  void aToolLearnsWhetherItMayPruneThePlansCopiesAndNothingElseOfHolds() throws Exception {
    // Given
    String plan = Plans.daily(asset);
    String unheld = Plans.daily(UUID.randomUUID());
    pruning(plan).body("allowed", is(true)).body("size()", is(1));

    // When
    UUID compromise = declare(clock.instant().minusSeconds(60));

    // Then
    pruning(plan)
        .body("allowed", is(false))
        .body("reason", containsString("until the CISO lifts the compromise"))
        .body("size()", is(2));
    pruning(unheld).body("allowed", is(true));
    Rest.as(Plans.TOOL_TOKEN).get("/v1/backup-holds/" + compromise).then().statusCode(403);
    problem(
        Rest.as(Plans.TOOL_TOKEN).get("/v1/plans/" + UUID.randomUUID() + "/pruning"),
        404,
        "not-found");

    // When
    lift(compromise);

    // Then
    pruning(plan).body("allowed", is(true));
    try (Connection connection = Infrastructure.running().superuser("backup")) {
      execute(
          connection,
          "insert into gone_asset (asset_id, asset_state, gone_at) values (?, 'LOST', now())");
    }
    pruning(plan).body("allowed", is(false)).body("reason", containsString("lost or stolen"));
  }

  private static ValidatableResponse pruning(String plan) {
    return Rest.as(Plans.TOOL_TOKEN).get("/v1/plans/" + plan + "/pruning").then().statusCode(200);
  }

  @Test
  void aHoldOrALossThatIsToldWhileACopyIsDeletedIsSeenByTheDeletion() throws Exception {
    String plan = Plans.daily(asset);
    String access = access();
    String held = approved(access, run(plan, Duration.ofDays(2), "aaaaaaaa"));
    assertRefused(
        held,
        "backup-hold/",
        """
        insert into backup_hold (id, version, event_number, published_state, asset, incident,
          compromised_since, placed_at)
        values (gen_random_uuid(), 0, 0, '{}', ?, gen_random_uuid(), now(), now())""");
    lift();
    assertRefused(
        held,
        "asset/",
        "insert into gone_asset (asset_id, asset_state, gone_at) values (?, 'LOST', now())");
  }

  private String approved(String access, String run) {
    String deletion =
        DELETIONS + "/" + ask(access, run).then().statusCode(201).extract().path("id");
    decide(CISO_TOKEN, deletion, "approval").then().statusCode(200);
    return deletion;
  }

  /** The deletion is completed while another transaction has the lock and has told nothing yet. */
  private void assertRefused(String deletion, String lock, String told) throws Exception {
    try (Connection other = Infrastructure.running().superuser("backup")) {
      other.setAutoCommit(false);
      execute(other, "select pg_advisory_xact_lock(hashtextextended('" + lock + "' || ?, 0))");
      execute(other, told);
      CompletableFuture<Response> answer =
          CompletableFuture.supplyAsync(() -> decide(ADMIN, deletion, "completion"));
      await().until(() -> answer.isDone() || isAwaited(other));
      other.commit();
      problem(answer.join(), 409, "backups-held");
    }
  }

  private void lift() throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("backup")) {
      execute(connection, "update backup_hold set lifted_at = now() where asset = ?");
    }
  }

  private void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, asset);
      statement.execute();
    }
  }

  /** Whether anybody waits for a lock that {@code holder} has. */
  private static boolean isAwaited(Connection holder) throws SQLException {
    try (PreparedStatement statement =
            holder.prepareStatement(
                """
                select count(*) > 0 from pg_stat_activity
                where pg_backend_pid() = any(pg_blocking_pids(pid))""");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private void tellOfIncident(String type, UUID incident, String fields) {
    incidents.publish(
        type,
        "incident/" + incident,
        incident.toString(),
        "{\"aggregateId\":\"%s\",%s,\"at\":\"2026-01-02T03:04:05Z\",\"changes\":{}}"
            .formatted(incident, fields));
  }

  @ParameterizedTest
  @ValueSource(strings = {"incident.restricted.v1", "incident.snapshot.v1"})
  void theIncidentIsToldToTheCisoAloneWhileItIsRestricted(String type) {
    // Given
    UUID incident = UUID.randomUUID();
    tellOfIncident("incident.opened.v1", incident, "\"severity\":3");
    String compromise = declare(clock.instant().minusSeconds(60), incident).toString();
    hold(UUID.fromString(compromise)).body("incident", is(incident.toString()));

    // When
    tellOfIncident(type, incident, "\"state\":{\"state\":\"TRIAGED\",\"restricted\":true}");

    // Then
    String found = "/v1/backup-holds?incident=" + incident;
    String listed = "/v1/backup-holds?asset=" + asset;
    await().untilAsserted(() -> hold(UUID.fromString(compromise)).body("incident", nullValue()));
    for (String role : List.of(RESPONDER, SYSADMIN, AUDITOR)) {
      String token = Tokens.of(role);
      Rest.as(token).get(found).then().statusCode(200).body("items", empty());
      Rest.as(token)
          .get(listed)
          .then()
          .body("items.id", contains(compromise))
          .body("items.incident", contains(nullValue()));
    }
    for (String list : List.of(found, listed)) {
      Rest.as(CISO_TOKEN).get(list).then().body("items.incident", contains(incident.toString()));
    }

    tellOfIncident("incident.restriction-lifted.v1", incident, "\"closed\":false");
    await()
        .untilAsserted(
            () ->
                Rest.as(RESPONDER_TOKEN).get(found).then().body("items.id", contains(compromise)));
  }

  @Test
  void twoCompromisesHoldUntilBothAreLiftedAndWhatIsLiftedStaysSo() {
    UUID first = declare(clock.instant().minusSeconds(60));
    UUID second = declare(clock.instant().minusSeconds(120));
    String run = run(Plans.daily(asset), Duration.ofDays(1), "dddddddd");
    lift(first);
    tell(
        "compromise.snapshot.v1",
        first,
        "\"state\":{\"state\":\"DECLARED\",\"incident\":\"%s\",\"asset\":\"%s\",\"compromisedSince\":\"%s\"}"
            .formatted(UUID.randomUUID(), asset, clock.instant()));
    problem(ask(access(), run), 409, "backups-held");

    tell(
        "compromise.snapshot.v1",
        second,
        "\"state\":{\"state\":\"LIFTED\",\"incident\":\"%s\",\"asset\":\"%s\",\"compromisedSince\":\"%s\"}"
            .formatted(UUID.randomUUID(), asset, clock.instant()));

    await().untilAsserted(() -> hold(second).body("liftedAt", notNullValue()));
    ask(access(), run).then().statusCode(201);
    hold(first).body("liftedAt", notNullValue());
  }

  @Test
  void theLastCopyFromBeforeThatATestHasShownToBeRestorableIsPinned() {
    // Given three copies, the last of them from after the code was there
    String plan = Plans.daily(asset);
    String oldest = run(plan, Duration.ofDays(6), "11111111");
    String before = run(plan, Duration.ofDays(4), "22222222");
    run(plan, Duration.ofDays(1), "33333333");
    test(plan, "11111111", true);
    test(plan, "33333333", true);

    // When
    UUID compromise = declare(clock.instant().minus(Duration.ofDays(3)));

    // Then what is verified counts, and what is verified later too
    hold(compromise).body("run", is(oldest));
    test(plan, "22222222", true);
    hold(compromise).body("run", is(before));
    test(plan, "22222222", false);
    hold(compromise).body("run", is(oldest));
    test(plan, "11111111", false);
    hold(compromise).body("run", nullValue());

    // When a tool has pruned what was pinned, which is no more
    test(plan, "11111111", true);
    hold(compromise).body("run", is(oldest));
    Rest.as(Plans.TOOL_TOKEN)
        .body(Map.of("prunedAt", clock.instant().toString(), "snapshots", List.of("11111111")))
        .post("/v1/prunings?plan=" + plan)
        .then()
        .statusCode(200);

    // Then
    hold(compromise).body("run", nullValue());
    assertEquals(
        List.of(
            "backup-hold.placed.v1",
            "backup-hold.pinned.v1",
            "backup-hold.pinned.v1",
            "backup-hold.pinned.v1",
            "backup-hold.pinned.v1",
            "backup-hold.pinned.v1"),
        published(compromise, 6));
  }
}
