package io.vigie.backup.vault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.backup.Plans;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PrunedTest {

  private static final String AUDITOR_TOKEN = Tokens.of(AUDITOR);

  private final UUID asset = UUID.randomUUID();

  /** A plan that has copies kept for 90 days. */
  private String plan() {
    Map<String, Object> body = new HashMap<>(Plans.nightly(asset));
    body.put("copy", Map.of("medium", "DISK", "protection", "NONE", "retentionDays", 90));
    return Plans.create(body).then().statusCode(201).extract().path("id");
  }

  private static String run(String plan, Duration ago, String snapshot) {
    Map<String, Object> body = Plans.success(Instant.now().minus(ago));
    body.put("snapshot", snapshot);
    return Plans.report(plan, body).then().statusCode(201).extract().path("id");
  }

  /** As restic calls a copy. */
  private static String snapshot() {
    return (UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", "");
  }

  private static Response pruned(String token, String plan, List<String> snapshots) {
    return pruned(token, plan, snapshots, Instant.now());
  }

  private static Response pruned(String token, String plan, List<String> snapshots, Instant at) {
    return Rest.as(token)
        .body(Map.of("prunedAt", at.toString(), "snapshots", snapshots))
        .post("/v1/prunings?plan=" + plan);
  }

  private static ValidatableResponse shown(String plan, String run) {
    return Rest.as(AUDITOR_TOKEN).get("/v1/plans/" + plan + "/runs/" + run).then().statusCode(200);
  }

  /** The reason of the second event of the run, which says that its copy is pruned. */
  private static String reason(String run) {
    try (Topic topic = Topic.named("vigie.backup.events")) {
      ConsumerRecord<String, byte[]> told = topic.await(2, about("backup-run/" + run)).get(1);
      assertEquals("backup-run.pruned.v1", header(told, "ce_type"));
      return JsonPath.from(new String(told.value(), StandardCharsets.UTF_8)).getString("reason");
    }
  }

  @Test
  void aCopyThatAToolPrunedIsToldOnceWithItsReasonAndCountsNoMore() {
    // Given copies, of the older of which the tool told the beginning of its name alone
    String plan = plan();
    String older = snapshot();
    String newer = snapshot();
    String kept = run(plan, Duration.ofDays(20), snapshot());
    String old = run(plan, Duration.ofDays(100), older.substring(0, 8));
    String recent = run(plan, Duration.ofDays(10), newer);
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/coverage/" + asset)
        .then()
        .body("copies.flaw", contains(nullValue()));

    // When
    pruned(Plans.TOOL_TOKEN, plan, List.of(older, snapshot()))
        .then()
        .statusCode(200)
        .body("runs", contains(old));
    pruned(Plans.TOOL_TOKEN, plan, List.of(older, newer))
        .then()
        .statusCode(200)
        .body("runs", contains(old, recent));

    // Then
    assertEquals("RETENTION", reason(old));
    assertEquals("BEFORE_RETENTION", reason(recent));
    shown(plan, old).body("prunedAt", notNullValue());
    shown(plan, kept).body("prunedAt", nullValue());
    Rest.as(AUDITOR_TOKEN)
        .get("/v1/coverage/" + asset)
        .then()
        .body("copies.flaw", contains("DELETED"));
    Map<String, Object> test = new HashMap<>(Map.of("snapshot", newer, "depth", "L0"));
    test.put("outcome", "PASSED");
    test.put("startedAt", Instant.now().minusSeconds(60).toString());
    test.put("endedAt", Instant.now().minusSeconds(30).toString());
    problem(
        Rest.as(Plans.TOOL_TOKEN).body(test).post("/v1/restore-tests/reports?plan=" + plan),
        422,
        "no-such-copy");

    // When the tool's reports are lost on their way back, and come again
    String version = shown(plan, recent).extract().header("ETag");
    pruned(Plans.TOOL_TOKEN, plan, List.of(older, newer))
        .then()
        .statusCode(200)
        .body("runs", contains(old, recent));

    // Then nothing more is told
    assertEquals(version, shown(plan, recent).extract().header("ETag"));
  }

  @Test
  void onlyToolsTellOfPruningAndOnlyOfAFewCopiesOfAPlanAtOnce() {
    String plan = plan();
    String snapshot = snapshot();
    run(plan, Duration.ofDays(1), snapshot);
    String other = Plans.daily(UUID.randomUUID());

    pruned(Plans.SYSADMIN_TOKEN, plan, List.of(snapshot)).then().statusCode(403);
    pruned(Plans.TOOL_TOKEN, other, List.of(snapshot)).then().statusCode(200).body("runs", empty());
    problem(
        pruned(Plans.TOOL_TOKEN, UUID.randomUUID().toString(), List.of(snapshot)),
        404,
        "not-found");
    problem(pruned(Plans.TOOL_TOKEN, plan, List.of()), 400, "validation");
    problem(pruned(Plans.TOOL_TOKEN, plan, Collections.nCopies(201, snapshot)), 400, "validation");
  }

  @Test
  void aCopyIsPrunedNeitherInTheFutureNorBeforeTheRunThatMadeIt() {
    String plan = plan();
    String snapshot = snapshot();
    String run = run(plan, Duration.ofDays(1), snapshot);
    Instant now = Instant.now();

    for (Instant wrong : List.of(now.plusSeconds(3_600), now.minus(Duration.ofDays(2)))) {
      problem(pruned(Plans.TOOL_TOKEN, plan, List.of(snapshot), wrong), 400, "validation");
    }

    shown(plan, run).body("prunedAt", nullValue());
  }
}
