package io.vigie.asset.deployment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.Calls.get;
import static io.vigie.asset.Calls.post;
import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DeploymentResourceTest {

  private static final String JOB = Tokens.of(TOOL);
  private static final String MANAGER = Tokens.of(ASSET_MANAGER);
  private static final Instant DEPLOYED = Instant.now().minusSeconds(3_600);

  private final UUID author = UUID.randomUUID();
  private String asset;

  @BeforeEach
  void registerTheApplication() {
    asset = Calls.asset(MANAGER, "APPLICATION");
  }

  private Map<String, Object> report() {
    return new HashMap<>(
        Map.of(
            "asset",
            asset,
            "release",
            "2.4.1",
            "environment",
            "production",
            "commit",
            "a".repeat(40),
            "repository",
            "https://git.example.org/agency/shop",
            "author",
            author.toString(),
            "pipeline",
            "deploy",
            "runUrl",
            "https://ci.example.org/runs/" + UUID.randomUUID(),
            "deployedAt",
            DEPLOYED.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private static Response send(Map<String, Object> report) {
    return Rest.as(JOB)
        .body(Map.of("report", report, "outcome", "SUCCEEDED"))
        .post("/v1/deployments");
  }

  private String reviewed() {
    Map<String, Object> report = report();
    report.put("reviewer", UUID.randomUUID().toString());
    return send(report).then().statusCode(201).extract().path("id");
  }

  private String emergency() {
    Map<String, Object> report = report();
    report.put("emergency", "The shop was down");
    return send(report).then().statusCode(201).extract().path("id");
  }

  @Test
  void aDeploymentIsReportedOnceAndMayTurnOutWorse() {
    Map<String, Object> report = report();
    report.put("reviewer", UUID.randomUUID().toString());
    String id =
        send(report)
            .then()
            .statusCode(201)
            .body("report.release", equalTo("2.4.1"))
            .extract()
            .path("id");
    problem(send(report), 409, "already-exists");

    String path = "/v1/deployments/" + id;
    post(JOB, path, path + "/outcome", Map.of("outcome", "ROLLED_BACK"))
        .then()
        .statusCode(200)
        .body("outcome", equalTo("ROLLED_BACK"));
    problem(
        post(JOB, path, path + "/outcome", Map.of("outcome", "SUCCEEDED")),
        409,
        "outcome-not-later");
    problem(
        Rest.as(JOB).body(Map.of("outcome", "FAILED")).post(path + "/outcome"),
        428,
        "precondition-required");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of("deployment.reported.v1", "deployment.turned-out.v1"),
          topic.await(2, about(id)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void codeThatNobodyElseReviewedIsRefusedAndTheRuleNamed() {
    Map<String, Object> alone = report();
    problem(send(alone), 422, "review-missing").body("detail", containsString("R11.16"));

    alone.put("reviewer", author.toString());
    problem(send(alone), 422, "self-review").body("detail", containsString("R11.16"));

    get(MANAGER, "/v1/deployments?asset=" + asset).then().body("items", equalTo(List.of()));
  }

  @Test
  void anEmergencyWaitsForAReviewBySomebodyElseThanItsAuthor() {
    // Given
    String id = emergency();
    String path = "/v1/deployments/" + id;
    String subject = "deployment/" + id;
    Map<String, String> findings = Map.of("findings", "does what it says");
    get(MANAGER, path)
        .then()
        .body(
            "reviewDue",
            equalTo(DEPLOYED.truncatedTo(ChronoUnit.SECONDS).plusSeconds(172_800).toString()));
    assertEquals(List.of("deployment.review"), tasks(MANAGER, subject));
    assertEquals(List.of(), tasks(Tokens.of(author, ASSET_MANAGER), subject));
    assertEquals(List.of(), tasks(Tokens.of(STAFF), subject));

    // When
    problem(post(Tokens.of(author, STAFF), path, path + "/review", findings), 422, "self-review");
    post(Tokens.of(STAFF), path, path + "/review", findings).then().statusCode(200);

    // Then
    assertEquals(List.of(), tasks(MANAGER, subject));
    problem(post(Tokens.of(STAFF), path, path + "/review", findings), 409, "deployment-reviewed");
  }

  @Test
  void deploymentsAreListedByAssetAuthorTimeAndWhetherTheyWaitForAReview() {
    String reviewed = reviewed();
    String emergency = emergency();
    String ofThis = "/v1/deployments?asset=" + asset;

    for (String all :
        List.of(
            "",
            "&author=" + author,
            "&from=" + DEPLOYED.minusSeconds(5) + "&to=" + DEPLOYED.plusSeconds(5),
            "&environment=production&outcome=SUCCEEDED")) {
      get(MANAGER, ofThis + all).then().body("items.id", equalTo(List.of(reviewed, emergency)));
    }
    get(MANAGER, ofThis + "&unreviewed=true").then().body("items.id", equalTo(List.of(emergency)));
    get(MANAGER, ofThis + "&unreviewed=false").then().body("items.id", equalTo(List.of(reviewed)));
    for (String none :
        List.of(
            "&author=" + UUID.randomUUID(),
            "&from=" + DEPLOYED.plusSeconds(5),
            "&to=" + DEPLOYED.minusSeconds(5),
            "&environment=staging")) {
      get(MANAGER, ofThis + none).then().body("items", equalTo(List.of()));
    }
  }

  @Test
  void whoWroteAndReviewedItIsFlaggedAndListedUntilAccessServiceTellsWhoseAccountsTheyAre() {
    // Given accounts of nobody, and an emergency, which names no reviewer
    UUID reviewer = UUID.randomUUID();
    Map<String, Object> report = report();
    report.put("reviewer", reviewer.toString());
    String reviewed =
        send(report)
            .then()
            .statusCode(201)
            .body("unknownPeople", equalTo(List.of(author.toString(), reviewer.toString())))
            .extract()
            .path("id");
    String emergency = emergency();
    String ofThis = "/v1/deployments?asset=" + asset + "&unknownPeople=";
    get(MANAGER, ofThis + "true").then().body("items.id", equalTo(List.of(reviewed, emergency)));
    get(MANAGER, ofThis + "false").then().body("items", equalTo(List.of()));

    // When somebody turns out to have the author's
    own(author);

    // Then only the reviewer is unknown
    await()
        .untilAsserted(
            () ->
                get(MANAGER, "/v1/deployments/" + reviewed)
                    .then()
                    .body("unknownPeople", equalTo(List.of(reviewer.toString()))));
    get(MANAGER, ofThis + "true")
        .then()
        .body("items.id", equalTo(List.of(reviewed)))
        .body("items[0].unknownPeople", equalTo(List.of(reviewer.toString())));
    get(MANAGER, ofThis + "false").then().body("items.id", equalTo(List.of(emergency)));

    // And when somebody has the reviewer's, too, nobody is
    own(reviewer);
    await()
        .untilAsserted(
            () -> get(MANAGER, ofThis + "true").then().body("items", equalTo(List.of())));
    get(MANAGER, ofThis + "false").then().body("items.id", equalTo(List.of(reviewed, emergency)));
  }

  @Test
  void whoWasKnownAndHasAnotherAccountByNowOrLeftIsNoUnknownPerson() {
    // Given what an author wrote with two accounts
    UUID reviewer = UUID.randomUUID();
    UUID another = UUID.randomUUID();
    Map<String, Object> report = report();
    report.put("reviewer", reviewer.toString());
    String before = send(report).then().statusCode(201).extract().path("id");
    report = report();
    report.put("author", another.toString());
    report.put("reviewer", reviewer.toString());
    String after = send(report).then().statusCode(201).extract().path("id");

    // When it is told that they had one and have the other, and that the reviewer left
    UUID person = own(author);
    tell("person.changed.v1", person, "\"changes\":{\"subject\":\"%s\"}".formatted(another));
    tell(
        "person.snapshot.v1",
        UUID.randomUUID(),
        "\"state\":{\"state\":\"LEFT\",\"subject\":\"%s\"}".formatted(reviewer));

    // Then
    await()
        .untilAsserted(
            () ->
                get(MANAGER, "/v1/deployments?unknownPeople=false&asset=" + asset)
                    .then()
                    .body("items.id", equalTo(List.of(before, after))));
    get(MANAGER, "/v1/deployments/" + before).then().body("unknownPeople", equalTo(List.of()));
  }

  /** Somebody joins, who has this account. */
  private static UUID own(UUID account) {
    UUID person = UUID.randomUUID();
    tell("person.joined.v1", person, "\"subject\":\"%s\"".formatted(account));
    return person;
  }

  private static void tell(String type, UUID person, String fields) {
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          type,
          "person/" + person,
          person.toString(),
          "{\"aggregateId\":\"%s\",%s,\"at\":\"2026-01-02T03:04:05Z\"}".formatted(person, fields));
    }
  }

  @Test
  void whatIsNoDeploymentIsRefusedByItsFields() {
    Map<String, Object> report = report();
    report.put("commit", "HEAD");
    report.put("repository", "https://user:secret@git.example.org/shop");
    report.put("author", "ada@example.org");
    problem(send(report), 400, "validation");
    report.put("author", author.toString());
    problem(send(report), 400, "validation")
        .body("errors.field", hasItems("report.commit", "report.repository"));

    Map<String, Object> unknown = report();
    unknown.put("asset", UUID.randomUUID().toString());
    unknown.put("emergency", "down");
    problem(send(unknown), 422, "asset-unknown");
  }

  @Test
  void softwareIsDeployedToWhatRunsItAndIsNotGone() {
    // Given an application that is retired after a deployment
    reviewed();
    String path = "/v1/assets/" + asset;
    post(MANAGER, path, path + "/retirement", Map.of("reason", "old")).then().statusCode(200);

    // Then nothing is deployed to it any more
    Map<String, Object> report = report();
    report.put("reviewer", UUID.randomUUID().toString());
    problem(send(report), 422, "asset-not-deployable").body("detail", containsString("RETIRED"));

    // Nor ever to a building or a tape
    for (String kind : List.of("PREMISES", "TAPE")) {
      report.put("asset", Calls.asset(MANAGER, kind));
      problem(send(report), 422, "asset-not-deployable")
          .body("detail", containsString("APPLICATION, DATABASE"));
    }
    report.put("asset", Calls.asset(MANAGER, "SERVER"));
    send(report).then().statusCode(201);
  }

  @Test
  void theStateOfEveryDeploymentCanBePublishedAgain() {
    String id = reviewed();

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertTrue(
          new String(topic.await(1, about(id).and(ofType("deployment.snapshot.v1"))).get(0).value())
              .contains("\"outcome\":\"SUCCEEDED\""));
    }
  }
}
