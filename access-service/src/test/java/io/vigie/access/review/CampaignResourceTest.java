package io.vigie.access.review;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.HostileTexts;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.stateOf;
import static io.vigie.access.review.Reviews.become;
import static io.vigie.access.review.Reviews.close;
import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.entitlement;
import static io.vigie.access.review.Reviews.item;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.access.review.Reviews.mine;
import static io.vigie.access.review.Reviews.open;
import static io.vigie.access.review.Reviews.person;
import static io.vigie.access.review.Reviews.plan;
import static io.vigie.access.review.Reviews.right;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Campaigns from their opening to their end. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CampaignResourceTest {

  private static final Duration LATE = Duration.ofHours(25);
  private static final Duration OVER = Duration.ofHours(49);

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final UUID asset = UUID.randomUUID();
  private final UUID bossSubject = UUID.randomUUID();
  private final String bossToken = Tokens.of(bossSubject, STAFF);
  private final UUID ownerSubject = UUID.randomUUID();
  private final String ownerToken = Tokens.of(ownerSubject, STAFF);

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void whoLeadsTheHolderIsAskedAndSeesWhatTheyHaveToKnow() {
    // Given
    String boss = person(bossSubject, null);
    String holder = person(UUID.randomUUID(), boss);
    String entitlement = entitlement(asset, boss, "NORMAL");
    String right = right(holder, entitlement);
    become(entitlement, "SENSITIVE");

    // When
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    // Then
    List<Map<String, Object>> items = mine(bossToken, campaign);
    assertEquals(1, items.size());
    Map<String, Object> item = items.get(0);
    assertEquals(right, item.get("right"));
    assertEquals(holder, item.get("person"));
    assertEquals("Lovelace", item.get("familyName"));
    assertEquals("SENSITIVE", item.get("sensitivity"));
    assertEquals("REQUEST", item.get("ground"));
    assertEquals(false, item.get("unused"));
    assertNull(item.get("lastCertifiedAt"));
    Rest.as(TOKEN)
        .get("/v1/campaigns/" + campaign)
        .then()
        .body("items", equalTo(1))
        .body("state", equalTo("OPEN"));
    Rest.as(bossToken)
        .get("/v1/tasks")
        .then()
        .body(
            "items.findAll { it.kind == 'campaign.review' }.subject",
            hasItem("campaign/" + campaign));
    Rest.as(ownerToken)
        .get("/v1/campaigns/" + campaign + "/items?reviewer=all")
        .then()
        .statusCode(403);
  }

  @Test
  void aRightThatIsCertifiedIsKeptAndSaysWhen() {
    String boss = person(bossSubject, null);
    String right = right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    Map<String, Object> item = mine(bossToken, campaign).get(0);
    assertNull(item.get("certifiedAt"));
    JsonPath certified =
        decide(bossToken, campaign, line(item, "CERTIFY"))
            .then()
            .statusCode(200)
            .body("items[0].state", equalTo("CERTIFIED"))
            .body("items[0].answers[0].by", equalTo(bossSubject.toString()))
            .body("items[0].answers[0].receipt", containsString("/v1/receipts/"))
            .extract()
            .jsonPath();

    String at = certified.getString("items[0].answers[0].at");
    assertEquals(at, certified.getString("items[0].certifiedAt"));
    assertTrue(decisions(item, 1).get(0).contains("\"certifiedAt\":\"" + at + "\""));
    assertEquals("APPROVED", stateOf(right));
    assertTrue(mine(bossToken, campaign).isEmpty());
    close(campaign).then().statusCode(200).body("state", equalTo("CLOSED"));
    clock.move(OVER);
    assertEquals("APPROVED", stateOf(right));
  }

  private static List<String> decisions(Map<String, Object> item, int count) {
    try (Topic topic = Topic.named("vigie.access.events")) {
      return topic
          .await(count, about((String) item.get("id")).and(ofType("review.decided.v1")))
          .stream()
          .map(decided -> new String(decided.value()))
          .toList();
    }
  }

  @Test
  void inTwoStagesTheOwnerSeesTheFirstAnswerAndARevocationOfEitherCounts() {
    // Given
    String boss = person(bossSubject, null);
    String owner = person(ownerSubject, null);
    String entitlement = entitlement(asset, owner, "NORMAL");
    String kept = right(person(null, boss), entitlement);
    String lost = right(person(null, boss), entitlement);
    String lostAtOnce = right(person(null, boss), entitlement);
    String campaign = open(plan(asset, ReviewerRule.BOTH));
    assertTrue(mine(ownerToken, campaign).isEmpty());

    // When the first keeps two
    decide(
            bossToken,
            campaign,
            line(item(campaign, kept), "CERTIFY", "reason", "builds it"),
            line(item(campaign, lost), "CERTIFY"),
            line(item(campaign, lostAtOnce), "REVOKE"))
        .then()
        .statusCode(200);

    // Then the second is asked about these
    assertEquals("REVOKED", stateOf(lostAtOnce));
    assertEquals(2, mine(ownerToken, campaign).size());
    assertEquals(
        "builds it",
        Rest.as(ownerToken)
            .get("/v1/campaigns/" + campaign + "/items")
            .path("items.find { it.right == '%s' }.answers[0].reason".formatted(kept)));
    decide(
            ownerToken,
            campaign,
            line(item(campaign, kept), "CERTIFY"),
            line(item(campaign, lost), "REVOKE", "reason", "not on this"))
        .then()
        .statusCode(200);
    assertEquals(
        List.of(false, true),
        decisions(item(campaign, kept), 2).stream()
            .map(decided -> decided.contains("certifiedAt"))
            .toList());
    assertFalse(decisions(item(campaign, lost), 2).toString().contains("certifiedAt"));
    assertEquals("APPROVED", stateOf(kept));
    assertEquals("REVOKED", stateOf(lost));
    Rest.as(TOKEN)
        .get("/v1/rights/" + lost)
        .then()
        .body("revoked.by", equalTo(ownerSubject.toString()))
        .body("revoked.reason", containsString(campaign))
        .body("revoked.reason", containsString("not on this"));
  }

  @Test
  void nobodyReviewsTheirOwn() {
    // Given an owner who has what they answer for, and is led by nobody, and manages accesses
    String owner = person(ownerSubject, null);
    String token = Tokens.of(ownerSubject, ACCESS_MANAGER);
    right(owner, entitlement(asset, owner, "NORMAL"));

    // When
    String campaign = open(plan(asset, ReviewerRule.OWNER));

    // Then
    assertTrue(mine(token, campaign).isEmpty());
    Map<String, Object> item =
        Reviews.items(token, campaign, "reviewer=access-managers&state=PENDING").get(0);
    decide(token, campaign, line(item, "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("decisions[0]"))
        .body("errors[0].message", containsString("your own right"));
    decide(TOKEN, campaign, line(item, "CERTIFY")).then().statusCode(200);
  }

  @Test
  void anOwnerDoesNotReviewWhoLeadsThemDirectlyOrNot() {
    // Given an owner whom the holder leads through somebody else
    String boss = person(bossSubject, null);
    String holder = person(null, boss);
    String owner = person(ownerSubject, person(null, holder));
    String entitlement = entitlement(asset, owner, "NORMAL");
    String led = right(holder, entitlement);
    String other = right(person(null, boss), entitlement);

    // When
    String campaign = open(plan(asset, ReviewerRule.OWNER));

    // Then
    assertEquals(boss, item(campaign, led).get("reviewer"));
    assertEquals(owner, item(campaign, other).get("reviewer"));
  }

  @Test
  void whatNobodyCertifiedIsSuspendedAfterTheGraceAndGoesOnWhenSomebodyDoes() {
    // Given
    String boss = person(bossSubject, null);
    String holder = person(null, boss);
    String entitlement = entitlement(asset, boss, "NORMAL");
    String late = right(holder, entitlement);
    String never = right(person(null, boss), entitlement);
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:items-undecided"))
        .body("detail", startsWith("2 items"))
        .body("detail", containsString((String) item(campaign, late).get("id")));

    // When
    clock.move(OVER);

    // Then
    await().untilAsserted(() -> assertEquals("SUSPENDED", stateOf(late)));
    await().untilAsserted(() -> assertEquals("SUSPENDED", stateOf(never)));
    Rest.as(TOKEN)
        .get("/v1/people/" + holder + "/effective-rights")
        .then()
        .body("items", hasSize(0));
    Api.request(TOKEN, Map.of("person", holder, "entitlement", entitlement, "reason", "x"))
        .then()
        .statusCode(409);

    // And when somebody answers after all
    decide(bossToken, campaign, line(item(campaign, late), "CERTIFY")).then().statusCode(200);
    assertEquals("APPROVED", stateOf(late));
    Rest.as(TOKEN)
        .get("/v1/people/" + holder + "/effective-rights")
        .then()
        .body("items", hasSize(1));
    close(campaign).then().statusCode(200);
    assertEquals("SUSPENDED", stateOf(never));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String closed =
          new String(
              topic.await(1, about(campaign).and(ofType("campaign.closed.v1"))).get(0).value());
      assertTrue(closed.contains("\"certified\":1"), closed);
      assertTrue(closed.contains("\"undecided\":1"), closed);
      topic.await(1, about(late).and(ofType("right.suspended.v1")));
      topic.await(1, about(late).and(ofType("right.resumed.v1")));
    }

    // And the next campaign asks again
    String next = open(plan(asset, ReviewerRule.MANAGER));
    decide(bossToken, next, line(item(next, never), "CERTIFY")).then().statusCode(200);
    assertEquals("APPROVED", stateOf(never));
  }

  @Test
  void aRightThatCannotBeSuspendedHoldsUpNoOther() throws SQLException {
    // Given one whose published state nobody can read
    String boss = person(bossSubject, null);
    String entitlement = entitlement(asset, boss, "NORMAL");
    String broken = right(person(null, boss), entitlement);
    String other = right(person(null, boss), entitlement);
    open(plan(asset, ReviewerRule.MANAGER));
    run("update access_right set published_state = 'x' || published_state where id = ?", broken);

    // When
    clock.move(OVER);

    // Then
    await().untilAsserted(() -> assertEquals("SUSPENDED", stateOf(other)));
    assertEquals("APPROVED", stateOf(broken));
    run(
        "update access_right set published_state = substr(published_state, 2) where id = ?",
        broken);
    await().untilAsserted(() -> assertEquals("SUSPENDED", stateOf(broken)));
  }

  private void run(String sql, String id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, UUID.fromString(id));
      assertEquals(1, statement.executeUpdate());
    }
  }

  @Test
  void aSuspendedRightOfAProfileStaysAsItIsWhileTheProfileGivesIt() {
    // Given
    String boss = person(bossSubject, null);
    String holder = person(null, boss);
    String bundle = Api.bundle("Profile " + UUID.randomUUID(), entitlement(asset, boss, "NORMAL"));
    Api.assign(holder, bundle);
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    String right = (String) mine(bossToken, campaign).get(0).get("right");
    decide(
            bossToken,
            campaign,
            line(
                item(campaign, right),
                "REDUCE",
                "until",
                clock.instant().plus(Duration.ofDays(3)).toString()))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("profile gives"));

    // When
    clock.move(OVER);
    await().untilAsserted(() -> assertEquals("SUSPENDED", stateOf(right)));
    Api.assign(
        holder, Api.bundle("Other " + UUID.randomUUID(), entitlement(asset, boss, "NORMAL")));

    // Then
    Rest.as(TOKEN)
        .get("/v1/rights?person=" + holder + "&profile=" + bundle)
        .then()
        .body("items.state", equalTo(List.of("SUSPENDED")));
    Api.leave(holder).then().statusCode(200);
    assertEquals("REVOKED", stateOf(right));
  }

  @Test
  void ofManyAnswersAllAreTakenOrNoneAndEachSaysWhatIsWrong() {
    // Given
    String boss = person(bossSubject, null);
    String sensitive = entitlement(asset, boss, "NORMAL");
    String first = right(person(null, boss), sensitive);
    String second = right(person(null, boss), sensitive);
    String others = right(person(null, null), sensitive);
    become(sensitive, "PRIVILEGED");
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    // When
    Map<String, Object> stale = line(item(campaign, second), "REVOKE");
    stale.put("version", 7);
    decide(
            bossToken,
            campaign,
            line(item(campaign, first), "CERTIFY"),
            stale,
            line(item(campaign, others), "REVOKE"),
            line(item(campaign, others), "REVOKE"))
        .then()
        .statusCode(422)
        .body(
            "errors.field",
            equalTo(List.of("decisions[0]", "decisions[1]", "decisions[2]", "decisions[3]")))
        .body("errors[0].message", containsString("needs a reason"))
        .body("errors[1].message", containsString("changed meanwhile"))
        .body("errors[2].message", containsString("somebody else"))
        .body("errors[3].message", containsString("same item"));

    // Then
    assertEquals("PENDING", item(campaign, first).get("state"));
    decide(
            bossToken,
            campaign,
            line(item(campaign, first), "CERTIFY", "reason", "runs it"),
            line(item(campaign, second), "REVOKE"))
        .then()
        .statusCode(200)
        .body("items", hasSize(2));
    assertEquals("REVOKED", stateOf(second));
  }

  @Test
  void aReviewerHandsAnItemToSomebodyWhoIsNeitherItsHolderNorLedByThem() {
    // Given
    String boss = person(bossSubject, null);
    String holder = person(UUID.randomUUID(), boss);
    String led = person(UUID.randomUUID(), holder);
    String owner = person(ownerSubject, null);
    String right = right(holder, entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    // When, Then
    for (String nobody : List.of(holder, led, boss, person(null, null))) {
      decide(bossToken, campaign, line(item(campaign, right), "DELEGATE", "delegate", nobody))
          .then()
          .statusCode(422);
    }
    decide(bossToken, campaign, line(item(campaign, right), "DELEGATE", "delegate", owner))
        .then()
        .statusCode(200);
    decide(bossToken, campaign, line(item(campaign, right), "CERTIFY")).then().statusCode(422);
    decide(ownerToken, campaign, line(item(campaign, right), "CERTIFY")).then().statusCode(200);
  }

  @Test
  void aRightIsKeptUntilAnEarlierEnd() {
    String boss = person(bossSubject, null);
    String right = right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    Instant until = clock.instant().plus(Duration.ofDays(30));

    decide(bossToken, campaign, line(item(campaign, right), "REDUCE")).then().statusCode(422);
    decide(bossToken, campaign, line(item(campaign, right), "REDUCE", "until", until.toString()))
        .then()
        .statusCode(200);

    assertEquals("REDUCED", item(campaign, right).get("state"));
    clock.move(Duration.ofDays(31));
    await().untilAsserted(() -> assertEquals("EXPIRED", stateOf(right)));
  }

  @Test
  void whatWaitsForSomebodyWhoLeftIsForTheAccessManagers() {
    String boss = person(bossSubject, null);
    String right = right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    decide(TOKEN, campaign, line(item(campaign, right), "CERTIFY")).then().statusCode(422);

    Api.leave(boss).then().statusCode(200);

    assertNull(item(campaign, right).get("reviewer"));
    decide(TOKEN, campaign, line(item(campaign, right), "CERTIFY")).then().statusCode(200);
  }

  @Test
  void afterTheDueDateAccessManagersAnswerInPlaceOfWhoDidNot() {
    String boss = person(bossSubject, null);
    String right = right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    clock.move(LATE);

    decide(TOKEN, campaign, line(item(campaign, right), "REVOKE")).then().statusCode(200);
    assertEquals("REVOKED", stateOf(right));
  }

  @Test
  void aCampaignComesAgainByItself() {
    // Given
    String boss = person(bossSubject, null);
    right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    Map<String, Object> plan = plan(asset, ReviewerRule.MANAGER);
    plan.remove("everyMonths");

    // When
    String campaign = open(plan);

    // Then
    String next =
        Rest.as(TOKEN)
            .get("/v1/campaigns?state=PLANNED&limit=200")
            .path("items.find { it.name == '%s' }.id".formatted(plan.get("name")));
    Rest.as(TOKEN).get("/v1/campaigns/" + next).then().body("everyMonths", equalTo(5));
    decide(bossToken, campaign, line(mine(bossToken, campaign).get(0), "CERTIFY"))
        .then()
        .statusCode(200);
    clock.move(Duration.ofDays(185));
    await().untilAsserted(() -> assertEquals("OPEN", Reviews.stateOf(next)));
    assertEquals(1, mine(bossToken, next).size());
  }

  @Test
  void aCampaignThatShouldNotBeIsCancelledAndSuspendsNothing() {
    String boss = person(bossSubject, null);
    String right = right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    String path = "/v1/campaigns/" + campaign;
    Map<String, String> reason = Map.of("reason", "planned twice");
    Api.change(TOKEN, "POST", path, "/cancellation", reason).then().statusCode(403);
    Api.change(Tokens.of(CISO), "POST", path, "/cancellation", reason)
        .then()
        .statusCode(200)
        .body("endedReason", equalTo("planned twice"));

    decide(bossToken, campaign, line(item(campaign, right), "CERTIFY"))
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:campaign-not-open"));
    String next = open(plan(asset, ReviewerRule.MANAGER));
    decide(bossToken, next, line(item(next, right), "CERTIFY")).then().statusCode(200);
    clock.move(OVER);
    assertEquals("APPROVED", stateOf(right));
  }

  @Test
  void whatNobodyCertifiedForSixMonthsIsATask() {
    // Given
    String boss = person(bossSubject, null);
    String holder = person(null, boss);
    String right = right(holder, entitlement(asset, boss, "NORMAL"));
    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/certifications?overdue=false&person=" + holder)
        .then()
        .body("items.right", equalTo(List.of(right)))
        .body("items[0].campaign", nullValue());

    // When
    clock.move(Duration.ofDays(185));

    // Then
    Rest.as(TOKEN)
        .get("/v1/certifications?overdue=true&person=" + holder)
        .then()
        .body("items.right", equalTo(List.of(right)));
    assertTrue(isTask(right));

    // And no more once it was
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    assertFalse(isTask(right));
    decide(bossToken, campaign, line(item(campaign, right), "CERTIFY")).then().statusCode(200);
    Rest.as(TOKEN)
        .get("/v1/certifications?overdue=true&person=" + holder)
        .then()
        .body("items", hasSize(0));
  }

  @Test
  void whatNobodyUsedForNinetyDaysIsShownAsSuchToWhoReviewsIt() throws SQLException {
    // Given three who have it for longer than that, of whom one has signed in since
    String boss = person(bossSubject, null);
    UUID idle = UUID.randomUUID();
    UUID busy = UUID.randomUUID();
    String entitlement = entitlement(asset, boss, "NORMAL");
    String neverUsed = right(person(UUID.randomUUID(), boss), entitlement);
    String unused = right(person(idle, boss), entitlement);
    String used = right(person(busy, boss), entitlement);
    signedIn(idle);
    clock.move(Duration.ofDays(91));
    signedIn(busy);
    String fresh = right(person(UUID.randomUUID(), boss), entitlement);

    // When
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    // Then the reviewer is told, and what is new is not held against anybody
    Map<String, Object> told =
        mine(bossToken, campaign).stream()
            .collect(
                Collectors.toMap(item -> (String) item.get("right"), item -> item.get("unused")));
    assertEquals(Map.of(neverUsed, true, unused, true, used, false, fresh, false), told);
    assertNull(item(campaign, neverUsed).get("lastSignInAt"));
    assertNotNull(item(campaign, unused).get("lastSignInAt"));
  }

  /** What the directory tells of somebody who signs in. */
  private void signedIn(UUID subject) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("insert into last_sign_in values (?, 'vigie-cli', ?)")) {
      statement.setString(1, subject.toString());
      statement.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
      statement.executeUpdate();
    }
  }

  private static boolean isTask(String right) {
    String path = "/v1/tasks?limit=200";
    while (path != null) {
      var answer = Rest.as(TOKEN).urlEncodingEnabled(false).get(path);
      List<String> subjects = answer.path("items.findAll { it.kind == 'right.certify' }.subject");
      if (subjects.contains("right/" + right)) {
        return true;
      }
      String link = answer.header("Link");
      path = link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
    }
    return false;
  }

  @Test
  void theReportSaysWhoSaidWhatAndWhereTheLogProvesIt() {
    String boss = person(bossSubject, null);
    String entitlement = entitlement(asset, boss, "NORMAL");
    String revoked = right(person(null, boss), entitlement);
    String formula = right(person(null, boss), entitlement);
    String open = right(person(null, boss), entitlement);
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    decide(
            bossToken,
            campaign,
            line(item(campaign, revoked), "REVOKE", "reason", "left the team"),
            line(
                item(campaign, formula),
                "REVOKE",
                "reason",
                "=HYPERLINK(\"http://evil\",1),shop;=1+1"))
        .then()
        .statusCode(200);

    String table =
        Rest.as(Tokens.of(AUDITOR))
            .accept("text/csv")
            .get("/v1/campaigns/" + campaign + "/report/csv")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    byte[] pdf = report(campaign);

    List<String> lines = table.lines().toList();
    assertEquals(4, lines.size(), table);
    String answered =
        lines.stream().filter(each -> each.contains(revoked)).findFirst().orElseThrow();
    assertTrue(answered.contains("REVOKE," + bossSubject), answered);
    assertTrue(answered.contains("left the team"), answered);
    assertTrue(answered.contains("/v1/receipts/"), answered);
    assertTrue(table.contains(",\"'=HYPERLINK(\"\"http://evil\"\",1),shop;'=1+1\","), table);
    assertTrue(lines.stream().anyMatch(each -> each.contains(open + ",")), table);
    assertEquals("%PDF", new String(pdf, 0, 4));
    Rest.as(TOKEN).get("/v1/campaigns/" + UUID.randomUUID() + "/report/csv").then().statusCode(404);
    Rest.as(bossToken).get("/v1/campaigns/" + campaign + "/report").then().statusCode(403);
  }

  @Test
  void theReportAsPdfReadsWhatWasAskedHowItCameOutAndWhereTheLogProvesEachAnswer()
      throws IOException {
    // Given a campaign with a right that is kept, one that is lost, and one that nobody answers
    String boss = person(bossSubject, null);
    String entitlement = entitlement(asset, boss, "NORMAL");
    String kept = right(person(null, boss), entitlement);
    String lost = right(person(null, boss), entitlement);
    right(person(null, boss), entitlement);
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    decide(
            bossToken,
            campaign,
            line(item(campaign, kept), "CERTIFY"),
            line(item(campaign, lost), "REVOKE", "reason", "left the <b>team</b> & the floor"))
        .then()
        .statusCode(200);
    assertText(
        campaign,
        "State / État OPEN",
        "Revoked and not confirmed / Révocations non confirmées 1",
        "Waiting / En attente 1",
        "none / aucune (APPROVED)");

    // When
    Reviews.confirm(TOKEN, campaign, item(campaign, lost).get("id")).then().statusCode(200);
    clock.move(OVER);
    await().untilAsserted(() -> close(campaign).then().statusCode(200));

    // Then
    assertText(
        campaign,
        "Review of rights / Revue des droits Review of " + asset + ", " + campaign,
        "State / État CLOSED",
        "Rights / Droits 3",
        "Certified / Confirmés 1",
        "Revoked / Révoqués 1",
        "Revoked and not confirmed / Révocations non confirmées 0",
        "Suspended, since nobody answered / Suspendus faute de réponse 1",
        "1: CERTIFY",
        "1: REVOKE",
        "left the <b>team</b> & the floor",
        "Ada Lovelace",
        bossSubject.toString(),
        "none / aucune (SUSPENDED)",
        receiptOf(campaign, kept),
        receiptOf(campaign, lost));
    try (Topic topic = Topic.named("vigie.access.events")) {
      for (String type : List.of("campaign.opened.v1", "campaign.closed.v1")) {
        String event = header(topic.await(1, about(campaign).and(ofType(type))).get(0), "ce_id");
        assertText(campaign, "/v1/receipts/" + event);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.vigie.testkit.HostileTexts#ALL")
  void whyARightIsRevokedIsInertInTheReport(String hostile) throws IOException {
    // Given
    String boss = person(bossSubject, null);
    String right = right(person(null, boss), entitlement(asset, boss, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    decide(bossToken, campaign, line(item(campaign, right), "REVOKE", "reason", hostile))
        .then()
        .statusCode(200);

    // When
    byte[] pdf = report(campaign);

    // Then it is text
    assertHas(pdf, "1: REVOKE", HostileTexts.isPrintable(hostile) ? hostile : "control ");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertNull(document.getDocumentCatalog().getOpenAction());
      for (PDPage page : document.getPages()) {
        assertEquals(List.of(), page.getAnnotations());
      }
    }
  }

  @Test
  void ofMoreThanAThousandItemsThePdfHasPartsThatLeadFromOneToTheNext()
      throws IOException, SQLException {
    // Given
    String boss = person(bossSubject, null);
    String entitlement = entitlement(asset, boss, "NORMAL");
    String one = right(person(null, boss), entitlement);
    multiply(entitlement, one, 1_001);
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    decide(bossToken, campaign, line(mine(bossToken, campaign).get(0), "CERTIFY"))
        .then()
        .statusCode(200);

    // When
    String path = "/v1/campaigns/" + campaign + "/report";
    String next = part(path, "Rights / Droits 1002", "Certified / Confirmés 1");
    assertNotNull(next);

    // Then
    assertText(campaign, "The next part / La partie suivante : ", next);
    assertNull(part(next, "This is the last part.", "none / aucune (APPROVED)"));
    // And nobody else's clock suspends a thousand rights
    Api.change(
            Tokens.of(CISO),
            "POST",
            "/v1/campaigns/" + campaign,
            "/cancellation",
            Map.of("reason", "a test"))
        .then()
        .statusCode(200);
  }

  /** The same right on as many entitlements more, as if somebody had given it. */
  private void multiply(String entitlement, String right, int times) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          with more as (
            insert into entitlement (id, version, event_number, published_state, asset_id, name,
              type, owner_id, sensitivity, longest, courses, state)
            select uuidv7(), version, event_number, published_state, asset_id, name || ' ' || i,
              type, owner_id, sensitivity, longest, courses, state
            from entitlement, generate_series(1, %d) as i where id = '%s'
            returning id, name)
          insert into access_right (id, version, event_number, published_state, person_id, asset_id,
            entitlement, entitlement_id, ground, valid_until, state, requested_by, requested_at,
            requested_reason, decided_by, decided_at, approvals, asked_at)
          select uuidv7(), r.version, r.event_number, r.published_state, r.person_id, r.asset_id,
            more.name, more.id, r.ground, r.valid_until, r.state, r.requested_by, r.requested_at,
            r.requested_reason, r.decided_by, r.decided_at, r.approvals, r.asked_at
          from access_right r, more where r.id = '%s'"""
              .formatted(times, entitlement, right));
    }
  }

  /** Where the part says that the next one is, or null; it has each of these texts. */
  private static String part(String path, String... texts) throws IOException {
    Response answer =
        Rest.as(Tokens.of(AUDITOR)).accept("application/pdf").urlEncodingEnabled(false).get(path);
    answer.then().statusCode(200);
    assertHas(answer.asByteArray(), texts);
    String link = answer.header("Link");
    return link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
  }

  private static String receiptOf(String campaign, String right) {
    return Rest.as(TOKEN)
        .get("/v1/campaigns/" + campaign + "/items?reviewer=all")
        .path("items.find { it.right == '%s' }.answers[0].receipt".formatted(right));
  }

  /** That the report's pages have each of these, wherever a line is broken. */
  private static void assertText(String campaign, String... texts) throws IOException {
    assertHas(report(campaign), texts);
  }

  private static byte[] report(String campaign) {
    return Rest.as(Tokens.of(AUDITOR))
        .accept("application/pdf")
        .get("/v1/campaigns/" + campaign + "/report")
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }

  private static void assertHas(byte[] pdf, String... texts) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      String text = new PDFTextStripper().getText(document);
      for (String each : texts) {
        assertTrue(closedUp(text).contains(closedUp(each)), () -> each + " is not in\n" + text);
      }
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }
}
