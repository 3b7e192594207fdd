package io.vigie.access.duty;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.access.review.ReviewerRule;
import io.vigie.access.review.Reviews;
import io.vigie.testkit.Meeting;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.access.duty.Rules.CISO_TOKEN;
import static io.vigie.access.duty.Rules.ask;
import static io.vigie.access.duty.Rules.conflicts;
import static io.vigie.access.duty.Rules.content;
import static io.vigie.access.duty.Rules.decide;
import static io.vigie.access.duty.Rules.exception;
import static io.vigie.access.duty.Rules.give;
import static io.vigie.access.duty.Rules.make;
import static io.vigie.access.duty.Rules.side;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is refused, told and found where duties meet, and what becomes of it (R4.6). */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DutyConflictTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final UUID subject = UUID.randomUUID();
  private final UUID asset = UUID.randomUUID();
  private String person;
  private String orders;
  private String pays;

  @BeforeEach
  void somebodyAndTwoThingsToKeepApart() {
    person = Api.join(subject);
    orders = Api.entitlement(asset, "orders");
    pays = Api.entitlement(asset, "pays");
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private String found(String rule) {
    await()
        .untilAsserted(
            () ->
                conflicts("rule=" + rule + "&person=" + person)
                    .then()
                    .body("items.state", contains("FOUND")));
    return conflicts("rule=" + rule + "&person=" + person).path("items[0].id");
  }

  private void awaitState(String conflict, String state) {
    await()
        .untilAsserted(
            () ->
                Rest.as(CISO_TOKEN)
                    .get("/v1/duty-conflicts/" + conflict)
                    .then()
                    .body("state", equalTo(state)));
  }

  @Test
  void whatAnEnforcedRuleKeepsApartIsRefusedWithTheRuleAndTheOtherRight() {
    // Given
    String rule = make(content("ANYWHERE", "ENFORCE", side(orders), side(pays)));
    give(person, orders);

    // When, then
    ask(person, pays)
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:duty-conflict"))
        .body("detail", allOf(containsString(rule), containsString(orders)));
  }

  @Test
  void aRuleThatOnlyRecordsTellsWhoAsksAndWhoApprovesAndIsFound() {
    // Given
    String rule = make(content("ANYWHERE", "RECORD", side(orders), side(pays)));
    give(person, orders);

    // When
    String right =
        ask(person, pays)
            .then()
            .statusCode(201)
            .body("dutyConflicts.rule", contains(rule))
            .body("dutyConflicts[0].others", contains(orders))
            .body("dutyConflicts[0].enforced", equalTo(false))
            .extract()
            .path("id");
    Rest.as(Api.TOKEN).get("/v1/rights/" + right).then().body("dutyConflicts.rule", contains(rule));
    conflicts("rule=" + rule).then().body("items", empty());
    Api.approve(right).then().statusCode(200).body("dutyConflicts.rule", contains(rule));

    // Then
    String conflict = found(rule);
    Rest.as(CISO_TOKEN)
        .get("/v1/duty-conflicts/" + conflict)
        .then()
        .body("kind", equalTo("RIGHTS"))
        .body("entitlements.sort()", equalTo(List.of(orders, pays).stream().sorted().toList()))
        .body("matter", nullValue());
    for (String token : List.of(CISO_TOKEN, Api.TOKEN)) {
      Rest.as(token)
          .get("/v1/tasks?limit=200")
          .then()
          .statusCode(200)
          .body("items.subject", hasItem("duty-conflict/" + conflict));
    }

    // When the right is gone, then the conflict is
    Api.act(Api.TOKEN, right, "revocation", Map.of("reason", "x")).then().statusCode(200);
    awaitState(conflict, "RESOLVED");
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of("duty-conflict.found.v1", "duty-conflict.resolved.v1"),
          topic.await(2, about(conflict)).stream()
              .map(record -> Topic.header(record, "ce_type"))
              .toList());
    }
  }

  @Test
  void ofTwoRequestsThatExcludeEachOtherOneIsApproved() {
    // Given two that were asked for while nobody had either
    make(content("ANYWHERE", "ENFORCE", side(orders), side(pays)));
    String first = ask(person, orders).then().statusCode(201).extract().path("id");
    String second = ask(person, pays).then().statusCode(201).extract().path("id");

    // When
    Api.approve(first).then().statusCode(200);

    // Then
    Api.approve(second)
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:duty-conflict"));
    assertEquals("REQUESTED", Api.stateOf(second));
  }

  @Test
  void ofTwoThatExcludeEachOtherAndAreApprovedAtOnceOneIs() throws SQLException {
    // Given two that were asked for at once
    make(content("ANYWHERE", "ENFORCE", side(orders), side(pays)));
    List<String> asked =
        Meeting.of(
                database,
                "select 1 from person where id = '%s' for update".formatted(person),
                List.of(() -> ask(person, orders), () -> ask(person, pays)))
            .stream()
            .map(answer -> answer.then().statusCode(201).extract().<String>path("id"))
            .toList();

    // When both are approved, and neither approval sees the other
    List<Response> answers =
        Meeting.of(
            database,
            "select pg_advisory_xact_lock(hashtextextended('duties/%s', 0))".formatted(person),
            List.of(() -> Api.approve(asked.get(0)), () -> Api.approve(asked.get(1))));

    // Then
    assertEquals(List.of(200, 422), answers.stream().map(Response::statusCode).sorted().toList());
    Response refused = answers.get(answers.get(0).statusCode() == 422 ? 0 : 1);
    problem(refused, 422, "duty-conflict");
    assertEquals(
        List.of("APPROVED", "REQUESTED"), asked.stream().map(Api::stateOf).sorted().toList());
  }

  @Test
  void whatAReviewSuspendedStillCountsSoThatNobodyComesToHaveBothByACertificationLater() {
    // Given one of two that silence suspended
    make(content("ANYWHERE", "ENFORCE", side(orders), side(pays)));
    String right = give(person, orders);
    String campaign = Reviews.open(Reviews.plan(asset, ReviewerRule.MANAGER));
    clock.move(Duration.ofDays(3));
    await().untilAsserted(() -> assertEquals("SUSPENDED", Api.stateOf(right)));

    // When, then
    problem(ask(person, pays), 422, "duty-conflict");
    Reviews.decide(Api.TOKEN, campaign, Reviews.line(Reviews.item(campaign, right), "CERTIFY"))
        .then()
        .statusCode(200);
    assertEquals("APPROVED", Api.stateOf(right));
  }

  @Test
  void whatIsSuspendedDoesNotGoOnWhereARuleKeepsItApartFromWhatAProfileGaveSince() {
    // Given
    String rule = make(content("ANYWHERE", "ENFORCE", side(orders), side(pays)));
    String right = give(person, orders);
    String campaign = Reviews.open(Reviews.plan(asset, ReviewerRule.MANAGER));
    clock.move(Duration.ofDays(3));
    await().untilAsserted(() -> assertEquals("SUSPENDED", Api.stateOf(right)));
    String given = Api.assign(person, Api.bundle("payer " + UUID.randomUUID(), pays));
    await()
        .untilAsserted(
            () ->
                Rest.as(Api.TOKEN)
                    .get("/v1/people/" + person + "/effective-rights")
                    .then()
                    .body("items.entitlement", contains(pays)));

    // When
    Map<String, Object> item = Reviews.item(campaign, right);
    Reviews.decide(Api.TOKEN, campaign, Reviews.line(item, "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("decisions[0]"))
        .body("errors[0].message", allOf(containsString(rule), containsString(pays)));

    // Then it stays so until the CISO excepts it
    assertEquals("SUSPENDED", Api.stateOf(right));
    Rest.as(CISO_TOKEN)
        .body(Map.of("rule", rule, "person", person, "exception", exception(clock, 30)))
        .post("/v1/duty-conflicts")
        .then()
        .statusCode(201);
    Reviews.decide(Api.TOKEN, campaign, Reviews.line(item, "CERTIFY")).then().statusCode(200);
    assertEquals("APPROVED", Api.stateOf(right));
  }

  @Test
  void onOneAssetOnlyCountsWhatIsOnTheSame() {
    // Given
    String elsewhere = Api.entitlement(UUID.randomUUID(), "pays");
    String rule = make(content("SAME_ASSET", "ENFORCE", side(orders), side(pays, elsewhere)));
    give(person, orders);

    // When, then
    ask(person, elsewhere).then().statusCode(201).body("dutyConflicts", empty());
    ask(person, pays).then().statusCode(422);
    conflicts("rule=" + rule).then().body("items", empty());
  }

  @Test
  void anExceptionAheadLetsItPassUntilItsEndAndIsThenFound() {
    // Given
    String rule = make(content("SAME_ASSET", "ENFORCE", side(orders), side(pays)));
    Map<String, Object> ahead =
        Map.of("rule", rule, "person", person, "asset", asset, "exception", exception(clock, 30));
    Rest.as(Tokens.of(subject, CISO))
        .body(ahead)
        .post("/v1/duty-conflicts")
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:own-duties"));
    String conflict =
        Rest.as(CISO_TOKEN)
            .body(ahead)
            .post("/v1/duty-conflicts")
            .then()
            .statusCode(201)
            .body("state", equalTo("EXCEPTED"))
            .body("foundAt", nullValue())
            .extract()
            .path("id");

    // When
    give(person, orders);
    ask(person, pays).then().statusCode(201).body("dutyConflicts.exception", contains(conflict));
    approveAsked(pays);

    // Then it is found, and excepted
    await()
        .untilAsserted(
            () ->
                Rest.as(CISO_TOKEN)
                    .get("/v1/duty-conflicts/" + conflict)
                    .then()
                    .body("foundAt", not(nullValue()))
                    .body("state", equalTo("EXCEPTED")));

    // When its time is over
    clock.move(Duration.ofDays(30));

    // Then
    awaitState(conflict, "FOUND");
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of("duty-conflict.excepted.v1", "duty-conflict.found.v1", "duty-conflict.lapsed.v1"),
          topic.await(3, about(conflict)).stream()
              .map(record -> Topic.header(record, "ce_type"))
              .toList());
    }
  }

  /** Approves the request for it. */
  private void approveAsked(String entitlement) {
    String right =
        Rest.as(Api.TOKEN)
            .get("/v1/rights?state=REQUESTED&person=" + person + "&entitlement=" + entitlement)
            .path("items[0].id");
    Api.approve(right).then().statusCode(200);
  }

  @Test
  void theCisoExceptsForATimeThatThePolicyBoundsAndTakesItBack() {
    // Given
    String rule = make(content("ANYWHERE", "RECORD", side(orders), side(pays)));
    give(person, orders);
    give(person, pays);
    String conflict = found(rule);

    // When, then
    decide(Tokens.of(ACCESS_MANAGER), conflict, "exception", exception(clock, 30))
        .then()
        .statusCode(403);
    decide(Tokens.of(subject, CISO), conflict, "exception", exception(clock, 30))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:own-duties"));
    decide(CISO_TOKEN, conflict, "exception", exception(clock, 181))
        .then()
        .statusCode(400)
        .body("errors.field", contains("until"));
    decide(CISO_TOKEN, conflict, "settlement", Map.of("reason", "x"))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:conflict-of-rights"));
    Rest.as(CISO_TOKEN)
        .body(exception(clock, 30))
        .post("/v1/duty-conflicts/" + conflict + "/exception")
        .then()
        .statusCode(428);
    decide(CISO_TOKEN, conflict, "exception", exception(clock, 30))
        .then()
        .statusCode(200)
        .body("state", equalTo("EXCEPTED"));
    conflicts("live=true&state=FOUND&rule=" + rule).then().body("items", empty());
    decide(CISO_TOKEN, conflict, "exception-withdrawal", Map.of("reason", "A third joined"))
        .then()
        .statusCode(200)
        .body("state", equalTo("FOUND"));
    Rest.as(Tokens.of(STAFF)).get("/v1/duty-conflicts").then().statusCode(403);
  }

  @Test
  void whatProfilesGiveIsNotWithheldButFoundAndRulesAreFollowedWhenTheyChange() {
    // Given a profile that gives both, and an enforced rule that comes afterwards
    String privileged = Api.entitlement(asset, "approves", "PRIVILEGED");
    String clerk = Api.bundle("clerk " + UUID.randomUUID(), orders, privileged);
    Api.assign(person, clerk);
    Map<String, Object> selected =
        Map.of(
            "name",
            "approves",
            "entitlements",
            List.of(),
            "selector",
            Map.of("sensitivity", "PRIVILEGED", "profile", clerk));

    // When
    String rule = make(content("ANYWHERE", "ENFORCE", side(orders), selected));

    // Then
    String conflict = found(rule);
    Rest.as(Api.TOKEN)
        .get("/v1/people/" + person + "/effective-rights")
        .then()
        .body("items.entitlement", hasItem(privileged));

    // When the profile gives it no more, nothing privileged is selected, and it ends at once
    Api.change(
            Api.TOKEN,
            "PUT",
            "/v1/business-profiles/" + clerk,
            "",
            Map.of("name", "clerk " + UUID.randomUUID(), "entitlements", List.of(orders)))
        .then()
        .statusCode(200);

    // Then
    awaitState(conflict, "RESOLVED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RECORD", "ENFORCE"})
  void aProfileThatComesToGiveWhatItsHolderMustNotHaveGivesItAndIsFound(String mode) {
    // Given a rule, and somebody who asked for one side of it and whose profile gives neither
    String rule = make(content("ANYWHERE", mode, side(orders), side(pays)));
    give(person, orders);
    String clerk = Api.bundle("clerk " + UUID.randomUUID(), Api.entitlement(asset, "reads"));
    Api.assign(person, clerk);
    conflicts("rule=" + rule).then().body("items", empty());

    // When
    Api.change(
            Api.TOKEN,
            "PUT",
            "/v1/business-profiles/" + clerk,
            "",
            Map.of("name", "clerk " + UUID.randomUUID(), "entitlements", List.of(pays)))
        .then()
        .statusCode(200);

    // Then
    String conflict = found(rule);
    Rest.as(CISO_TOKEN)
        .get("/v1/duty-conflicts/" + conflict)
        .then()
        .body("entitlements.sort()", equalTo(List.of(orders, pays).stream().sorted().toList()));
    Rest.as(Api.TOKEN)
        .get("/v1/people/" + person + "/effective-rights")
        .then()
        .body("items.entitlement", hasItems(orders, pays));
  }

  @Test
  void whenAnExceptionEndsTheConflictIsBackAndTheRuleRefusesAgain() {
    // Given a conflict that the CISO accepts for ten days
    String abroad = Api.entitlement(asset, "pays abroad");
    String rule = make(content("ANYWHERE", "ENFORCE", side(orders), side(pays, abroad)));
    give(person, orders);
    Api.assign(person, Api.bundle("cashier " + UUID.randomUUID(), pays));
    String conflict = found(rule);
    ask(person, abroad).then().statusCode(422);
    decide(CISO_TOKEN, conflict, "exception", exception(clock, 10)).then().statusCode(200);
    conflicts("state=FOUND&rule=" + rule).then().body("items", empty());
    String right =
        ask(person, abroad)
            .then()
            .statusCode(201)
            .body("dutyConflicts.exception", contains(conflict))
            .extract()
            .path("id");

    // When
    clock.move(Duration.ofDays(10));

    // Then
    awaitState(conflict, "FOUND");
    conflicts("state=FOUND&rule=" + rule).then().body("items.id", contains(conflict));
    problem(Api.approve(right), 422, "duty-conflict");
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of("duty-conflict.found.v1", "duty-conflict.excepted.v1", "duty-conflict.lapsed.v1"),
          topic.await(3, about(conflict)).stream()
              .map(record -> Topic.header(record, "ce_type"))
              .toList());
    }
  }

  @Test
  void aRetiredRuleResolvesItsConflictsAndKeepsNothingApart() {
    // Given
    String rule = make(content("ANYWHERE", "ENFORCE", side(orders), side(pays)));
    give(person, orders);
    Map<String, Object> ahead =
        Map.of("rule", rule, "person", person, "exception", exception(clock, 30));
    String conflict =
        Rest.as(CISO_TOKEN)
            .body(ahead)
            .post("/v1/duty-conflicts")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Rest.as(CISO_TOKEN).body(ahead).post("/v1/duty-conflicts").then().statusCode(409);

    // When
    Rules.retire(rule).then().statusCode(200);

    // Then
    awaitState(conflict, "RESOLVED");
    ask(person, pays).then().statusCode(201).body("dutyConflicts", empty());
  }
}
