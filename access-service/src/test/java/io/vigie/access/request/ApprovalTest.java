package io.vigie.access.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.stateOf;
import static io.vigie.access.request.Circle.approve;
import static io.vigie.access.request.Circle.awaiting;
import static io.vigie.access.request.Circle.tasks;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Against the paths of contracts/policy/approval-paths.json. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ApprovalTest {

  @Inject MovableClock clock;

  private Circle circle;
  private String manager;
  private String owner;
  private String recipient;

  @BeforeEach
  void people() {
    circle = new Circle();
    manager = Tokens.of(circle.manager);
    owner = Tokens.of(circle.owner);
    recipient = Tokens.of(circle.recipient);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @Test
  void whatIsSensitiveIsApprovedByTheManagerAndThenByTheOwner() {
    // Given
    String right = circle.asks("SENSITIVE");

    // Then the owner's turn has not come
    problem(approve(owner, right), 403, "forbidden");
    awaiting(manager).then().body("items.id", contains(right));
    awaiting(owner).then().body("items", empty());

    // When the manager approves
    approve(manager, right)
        .then()
        .statusCode(200)
        .body("state", equalTo("REQUESTED"))
        .body("decided", nullValue())
        .body("approval.step", equalTo(1))
        .body("approval.awaits", containsInAnyOrder("OWNER", "CISO"))
        .body("approval.given.as", contains("MANAGER"))
        .body("approval.given.by", contains(circle.manager.toString()));

    // Then it waits for the owner, whose approval is the last
    awaiting(manager).then().body("items", empty());
    awaiting(owner).then().body("items.id", contains(right));
    approve(owner, right)
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"))
        .body("decided.by", equalTo(circle.owner.toString()))
        .body("approval.awaits", empty());
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(right));
      assertEquals(
          List.of("right.requested.v1", "right.endorsed.v1", "right.approved.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals(circle.manager.toString(), header(records.get(1), "ce_actor"));
    }
  }

  @Test
  void whatIsPrivilegedIsApprovedByTheOwnerAndTheCisoInAnyOrder() {
    String right = circle.asks("PRIVILEGED");
    String ciso = Tokens.of(CISO);

    problem(approve(manager, right), 403, "forbidden");
    problem(approve(Tokens.of(ACCESS_MANAGER), right), 403, "forbidden");
    approve(ciso, right).then().statusCode(200).body("approval.awaits", contains("OWNER"));
    problem(approve(ciso, right), 422, "already-approved");
    approve(owner, right).then().statusCode(200).body("state", equalTo("APPROVED"));
  }

  @Test
  void nobodyCountsTwiceWhateverTheyAre() {
    // Given the owner is the CISO, too
    String both = Tokens.of(circle.owner, CISO);
    String right = circle.asks("PRIVILEGED");

    // When
    approve(both, right).then().statusCode(200).body("approval.given.as", contains("CISO"));

    // Then
    problem(approve(both, right), 422, "already-approved");
    assertEquals("REQUESTED", stateOf(right));

    // And the owner's part, which nobody is left for, is an access manager's
    approve(Tokens.of(ACCESS_MANAGER), right).then().body("state", equalTo("APPROVED"));
  }

  @Test
  void whatNobodyCanApproveAsManagerFallsToAccessManagersAndSaysSo() {
    // Given somebody without a manager
    UUID subject = UUID.randomUUID();
    String person = Api.join(subject);
    String right =
        Api.request(
                Tokens.of(subject),
                Map.of(
                    "person",
                    person,
                    "entitlement",
                    circle.entitlement("VPN", "SENSITIVE"),
                    "reason",
                    "On call"))
            .path("id");

    // Then
    problem(approve(owner, right), 403, "forbidden");
    String first = Tokens.of(ACCESS_MANAGER);
    approve(first, right)
        .then()
        .statusCode(200)
        .body("approval.given.part", contains("MANAGER"))
        .body("approval.given.as", contains("ACCESS_MANAGER"));
    problem(approve(first, right), 422, "already-approved");
    approve(owner, right).then().body("state", equalTo("APPROVED"));
  }

  @Test
  void whatIsSensitiveTheCisoApprovesInTheSecondStepAndAccessManagersOnlyForWhoIsMissing() {
    // Given somebody whose manager approved
    String right = circle.asks("SENSITIVE");
    String ciso = Tokens.of(CISO);
    problem(approve(ciso, right), 403, "forbidden");
    approve(manager, right).then().statusCode(200);

    // Then an access manager does not count as long as the owner does
    problem(approve(Tokens.of(ACCESS_MANAGER), right), 403, "forbidden");
    Rest.as(ciso)
        .get("/v1/rights?awaiting=me&person=" + circle.recipientId)
        .then()
        .body("items.id", contains(right));
    problem(approve(Tokens.of(circle.recipient, CISO), right), 422, "self-approval");

    // When
    approve(ciso, right)
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"))
        .body("approval.given.as", contains("MANAGER", "CISO"));
  }

  @Test
  void anApprovalAfterTheTimeThatWasAskedForIsRefusedAndOnlyARefusalIsLeft() {
    // Given two days that somebody asks for, of which one step of two is approved in time
    String right =
        circle.asks(
            Map.of(
                "entitlement",
                circle.entitlement("SERVER_ACCOUNT", "SENSITIVE"),
                "validUntil",
                clock.instant().plus(Duration.ofDays(2)).toString()));
    approve(manager, right).then().statusCode(200);

    // When
    clock.move(Duration.ofDays(3));

    // Then
    problem(approve(owner, right), 409, "time-over");
    assertEquals("REQUESTED", stateOf(right));
    Api.act(owner, right, "refusal", Map.of("reason", "The time is over"))
        .then()
        .statusCode(200)
        .body("state", equalTo("REFUSED"));
    problem(approve(owner, right), 409, "right-not-requested");
  }

  @Test
  void aManagerWhoAskedDoesNotApprove() {
    // Given
    String entitlement = circle.entitlement("SERVER_ACCOUNT", "SENSITIVE");
    String right = circle.ask(manager, Map.of("entitlement", entitlement)).path("id");

    // Then an access manager does in their place
    problem(approve(manager, right), 422, "self-approval");
    problem(approve(recipient, right), 422, "self-approval");
    awaiting(manager).then().body("items", empty());
    approve(Tokens.of(ACCESS_MANAGER), right)
        .then()
        .statusCode(200)
        .body("approval.given.as", contains("ACCESS_MANAGER"));
  }

  @Test
  void managersAskForThoseWhomTheyLeadAndForNobodyElse() {
    Map<String, String> body = Map.of("entitlement", circle.entitlement("VPN", "NORMAL"));

    problem(circle.ask(owner, body), 403, "forbidden");
    problem(circle.ask(Tokens.of(STAFF), body), 403, "forbidden");
    circle.ask(manager, body).then().statusCode(201);
  }

  @Test
  void ofTwoApproversAtOnceTheSecondIsToldToReadAgain() {
    // Given two who may approve, and have read the same
    String right = circle.asks("NORMAL");
    String read = Rest.as(manager).get("/v1/rights/" + right).header("ETag");
    String path = "/v1/rights/" + right + "/approval";

    // When
    Rest.as(manager).header("If-Match", read).body("").post(path).then().statusCode(200);

    // Then
    problem(Rest.as(owner).header("If-Match", read).body("").post(path), 412, "stale");
    problem(approve(owner, right), 409, "right-not-requested");
  }

  @Test
  void whoMayApproveNowRefuses() {
    String right = circle.asks("SENSITIVE");

    problem(Api.act(owner, right, "refusal", Map.of("reason", "no")), 403, "forbidden");
    Api.act(manager, right, "refusal", Map.of("reason", "Not in this team"))
        .then()
        .statusCode(200)
        .body("state", equalTo("REFUSED"));
    awaiting(manager).then().body("items", empty());
  }

  @Test
  void whoMayApproveSeesTheRequestAndHasItAsATask() {
    String right = circle.asks("PRIVILEGED");

    Rest.as(owner).get("/v1/rights/" + right).then().statusCode(200);
    tasks(owner).then().body("items.subject", hasItem("right/" + right));
    tasks(Tokens.of(CISO)).then().body("items.subject", hasItem("right/" + right));
    tasks(manager).then().body("items.subject", not(hasItem("right/" + right)));
    tasks(recipient).then().body("items.subject", not(hasItem("right/" + right)));
    Rest.as(Tokens.of(STAFF)).get("/v1/rights/" + right).then().statusCode(403);
    Rest.as(owner).get("/v1/rights?awaiting=you").then().statusCode(400);
  }

  @Test
  void whatWaitsIsPagedAndFiltered() {
    String first = circle.asks("NORMAL");
    String second = circle.asks("NORMAL");

    Rest.as(owner).get("/v1/rights?awaiting=me&limit=1").then().body("items.id", contains(first));
    Rest.as(owner)
        .get("/v1/rights?awaiting=me&after=" + first)
        .then()
        .body("items.id", contains(second));
    Rest.as(owner).get("/v1/rights?awaiting=me&state=APPROVED").then().body("items", empty());
  }

  @Test
  void aRequestThatNobodyDecidesLapses() {
    // Given
    String right = circle.asks("NORMAL");

    // When
    clock.move(Duration.ofDays(31));

    // Then
    await().untilAsserted(() -> assertEquals("LAPSED", stateOf(right)));
    problem(approve(manager, right), 409, "right-not-requested");
    circle
        .ask(
            recipient,
            Map.of(
                "entitlement", Rest.as(recipient).get("/v1/rights/" + right).path("entitlementId")))
        .then()
        .statusCode(201);
  }
}
