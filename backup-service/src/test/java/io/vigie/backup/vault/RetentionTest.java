package io.vigie.backup.vault;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RetentionTest {

  private static final String DECISIONS = "/v1/retention-decisions";
  private static final String ADMIN = Tokens.of(SYSADMIN);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final String AUDITOR_TOKEN = Tokens.of(AUDITOR);
  private static final Map<String, String> PROOF =
      Map.of("how", "The tape was shredded", "sha256", "0".repeat(64));

  @Inject MovableClock clock;

  private final UUID asset = UUID.randomUUID();
  private final UUID client = UUID.randomUUID();

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static void tell(String service, String type, UUID id, String fields) {
    try (Topic topic = Topic.named("vigie." + service + ".events")) {
      topic.publish(
          type,
          (service.equals("asset") ? "asset/" : "client/") + id,
          id.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\",%s}".formatted(id, fields));
    }
  }

  private void become(String type, String state) {
    tell(
        "asset", type, asset, "\"reason\":\"old\",\"changes\":{\"state\":\"%s\"}".formatted(state));
  }

  private void retire() {
    become("asset.retired.v1", "RETIRED");
    await().untilAsserted(() -> problem(Plans.create(Plans.nightly(asset)), 422, "asset-gone"));
  }

  private void endContract(LocalDate dueOn) {
    tell(
        "access",
        "client.ended.v1",
        client,
        "\"fate\":\"DESTROYED\",\"dueOn\":\"%s\",\"changes\":{}".formatted(dueOn));
  }

  /** An asset in service for the client. */
  private void serve(UUID one) {
    tell(
        "asset",
        "asset.registered.v1",
        one,
        "\"changes\":{\"kind\":\"SERVER\",\"state\":\"IN_SERVICE\",\"client\":\"%s\"}"
            .formatted(client));
    await()
        .untilAsserted(
            () ->
                Rest.as(AUDITOR_TOKEN)
                    .get("/v1/coverage/" + one)
                    .then()
                    .body("assetState", equalTo("IN_SERVICE")));
  }

  private String run() {
    return run(Plans.daily(asset));
  }

  private String run(String plan) {
    return Plans.report(plan, Plans.success(clock.instant().minusSeconds(60)))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private Response decide(Duration keep) {
    return Rest.as(ADMIN)
        .body(
            Map.of(
                "asset",
                asset,
                "keepUntil",
                clock.instant().plus(keep).toString(),
                "reason",
                "Invoices are kept for ten years"))
        .post(DECISIONS);
  }

  /**
   * In the version that it has then: clocks and what other services tell may change it meanwhile.
   */
  private static Response change(String token, String path, String what, Map<String, ?> body) {
    return await()
        .until(() -> changeOnce(token, path, what, body), answer -> answer.statusCode() != 412);
  }

  private static Response changeOnce(String token, String path, String what, Map<String, ?> body) {
    var request = Rest.as(token).header("If-Match", Rest.as(ADMIN).get(path).header("ETag"));
    return (body == null ? request : request.body(body)).post(path + "/" + what);
  }

  /** Until it is written down that copies should be gone: that makes another version of it. */
  private static void awaitDue(String path) {
    await()
        .untilAsserted(
            () -> Rest.as(AUDITOR_TOKEN).get(path).then().body("dueSince", notNullValue()));
  }

  private ValidatableResponse decisions() {
    return decisions(asset);
  }

  private static ValidatableResponse decisions(UUID one) {
    return Rest.as(AUDITOR_TOKEN).get(DECISIONS + "?asset=" + one).then().statusCode(200);
  }

  private static List<String> published(String decision, int count) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      return new ArrayList<>(
          topic.await(count, about("retention-decision/" + decision)).stream()
              .map(record -> header(record, "ce_type"))
              .toList());
    }
  }

  @Test
  void copiesOfARetiredAssetAreKeptUntilADateAndThenSomebodyProvesThatTheyAreGone() {
    // Given
    problem(decide(Duration.ofDays(30)), 422, "asset-not-retired");
    run();
    retire();
    problem(decide(Duration.ofDays(-1)), 400, "validation");
    String id = decide(Duration.ofDays(30)).then().statusCode(201).extract().path("id");
    problem(decide(Duration.ofDays(30)), 409, "already-exists");
    String path = DECISIONS + "/" + id;
    String task = "retention-decision.prove retention-decision/" + id;
    problem(change(CISO_TOKEN, path, "proof", PROOF), 409, "retention-not-over");
    assertFalse(Plans.tasks(CISO_TOKEN).contains(task));

    // When
    clock.move(Duration.ofDays(31));

    // Then
    awaitDue(path);
    assertFalse(Plans.tasks(ADMIN).contains(task), "who decided does not prove it");
    problem(change(ADMIN, path, "proof", PROOF), 422, "self-verification");
    assertTrue(Plans.tasks(CISO_TOKEN).contains(task));
    change(CISO_TOKEN, path, "proof", PROOF)
        .then()
        .statusCode(200)
        .body("provenAt", notNullValue())
        .body("proof", is("The tape was shredded"));
    problem(change(CISO_TOKEN, path, "proof", PROOF), 409, "deletion-proven");
    assertFalse(Plans.tasks(CISO_TOKEN).contains(task));
    Rest.as(ADMIN).post("/v1/snapshots").then().statusCode(200);
    assertEquals(
        List.of(
            "retention-decision.made.v1",
            "retention-decision.due.v1",
            "retention-decision.proven.v1",
            "retention-decision.snapshot.v1"),
        published(id, 4));
  }

  @Test
  void noToolPrunesTheCopiesOfARetiredAssetBeforeTheTimeThatWasDecidedIsOver() {
    // Given copies for a client whose contract ends, which are kept for longer than the asset's
    serve(asset);
    String plan = Plans.daily(asset);
    run(plan);
    pruning(plan).body("allowed", is(true));
    endContract(clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(60));
    await().untilAsserted(() -> decisions().body("items", hasSize(1)));
    pruning(plan).body("allowed", is(true));

    // When
    retire();

    // Then
    assertKept(plan);
    decide(Duration.ofDays(30)).then().statusCode(201);
    assertKept(plan);
    clock.move(Duration.ofDays(31));
    assertKept(plan);
    clock.move(Duration.ofDays(31));
    pruning(plan).body("allowed", is(true)).body("size()", is(1));
  }

  @Test
  void nobodyProvesByOneDecisionThatCopiesAreGoneWhichAnotherOneKeeps() {
    // Given a client's data that is to be gone in ten days, on an asset that is retired
    serve(asset);
    run();
    endContract(clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(10));
    await().untilAsserted(() -> decisions().body("items", hasSize(1)));
    String ofContract = decisions().extract().path("items[0].id");
    String path = DECISIONS + "/" + ofContract;
    retire();
    clock.move(Duration.ofDays(12));
    problem(change(ADMIN, path, "proof", PROOF), 409, "retention-not-over");
    String task = "retention-decision.prove retention-decision/" + ofContract;

    // When
    decide(Duration.ofDays(90)).then().statusCode(201);

    // Then
    problem(change(ADMIN, path, "proof", PROOF), 409, "retention-not-over");
    assertFalse(Plans.tasks(CISO_TOKEN).contains(task), "the other decision keeps them");
    clock.move(Duration.ofDays(91));
    assertTrue(Plans.tasks(CISO_TOKEN).contains(task));
    awaitDue(path);
    change(ADMIN, path, "proof", PROOF).then().statusCode(200);
  }

  private static void assertKept(String plan) {
    pruning(plan)
        .body("allowed", is(false))
        .body("reason", containsString("POST /v1/retention-decisions"));
  }

  private static ValidatableResponse pruning(String plan) {
    return Rest.as(Plans.TOOL_TOKEN).get("/v1/plans/" + plan + "/pruning").then().statusCode(200);
  }

  @Test
  void aDecisionKeepsCopiesForNoLessThanThePlanThatMadeThem() {
    Map<String, Object> plan = new HashMap<>(Plans.nightly(asset));
    plan.put("copy", Map.of("medium", "TAPE", "protection", "OFFLINE", "retentionDays", 90));
    run(Plans.create(plan).then().statusCode(201).extract().path("id"));
    LocalDate earliest =
        clock.instant().minusSeconds(60).atOffset(ZoneOffset.UTC).toLocalDate().plusDays(90);
    retire();

    decide(Duration.ofDays(30))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:retention-too-short"))
        .body("detail", containsString(earliest.toString()));

    decide(Duration.ofDays(90)).then().statusCode(201);
  }

  @Test
  void nobodyProvesThatTheCopiesOfALostAssetAreGone() {
    // Given
    String plan = Plans.daily(asset);
    run(plan);
    retire();
    String path =
        DECISIONS + "/" + decide(Duration.ofDays(30)).then().statusCode(201).extract().path("id");

    // When
    become("asset.lost.v1", "LOST");
    await().untilAsserted(() -> Plans.get(plan).then().body("assetState", equalTo("LOST")));
    clock.move(Duration.ofDays(31));

    // Then
    problem(change(CISO_TOKEN, path, "proof", PROOF), 409, "backups-held");
  }

  @Test
  void whatIsBackIsDecidedAboutAnewWhenItIsRetiredTheNextTime() {
    // Given
    String plan = Plans.daily(asset);
    run(plan);
    retire();
    String id = decide(Duration.ofDays(30)).then().statusCode(201).extract().path("id");
    String path = DECISIONS + "/" + id;

    // When
    become("asset.lost.v1", "LOST");
    become("asset.recovered.v1", "IN_STOCK");

    // Then
    await()
        .untilAsserted(
            () -> Rest.as(AUDITOR_TOKEN).get(path).then().body("endedAt", notNullValue()));
    clock.move(Duration.ofDays(31));
    assertFalse(
        Plans.tasks(CISO_TOKEN).contains("retention-decision.prove retention-decision/" + id));
    problem(change(CISO_TOKEN, path, "proof", PROOF), 409, "retention-ended");
    clock.backToNow();

    // When
    retire();
    Plans.change(plan, "POST", "ending", Map.of("reason", "replaced")).then().statusCode(200);

    // Then
    await().until(() -> Plans.tasks(CISO_TOKEN).contains("retention-decision.make asset/" + asset));
    decide(Duration.ofDays(60)).then().statusCode(201);
    try (Topic topic = Topic.named("vigie.backup.events")) {
      assertEquals(1, topic.await(1, about("asset-backups/" + asset)).size());
    }
    assertEquals(
        List.of("retention-decision.made.v1", "retention-decision.ended.v1"), published(id, 2));
  }

  @Test
  void copiesThatAreProvenToBeGoneAreNoRecoveryPoints() {
    // Given
    String plan = Plans.daily(asset);
    Map<String, Object> run = Plans.success(clock.instant().minusSeconds(3_600));
    run.put("snapshot", "0a1b2c3d");
    String id = Plans.report(plan, run).then().statusCode(201).extract().path("id");
    tested(plan, "0a1b2c3d").then().statusCode(201);
    retire();
    duty().body("recoveryPoint", equalTo(id));
    String path =
        DECISIONS + "/" + decide(Duration.ofDays(30)).then().statusCode(201).extract().path("id");
    clock.move(Duration.ofDays(31));
    awaitDue(path);

    // When
    change(CISO_TOKEN, path, "proof", PROOF).then().statusCode(200);

    // Then
    duty().body("recoveryPoint", nullValue());
    problem(tested(plan, "0a1b2c3d"), 422, "no-such-copy");
  }

  @Test
  void copiesThatAreProvenToBeGoneCoverNothing() {
    // Given
    serve(asset);
    String plan = Plans.daily(asset);
    run(plan);
    endContract(clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(10));
    await().untilAsserted(() -> decisions().body("items", hasSize(1)));
    String path = DECISIONS + "/" + decisions().extract().path("items[0].id");
    clock.move(Duration.ofDays(12));
    awaitDue(path);
    run(plan);
    copies().body("copies.flaw", contains(nullValue()));

    // When
    change(ADMIN, path, "proof", PROOF).then().statusCode(200);

    // Then
    copies().body("copies.flaw", contains("DELETED"));

    // When there is another one
    clock.move(Duration.ofHours(1));
    run(plan);

    // Then
    copies().body("copies.flaw", contains(nullValue()));
  }

  private ValidatableResponse copies() {
    return Rest.as(AUDITOR_TOKEN).get("/v1/coverage/" + asset).then().statusCode(200);
  }

  private ValidatableResponse duty() {
    return Rest.as(AUDITOR_TOKEN).get("/v1/restore-duties/" + asset).then().statusCode(200);
  }

  private Response tested(String plan, String snapshot) {
    Instant end = clock.instant();
    return Rest.as(Plans.TOOL_TOKEN)
        .body(
            Map.of(
                "snapshot",
                snapshot,
                "depth",
                "L1",
                "outcome",
                "PASSED",
                "startedAt",
                end.minusSeconds(60).toString(),
                "endedAt",
                end.toString(),
                "sampled",
                25,
                "differences",
                0))
        .post("/v1/restore-tests/reports?plan=" + plan);
  }

  @Test
  void anAssetThatIsBackedUpOrKnownToServeAClientAfterItsContractEndedIsDecidedAboutToo() {
    // Given
    serve(asset);
    run();
    LocalDate dueOn = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(20);
    endContract(dueOn);
    await().untilAsserted(() -> decisions().body("items", hasSize(1)));
    UUID backedUpLater = UUID.randomUUID();
    UUID knownLater = UUID.randomUUID();
    serve(backedUpLater);
    run(Plans.daily(knownLater));
    decisions(backedUpLater).body("items", hasSize(0));

    // When
    run(Plans.daily(backedUpLater));
    serve(knownLater);

    // Then
    for (UUID one : List.of(backedUpLater, knownLater)) {
      decisions(one)
          .body("items.client", contains(client.toString()))
          .body("items.keepUntil", contains(dueOn.plusDays(1) + "T00:00:00Z"));
    }
  }

  @Test
  void aClientWhoseContractEndedBeforeThisServiceWasThereIsLearntFromASnapshotOnce() {
    // Given
    serve(asset);
    run();
    LocalDate dueOn = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(20);

    // When
    tell("access", "client.snapshot.v1", client, "\"state\":{\"state\":\"ACTIVE\"}");
    snapshot(dueOn);

    // Then
    await().untilAsserted(() -> decisions().body("items", hasSize(1)));
    decisions()
        .body("items.client", contains(client.toString()))
        .body("items.keepUntil", contains(dueOn.plusDays(1) + "T00:00:00Z"));

    // When it is told again
    snapshot(dueOn);
    snapshot(dueOn.plusDays(1));

    // Then
    await().until(() -> lastDay().equals(dueOn.plusDays(1)));
    decisions().body("items", hasSize(1));
  }

  private void snapshot(LocalDate dueOn) {
    tell(
        "access",
        "client.snapshot.v1",
        client,
        "\"state\":{\"state\":\"ENDED\",\"fate\":\"DESTROYED\",\"dueOn\":\"%s\"}".formatted(dueOn));
  }

  private LocalDate lastDay() throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("backup");
        PreparedStatement statement =
            connection.prepareStatement("select due_on from ended_client where client = ?")) {
      statement.setObject(1, client);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1, LocalDate.class);
      }
    }
  }

  @Test
  void whenAClientsContractEndsTheCopiesOfItsAssetsAreToBeGoneByTheDayThatWasDecided() {
    // Given
    serve(asset);
    String run = run();
    LocalDate dueOn = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(20);

    // When
    endContract(dueOn);

    // Then
    await().untilAsserted(() -> decisions().body("items", hasSize(1)));
    String id =
        decisions()
            .body("items.client", contains(client.toString()))
            .body("items.cause", contains("CONTRACT_ENDED"))
            .body("items.keepUntil", contains(dueOn.plusDays(1) + "T00:00:00Z"))
            .extract()
            .path("items[0].id");
    String path = DECISIONS + "/" + id;
    problem(change(ADMIN, path, "proof", PROOF), 409, "retention-not-over");

    // When two people have deleted its only copy before
    Plans.delete(asset, run);

    // Then
    change(ADMIN, path, "proof", PROOF).then().statusCode(200);
    assertEquals(
        List.of("retention-decision.made.v1", "retention-decision.proven.v1"), published(id, 2));
  }
}
