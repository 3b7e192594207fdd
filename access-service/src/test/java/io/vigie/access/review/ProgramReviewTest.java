package io.vigie.access.review;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.review.Reviews.close;
import static io.vigie.access.review.Reviews.confirm;
import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.access.review.Reviews.mine;
import static io.vigie.access.review.Reviews.open;
import static io.vigie.access.review.Reviews.person;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** R4.7: each account is reviewed, a program's too. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ProgramReviewTest {

  @Inject MovableClock clock;
  @Inject DataSource database;
  @Inject Outbox outbox;
  @Inject RightsObservers observers;
  @Inject Actor actor;

  private final UUID site = UUID.randomUUID();
  private final UUID bossSubject = UUID.randomUUID();
  private final UUID subject = UUID.randomUUID();
  private final String bossToken = Tokens.of(bossSubject, STAFF);
  private final UUID program = UUID.randomUUID();
  private String boss;
  private String responsible;
  private String account;

  @BeforeEach
  void aProgram() {
    boss = person(bossSubject, null);
    responsible = Reviews.personAt(site, subject, boss);
    account = Reviews.program(program, responsible);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private Map<String, Object> plan(ReviewerRule rule) {
    Map<String, Object> plan = Reviews.plan(site, rule);
    plan.put("scope", Map.of("sites", List.of(site)));
    return plan;
  }

  private static Map<String, Object> item(String campaign) {
    return Reviews.items(TOKEN, campaign, "reviewer=all").get(0);
  }

  private void takeOver(String person) {
    Api.change(
            TOKEN,
            "PUT",
            "/v1/service-accounts/" + account,
            "/responsible",
            Map.of("person", person))
        .then()
        .statusCode(200);
  }

  private Response look() {
    return Rest.as(TOKEN).get("/v1/service-accounts/" + account);
  }

  private void theDirectoryClosesTheProgram() throws SQLException {
    execute("update service_account set closed_at = now() where subject = ?");
    theMarkGoes();
  }

  private void theMarkGoes() throws SQLException {
    execute("delete from directory_change where account = ?");
  }

  private void execute(String statement) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement prepared = connection.prepareStatement(statement)) {
      prepared.setString(1, program.toString());
      assertEquals(1, prepared.executeUpdate());
    }
  }

  @Test
  void aProgramIsAskedOfWhoLeadsThePersonWhoAnswersForItAndNeverOfThatPerson() {
    // When
    String campaign = open(plan(ReviewerRule.BOTH));

    // Then
    Map<String, Object> item = mine(bossToken, campaign).get(0);
    assertEquals(1, mine(bossToken, campaign).size());
    assertEquals(account, item.get("serviceAccount"));
    assertEquals(responsible, item.get("person"));
    assertEquals("ACTIVE", item.get("serviceAccountState"));
    assertEquals(1, item.get("stages"));
    clock.move(Duration.ofDays(1).plusMinutes(1));
    decide(Tokens.of(subject, ACCESS_MANAGER), campaign, line(item, "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("a program you answer for"));

    // And when they keep it
    decide(bossToken, campaign, line(item, "CERTIFY")).then().statusCode(200);

    // Then
    close(campaign).then().statusCode(200);
    look().then().body("state", equalTo("ACTIVE"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String event =
          new String(
              topic
                  .await(1, about((String) item.get("id")).and(ofType("review.decided.v1")))
                  .get(0)
                  .value());
      assertTrue(event.contains("\"serviceAccount\":\"" + account + "\""), event);
    }
  }

  @Test
  void whoTookItOverMeanwhileDoesNotReviewItEither() {
    String campaign = open(plan(ReviewerRule.MANAGER));
    takeOver(boss);

    decide(bossToken, campaign, line(item(campaign), "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("a program you answer for"));
  }

  @Test
  void nobodyKeepsAProgramForWhoTookItOverMeanwhileAndLeadsThem() {
    // Given
    String top = person(UUID.randomUUID(), null);
    String middle = person(UUID.randomUUID(), top);
    Map<String, Object> details = Api.profile(bossSubject);
    details.put("manager", middle);
    Api.change(TOKEN, "PUT", "/v1/people/" + boss, "", details).then().statusCode(200);
    String campaign = open(plan(ReviewerRule.MANAGER));
    Map<String, Object> item = item(campaign);

    // When
    takeOver(top);

    // Then
    decide(bossToken, campaign, line(item, "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("who leads you"));
    decide(bossToken, campaign, line(item, "DELEGATE", "delegate", middle))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("whom the holder leads"));
    decide(bossToken, campaign, line(item, "DELEGATE", "delegate", top))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("to the holder"));

    // And when it is delegated to somebody else
    UUID otherSubject = UUID.randomUUID();
    String other = person(otherSubject, null);
    decide(bossToken, campaign, line(item, "DELEGATE", "delegate", other)).then().statusCode(200);

    // Then
    decide(Tokens.of(otherSubject, STAFF), campaign, line(item(campaign), "CERTIFY"))
        .then()
        .statusCode(200);
  }

  @Test
  void aRevokedProgramHasEndedAndTheCampaignWaitsUntilTheDirectoryHasClosedIt()
      throws SQLException {
    // Given
    String campaign = open(plan(ReviewerRule.MANAGER));
    Map<String, Object> item = item(campaign);

    // When
    decide(bossToken, campaign, line(item, "REVOKE", "reason", "replaced")).then().statusCode(200);

    // Then
    look().then().body("state", equalTo("ENDED")).body("endReason", containsString("replaced"));
    close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"))
        .body("detail", containsString((String) item.get("id")));
    theDirectoryClosesTheProgram();
    close(campaign).then().statusCode(200);
    assertNotNull(item(campaign).get("confirmedAt"));
  }

  @Test
  void aRevokedProgramThatNoDirectoryClosedIsConfirmedByAnAccessManagerWhoDoesNotAnswerForIt()
      throws SQLException {
    // Given
    String campaign = open(plan(ReviewerRule.MANAGER));
    Object item = item(campaign).get("id");
    decide(bossToken, campaign, line(item(campaign), "REVOKE")).then().statusCode(200);

    // When the directory has no such account
    theMarkGoes();

    // Then
    close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"));
    assertTrue(isTask("review.confirm", "review/" + item));
    Rest.as(TOKEN)
        .get("/v1/campaigns/" + campaign + "/confirmations")
        .then()
        .statusCode(200)
        .body("items.id", equalTo(List.of(item)));
    confirm(bossToken, campaign, item)
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("by an access manager"));
    confirm(Tokens.of(subject, ACCESS_MANAGER), campaign, item)
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("a program you answer for"));

    // And when an access manager says that it is closed
    confirm(TOKEN, campaign, item).then().statusCode(200);

    // Then
    assertFalse(isTask("review.confirm", "review/" + item));
    close(campaign).then().statusCode(200);
    try (Topic topic = Topic.named("vigie.access.events")) {
      String event =
          new String(
              topic
                  .await(1, about((String) item).and(ofType("review.confirmed.v1")))
                  .get(0)
                  .value());
      assertTrue(event.contains("\"serviceAccount\":\"" + account + "\""), event);
    }
  }

  @Test
  void silenceSuspendsAProgramUntilALaterReviewCertifiesIt() throws SQLException {
    // Given
    String campaign = open(plan(ReviewerRule.MANAGER));

    // When
    clock.move(Duration.ofDays(2).plusMinutes(1));

    // Then
    await().untilAsserted(() -> look().then().body("state", equalTo("SUSPENDED")));
    theDirectoryClosesTheProgram();
    close(campaign).then().statusCode(200);

    // And when
    String next = open(plan(ReviewerRule.MANAGER));
    decide(bossToken, next, line(item(next), "CERTIFY")).then().statusCode(200);

    // Then
    look().then().body("state", equalTo("ACTIVE"));
    close(next).then().statusCode(200);
  }

  @Test
  void aProgramIsSuspendedFromThatMomentOnAndNotFromWhenTheRunBegan() throws Throwable {
    // Given a run that takes its time
    open(plan(ReviewerRule.MANAGER));
    Instant begins = clock.instant().plus(Duration.ofDays(3));
    Suspension slow = new Suspension(outbox, observers, actor, aMinuteLaterEachTime(begins));

    // When
    VertxContextSupport.subscribeAndAwait(slow::suspendUndecided);

    // Then
    look().then().body("state", equalTo("SUSPENDED"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      byte[] event =
          topic.await(1, about(account).and(ofType("service-account.changed.v1"))).get(0).value();
      Instant at = Instant.parse(JsonPath.from(new String(event)).getString("at"));
      assertTrue(at.isAfter(begins), at + " after " + begins);
    }
  }

  private static Clock aMinuteLaterEachTime(Instant first) {
    AtomicReference<Instant> next = new AtomicReference<>(first);
    return new Clock() {
      @Override
      public Instant instant() {
        return next.getAndUpdate(time -> time.plus(Duration.ofMinutes(1)));
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Test
  void aProgramCanBeKeptUntilAnEarlierEnd() {
    String campaign = open(plan(ReviewerRule.MANAGER));
    Instant until = clock.instant().plus(Duration.ofDays(30));
    Map<String, Object> item = item(campaign);

    decide(bossToken, campaign, line(item, "REDUCE", "until", clock.instant().toString()))
        .then()
        .statusCode(422);
    decide(bossToken, campaign, line(item, "REDUCE", "until", until.toString()))
        .then()
        .statusCode(200);

    assertEquals(until, Instant.parse(look().path("validUntil")));
  }

  @Test
  void ofAProgramItIsNotSaidThatItIsUnused() {
    clock.move(Duration.ofDays(91));

    Map<String, Object> item = item(open(plan(ReviewerRule.MANAGER)));

    assertEquals(account, item.get("serviceAccount"));
    assertNull(item.get("unused"));
  }

  @Test
  void whatEndedMeanwhileHoldsUpNothing() {
    String campaign = open(plan(ReviewerRule.MANAGER));
    Map<String, Object> item = item(campaign);
    Api.change(
            TOKEN,
            "POST",
            "/v1/service-accounts/" + account,
            "/end",
            Map.of("reason", "switched off"))
        .then()
        .statusCode(200);

    decide(bossToken, campaign, line(item, "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("ended meanwhile"));
    close(campaign).then().statusCode(200);
  }

  @Test
  void afterSixMonthsWithoutAReviewItIsOverdueUntilACampaignAsks() {
    assertEquals(List.of(false), overdue());

    clock.move(Duration.ofDays(185));

    assertEquals(List.of(true), overdue());
    assertTrue(isToCertify());
    String campaign = open(plan(ReviewerRule.MANAGER));
    assertFalse(isToCertify());
    decide(bossToken, campaign, line(item(campaign), "CERTIFY")).then().statusCode(200);
    assertEquals(List.of(false), overdue());
    assertFalse(isToCertify());
  }

  @Test
  void whatWasThereBeforeReviewsWasRegisteredWhenItsIdWasMadeAndNotAtTheUpgrade()
      throws SQLException, IOException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        InputStream migration =
            getClass().getResourceAsStream("/db/migration/V1_140__registered_programs.sql")) {
      connection.setAutoCommit(false);
      String where = "where id = '" + account + "'";
      statement.executeUpdate(
          "update service_account set registered_at = now() + interval '200 days' " + where);

      statement.execute(new String(migration.readAllBytes(), UTF_8));

      ResultSet row =
          statement.executeQuery(
              "select registered_at between now() - interval '1 hour' and now() from service_account "
                  + where);
      assertTrue(row.next() && row.getBoolean(1));
      connection.rollback();
    }
  }

  private List<Boolean> overdue() {
    return Rest.as(TOKEN)
        .get("/v1/certifications?person=" + responsible)
        .then()
        .statusCode(200)
        .body("items.serviceAccount", equalTo(List.of(account)))
        .extract()
        .path("items.overdue");
  }

  private boolean isToCertify() {
    return isTask("service-account.certify", "service-account/" + account);
  }

  private static boolean isTask(String kind, String subject) {
    String path = "/v1/tasks?limit=200";
    while (path != null) {
      Response answer = Rest.as(TOKEN).urlEncodingEnabled(false).get(path);
      List<String> subjects =
          answer.path("items.findAll { it.kind == '%s' }.subject".formatted(kind));
      if (subjects.contains(subject)) {
        return true;
      }
      String link = answer.header("Link");
      path = link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
    }
    return false;
  }
}
