package io.vigie.access.directory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.access.Api;
import io.vigie.access.review.ReviewerRule;
import io.vigie.access.review.Reviews;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Accounts in the platform's real Keycloak follow people and their rights; and what its realm must
 * have. The last of the three by its name: it takes the client away whose account others ask about.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(RealKeycloak.class)
class KeycloakTest extends KeycloakScenarios {

  @Inject DataSource database;

  @Test
  void whoJoinsGetsAnAccountThatIsLinkedToThemAndAsksForAPassword() {
    Map<String, Object> profile = Api.profile(null);
    profile.put("givenName", "Zoé");
    profile.put("familyName", "Du" + name());
    String person = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");

    soon().until(() -> accountOf(person) != null);
    settled(person);

    String account = accountOf(person);
    assertEquals(profile.get("email"), realm.account(account).getString("email"));
    assertEquals(List.of("UPDATE_PASSWORD"), realm.account(account).getList("requiredActions"));
    assertTrue(realm.account(account).getString("username").startsWith("zoe.du"));
    assertTrue(realm.rolesOf(account).contains("staff"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, Topic.about(account).and(ofType("account.created.v1")));
      String linked =
          new String(
              topic.await(1, Topic.about(person).and(ofType("person.changed.v1"))).get(0).value());
      assertTrue(linked.contains("\"changes\":{\"subject\":\"" + account + "\"}"), linked);
    }
  }

  @Test
  void namesakesGetNamesOfTheirOwn() {
    Map<String, Object> profile = Api.profile(null);
    profile.put("familyName", "twin" + name());
    String one = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");
    profile.put("email", UUID.randomUUID() + "@example.org");
    String other = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");

    soon().until(() -> accountOf(one) != null && accountOf(other) != null);

    String first = realm.account(accountOf(one)).getString("username");
    assertEquals(first + "2", realm.account(accountOf(other)).getString("username"));
  }

  @Test
  void anAccountThatNobodySawMadeIsFoundAgainAndNotMadeTwice() throws SQLException {
    Map<String, Object> profile = Api.profile(UUID.randomUUID());
    String person = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");
    String account = makeAndDie(person, profile);

    // When it begins again
    profile.remove("subject");
    Api.change(Api.TOKEN, "PUT", "/v1/people/" + person, "", profile).then().statusCode(200);

    // Then
    soon().until(() -> account.equals(accountOf(person)));
    settled(person);
    assertTrue(realm.rolesOf(account).contains("staff"));
  }

  @Test
  void aRoleThatNobodySawGivenToANewAccountIsAFactAllTheSame() throws SQLException {
    Map<String, Object> profile = Api.profile(UUID.randomUUID());
    String person = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");
    String account = makeAndDie(person, profile);
    realm.giveRole(account, "staff");

    // When it begins again
    profile.remove("subject");
    Api.change(Api.TOKEN, "PUT", "/v1/people/" + person, "", profile).then().statusCode(200);

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      String changed =
          new String(
              topic
                  .await(1, Topic.about(account).and(ofType("account.changed.v1")))
                  .get(0)
                  .value());
      assertTrue(changed.contains("\"rolesGiven\":[\"staff\"]"), changed);
    }
  }

  /** Chooses a name for somebody, and makes the account, as a service that dies then. */
  private String makeAndDie(String person, Map<String, Object> profile) throws SQLException {
    String user = name();
    profile.put("email", user + "@example.org");
    Api.change(Api.TOKEN, "PUT", "/v1/people/" + person, "", profile).then().statusCode(200);
    settled(person);
    intend(person, user);
    return realm.make(user);
  }

  private void intend(String person, String user) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("insert into directory_intent values ('%s', '%s')".formatted(person, user));
    }
  }

  @Test
  void anAccountThatNobodySawMadeIsClosedWhereItsHolderLeavesMeanwhile() throws SQLException {
    // Given somebody without an account, and one that was made for them
    String user = name();
    String person = joinLater(user + "@example.org");
    intend(person, user);
    String account = realm.make(user);

    // When
    Api.leave(person).then().statusCode(200);

    // Then it is theirs, and closed, and they are told from others no more by the name
    soon().until(() -> !realm.account(account).getBoolean("enabled"));
    settled(person);
    assertEquals(account, accountOf(person));
    assertEquals(0, intents(person));
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, Topic.about(account).and(ofType("account.created.v1")));
      topic.await(1, Topic.about(account).and(ofType("account.changed.v1")));
    }
  }

  @Test
  void anAccountOfTheSameNameThatIsSomebodyElsesIsLeftAlone() throws SQLException {
    String user = name();
    String person = joinLater("somebody." + user + "@example.org");
    intend(person, user);
    String account = realm.make(user);

    Api.leave(person).then().statusCode(200);
    settled(person);

    assertEquals(0, intents(person));
    assertNull(accountOf(person));
    assertTrue(realm.account(account).getBoolean("enabled"));
  }

  @Test
  void anAccountThatNobodySawMadeIsDeletedWithWhoeverIsErased() throws SQLException {
    // Given somebody who left without an account
    String user = name();
    String person = joinLater(user + "@example.org");
    Api.leave(person).then().statusCode(200);
    settled(person);
    intend(person, user);
    String account = realm.make(user);

    // When
    erase(person);
    settled(person);

    // Then
    assertEquals(List.of(), realm.named(user));
    assertEquals(0, intents(person));
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, Topic.about(account).and(ofType("account.deleted.v1")));
    }
  }

  /** Somebody who has no account yet, and is to have none today. */
  private static String joinLater(String email) {
    Map<String, Object> profile = Api.profile(null);
    profile.put("email", email);
    profile.put("joinedOn", LocalDate.now(ZoneOffset.UTC).plusDays(30).toString());
    String person = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");
    settled(person);
    return person;
  }

  private int intents(String person) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select count(*) from directory_intent where person_id = '%s'".formatted(person))) {
      found.next();
      return found.getInt(1);
    }
  }

  @Test
  void whatIsApprovedIsInTheNextToken() {
    String user = name();
    String person = employ(user);
    realm.makeGroup(user);
    assertFalse(Realm.rolesIn(realm.signIn(user)).contains("responder"));

    grant(person, Set.of("responder"), Set.of(user));

    soon().until(() -> Realm.rolesIn(realm.signIn(user)).contains("responder"));
    soon().until(() -> realm.groupsOf(accountOf(person)).contains(user));
  }

  @Test
  void whatIsTakenAwayEndsTheSessionsAndNoTokenIsRefreshed() {
    // Given
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    grant(person, Set.of("responder", "auditor"), Set.of());
    settled(person);
    Response tokens = realm.signIn(user);
    assertEquals(200, realm.refresh(tokens).statusCode());

    // When
    grant(person, Set.of("auditor"), Set.of());

    // Then
    soon().until(() -> realm.sessionsOf(account) == 0);
    assertEquals(400, realm.refresh(tokens).statusCode());
    assertFalse(Realm.rolesIn(realm.signIn(user)).contains("responder"));
    assertTrue(Realm.rolesIn(realm.signIn(user)).contains("auditor"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertTrue(
          topic.await(2, Topic.about(account).and(ofType("account.changed.v1"))).stream()
              .map(record -> new String(record.value()))
              .anyMatch(
                  text ->
                      text.contains("\"rolesTaken\":[\"responder\"]")
                          && text.contains("\"sessionsEnded\":true")));
    }
  }

  @Test
  void aRightIsInTheNextTokenAndOnceRevokedNothingOfItWorks() {
    // Given somebody who asks for a role
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    String right =
        Api.request(
                Api.TOKEN,
                Map.of("person", person, "entitlement", role("auditor"), "reason", "reads the log"))
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    // When
    Api.approve(right).then().statusCode(200);

    // Then
    soon().until(() -> Realm.rolesIn(realm.signIn(user)).contains("auditor"));
    settled(person);
    Response tokens = realm.signIn(user);
    String before = Tokens.of(UUID.fromString(account), AUDITOR);
    Rest.as(before).get("/v1/people/me").then().statusCode(200);

    // When
    Api.act(Api.TOKEN, right, "revocation", Map.of("reason", "done")).then().statusCode(200);

    // Then
    soon()
        .untilAsserted(
            () -> {
              assertEquals(0, realm.sessionsOf(account));
              Rest.as(before).get("/v1/people/me").then().statusCode(401);
            });
    assertEquals(400, realm.refresh(tokens).statusCode());
    assertFalse(Realm.rolesIn(realm.signIn(user)).contains("auditor"));

    // And nothing of it was left to whoever compares all accounts: theirs was there before they
    // were
    Rest.as(Api.TOKEN)
        .get("/v1/drifts?account=" + account)
        .then()
        .statusCode(200)
        .body("items.findAll { it.kind != 'ACCOUNT_WITHOUT_PERSON' }", empty());
  }

  /** Puts what is this role in the directory into the catalogue; returns its id. */
  private static String role(String name) {
    return Rest.as(Api.TOKEN)
        .body(
            Map.of(
                "asset",
                UUID.randomUUID(),
                "name",
                name,
                "type",
                "APPLICATION_ROLE",
                "terms",
                Map.of(
                    "owner",
                    Api.join(null),
                    "sensitivity",
                    "NORMAL",
                    "longest",
                    "P30D",
                    "directory",
                    Map.of("kind", "ROLE", "name", name))))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  @Test
  void aTokenOfBeforeTheLossIsRefusedByTheServicesToo() {
    String user = name();
    String person = employ(user);
    grant(person, Set.of("responder"), Set.of());
    settled(person);
    String before = Tokens.of(UUID.fromString(accountOf(person)));
    Rest.as(before).get("/v1/people/me").then().statusCode(200);

    grant(person, Set.of(), Set.of());

    soon().untilAsserted(() -> Rest.as(before).get("/v1/people/me").then().statusCode(401));
  }

  @Test
  void aLeaverIsSignedOutAndCannotSignInAgain() {
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    realm.giveRole(account, "auditor");
    Response tokens = realm.signIn(user);
    String before = Tokens.of(UUID.fromString(account));

    Api.leave(person).then().statusCode(200);

    soon()
        .untilAsserted(
            () -> {
              assertEquals(0, realm.sessionsOf(account));
              Rest.as(before).get("/v1/people/me").then().statusCode(401);
            });
    assertEquals(400, realm.refresh(tokens).statusCode());
    assertEquals(400, realm.signIn(user).statusCode());
    soon()
        .until(
            () -> realm.rolesOf(account).stream().noneMatch(Set.of("staff", "auditor")::contains));
  }

  @Test
  void theAccountOfWhoeverIsErasedIsDeletedWithWhatIsKnownOfIt() throws SQLException {
    // Given somebody who signed in, and left
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("insert into last_sign_in values ('%s', 'a', now())".formatted(account));
    }
    Api.leave(person).then().statusCode(200);
    settled(person);

    // When
    erase(person);
    settled(person);

    // Then
    assertEquals(List.of(), realm.named(user));
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet left =
            statement.executeQuery(
                """
                select (select count(*) from last_sign_in where account = '%1$s')
                  + (select count(*) from directory_account where account = '%1$s' and holder is not null)"""
                    .formatted(account))) {
      assertTrue(left.next());
      assertEquals(0, left.getInt(1));
    }
    drifts(account, "LEAVER_ENABLED").then().body("items.size()", equalTo(0));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String told =
          new String(
              topic
                  .await(1, Topic.about(account).and(ofType("account.deleted.v1")))
                  .get(0)
                  .value());
      assertTrue(told.contains(person), told);
    }
  }

  private static void erase(String person) {
    Api.change(
            Tokens.of(CISO),
            "POST",
            "/v1/people/" + person,
            "/erasure",
            Map.of("reason", "they asked for it", "reference", "DPO-2026-014"))
        .then()
        .statusCode(200);
  }

  @Test
  void aLostRoleThatAnotherStillGivesStaysInTheQueueAndHidesNothingElse() throws SQLException {
    // Given
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    realm.makeRole("wrap-" + user, false);
    realm.includeRole("wrap-" + user, "auditor");
    realm.giveRole(account, "wrap-" + user);
    grant(person, Set.of("auditor"), Set.of());
    soon().until(() -> realm.rolesOf(account).contains("auditor"));
    settled(person);

    // When
    grant(person, Set.of(), Set.of());

    // Then
    soon()
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/directory/changes?failed=true&person=" + person)
                    .then()
                    .body("items.lastError", contains(containsString("another role"))));

    // And once it has waited for too long, what somebody gives by hand is found
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update directory_change set since = since - interval '1 hour' where person_id = '%s'"
              .formatted(person));
    }
    realm.giveRole(account, "responder");
    soon()
        .untilAsserted(
            () ->
                drifts(account, "UNAPPROVED_ROLE").then().body("items.what", hasItem("responder")));

    realm.takeRole(account, "responder");
    realm.takeRole(account, "wrap-" + user);
    settled(person);
  }

  @Test
  void whoGetsAPrivilegedRoleMustSetUpASecondFactorAndIsFoundUntilTheyDid() {
    // Given
    String user = name();
    String person = employ(user);
    String account = accountOf(person);

    // When
    grant(person, Set.of("sysadmin"), Set.of());
    settled(person);

    // Then nobody signs in to it with a password alone
    assertEquals(List.of("CONFIGURE_TOTP"), realm.account(account).getList("requiredActions"));
    assertEquals(400, realm.signIn(user).statusCode());

    // And where somebody takes that off by hand, it is asked for again when somebody says so
    realm.change(account, Map.of("requiredActions", List.of()));
    assertEquals(200, realm.signIn(user).statusCode());
    repair(account, "PRIVILEGED_WITHOUT_SECOND_FACTOR");
    assertEquals(List.of("CONFIGURE_TOTP"), realm.account(account).getList("requiredActions"));
    assertEquals(400, realm.signIn(user).statusCode());
  }

  @Test
  void theFirstCisoGetsAnAccountWithTheirRolesThatAsksForAPasswordAndASecondFactor() {
    // When
    String person =
        Rest.as(Tokens.of(TOOL))
            .body(
                Map.of(
                    "token",
                    RealKeycloak.FIRST_CISO_TOKEN,
                    "givenName",
                    "Charlie",
                    "familyName",
                    "Du" + name(),
                    "email",
                    name() + "@example.org"))
            .post("/v1/first-ciso")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    // Then
    soon().until(() -> accountOf(person) != null);
    settled(person);
    String account = accountOf(person);
    assertTrue(realm.rolesOf(account).containsAll(List.of("staff", "ciso", "access-manager")));
    assertEquals(
        Set.of("UPDATE_PASSWORD", "CONFIGURE_TOTP"),
        Set.copyOf(realm.account(account).<String>getList("requiredActions")));
  }

  @Test
  void aRevocationInACampaignIsConfirmedWhenKeycloakGivesTheRoleNoMore() {
    // Given somebody with a right that is a role, who also has the role through another one
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    UUID asset = UUID.randomUUID();
    String right =
        Reviews.right(person, Reviews.entitlement(asset, Api.join(null), "NORMAL", "responder"));
    soon().until(() -> Realm.rolesIn(realm.signIn(user)).contains("responder"));
    realm.makeRole("wrap-" + user, false);
    realm.includeRole("wrap-" + user, "responder");
    realm.giveRole(account, "wrap-" + user);
    String campaign = Reviews.open(Reviews.plan(asset, ReviewerRule.MANAGER));

    // When
    Reviews.decide(Api.TOKEN, campaign, Reviews.line(Reviews.item(campaign, right), "REVOKE"))
        .then()
        .statusCode(200);

    // Then it is not confirmed as long as a token has it
    soon()
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/directory/changes?failed=true&person=" + person)
                    .then()
                    .body("items.lastError", contains(containsString("another role"))));
    Reviews.close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"));
    assertNull(Reviews.item(campaign, right).get("confirmedAt"));

    // And when nothing gives it any more
    realm.takeRole(account, "wrap-" + user);
    soon().until(() -> Reviews.item(campaign, right).get("confirmedAt") != null);
    assertFalse(Realm.rolesIn(realm.signIn(user)).contains("responder"));
    Reviews.close(campaign).then().statusCode(200);
  }

  @Test
  void aRevocationInACampaignEndsTheRoleAndTheSessions() {
    // Given
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    UUID asset = UUID.randomUUID();
    String right =
        Reviews.right(person, Reviews.entitlement(asset, Api.join(null), "NORMAL", "responder"));
    soon().until(() -> Realm.rolesIn(realm.signIn(user)).contains("responder"));
    String campaign = Reviews.open(Reviews.plan(asset, ReviewerRule.MANAGER));

    // When
    Reviews.decide(Api.TOKEN, campaign, Reviews.line(Reviews.item(campaign, right), "REVOKE"))
        .then()
        .statusCode(200);

    // Then
    soon().until(() -> !realm.rolesOf(account).contains("responder"));
    soon().until(() -> realm.sessionsOf(account) == 0);
    soon().until(() -> Reviews.item(campaign, right).get("confirmedAt") != null);
    Reviews.close(campaign).then().statusCode(200);
  }

  @Test
  void aRoleThatVigieDoesNotOwnIsNotGivenAndTheQueueSaysWhy() {
    String user = name();
    String person = employ(user);
    realm.makeRole("foreign-" + user, false);

    grant(person, Set.of("foreign-" + user, "auditor"), Set.of("no-group-" + user));

    soon()
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/directory/changes?failed=true&person=" + person)
                    .then()
                    .body("items.lastError", contains(containsString("vigie.owned"))));
    // Nothing else is kept from its holder, and it is taken again with the right.
    assertFalse(realm.rolesOf(accountOf(person)).contains("foreign-" + user));
    assertTrue(realm.rolesOf(accountOf(person)).contains("auditor"));
    grant(person, Set.of(), Set.of());
    settled(person);
    assertFalse(realm.rolesOf(accountOf(person)).contains("auditor"));
  }

  @Test
  void signInsSignOutsAndFailuresAreFactsOnceEach() {
    String user = name();
    String account = realm.make(user);
    realm.signOut(realm.signIn(user));
    realm.signIn(user, "guess");
    realm.signIn("nobody-" + user, "guess");

    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> facts =
          new ArrayList<>(
              topic.await(
                  3,
                  record ->
                      new String(record.value()).contains("\"account\":\"" + account)
                          && !header(record, "ce_type").startsWith("drift")));
      assertEquals(
          List.of("session.started.v1", "session.ended.v1", "sign-in.failed.v1"),
          facts.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals(header(facts.get(0), "ce_subject"), header(facts.get(1), "ce_subject"));
      assertEquals(account, header(facts.get(0), "ce_actor"));
      assertEquals("anonymous", header(facts.get(2), "ce_actor"));
      String failure = new String(facts.get(2).value());
      assertTrue(failure.contains("\"error\":\"invalid_user_credentials\""), failure);
      assertTrue(failure.contains("\"client\":\"vigie-cli\""), failure);

      // What was tried as a name may be a password, and is not kept
      List<ConsumerRecord<String, byte[]>> unknown =
          topic.await(
              1,
              ofType("sign-in.failed.v1")
                  .and(record -> new String(record.value()).contains("user_not_found")));
      assertFalse(new String(unknown.get(0).value()).contains(user));

      // Read again and again from before the last one, they stay as many
      String later = realm.make(name());
      realm.signOut(realm.signIn(realm.account(later).getString("username")));
      topic.await(2, record -> new String(record.value()).contains("\"account\":\"" + later));
      assertEquals(
          3,
          topic
              .await(
                  3,
                  record ->
                      new String(record.value()).contains("\"account\":\"" + account)
                          && !header(record, "ce_type").startsWith("drift"))
              .size());
    }
  }

  @Test
  void whenAnAccountWasLastSignedInWithIsRememberedByClientAndAFailureDoesNotCount()
      throws SQLException {
    // Given
    String user = name();
    String account = realm.make(user);
    realm.signIn(user).then().statusCode(200);
    soon().until(() -> lastSignIn(account) != null);
    Instant first = lastSignIn(account);

    // When
    realm.signIn(user, "guess").then().statusCode(400);
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(
          1,
          ofType("sign-in.failed.v1")
              .and(record -> new String(record.value()).contains("\"account\":\"" + account)));
    }

    // Then
    assertEquals(first, lastSignIn(account));

    // And when somebody signs in again
    realm.signIn(user).then().statusCode(200);
    soon().until(() -> lastSignIn(account).isAfter(first));
  }

  /** Null where nobody signed in with it to the one client that the tests have. */
  private Instant lastSignIn(String account) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select at from last_sign_in where account = ? and client = 'vigie-cli'")) {
      statement.setString(1, account);
      ResultSet found = statement.executeQuery();
      return found.next() ? found.getObject(1, OffsetDateTime.class).toInstant() : null;
    }
  }

  @Test
  void whileKeycloakIsAwayNothingIsLostAndTheLastWordHolds() {
    // Given three people, and one who is signed in
    List<String> users = List.of(name(), name(), name());
    List<String> people = users.stream().map(this::employ).toList();
    grant(people.get(0), Set.of("responder"), Set.of());
    settled(people.get(0));

    // When much happens while Keycloak is away
    stack.kill("keycloak");
    String newcomer;
    try {
      grant(people.get(0), Set.of(), Set.of());
      grant(people.get(1), Set.of("responder"), Set.of());
      grant(people.get(1), Set.of("auditor"), Set.of());
      Api.leave(people.get(2)).then().statusCode(200);
      newcomer = Api.join(null);
      soon()
          .untilAsserted(
              () ->
                  Rest.as(Tokens.of(SYSADMIN))
                      .get("/v1/directory/changes?failed=true")
                      .then()
                      .body("items.lastError", hasItem(containsString("does not answer"))));
      Rest.as(Tokens.of(SYSADMIN))
          .get("/v1/directory/changes")
          .then()
          .body("items.person", hasItems(people.get(0), people.get(1), people.get(2), newcomer));
    } finally {
      stack.start("keycloak");
    }

    // Then all of it is done
    for (String person : people) {
      settled(person);
    }
    soon().until(() -> accountOf(newcomer) != null);
    assertFalse(realm.rolesOf(accountOf(people.get(0))).contains("responder"));
    assertTrue(realm.rolesOf(accountOf(people.get(1))).contains("auditor"));
    assertFalse(realm.rolesOf(accountOf(people.get(1))).contains("responder"));
    assertFalse(realm.account(accountOf(people.get(2))).getBoolean("enabled"));
  }

  @Test
  void aRealmThatLetsPasswordsBeGuessedIsToldAndIsAFindingUntilItDoesNot() {
    soon().until(() -> lacks().isEmpty());
    realm.lockOutGuessers(true);
    soon().untilAsserted(() -> guessers().body("items", empty()));
    try {
      realm.lockOutGuessers(false);
      soon().until(() -> lacks().contains("guesses passwords"));
      soon().untilAsserted(() -> guessers().body("items.state", contains("OPEN")));
    } finally {
      realm.lockOutGuessers(true);
    }
    soon().until(() -> lacks().isEmpty());
    soon().untilAsserted(() -> guessers().body("items", empty()));
  }

  private static ValidatableResponse guessers() {
    return Rest.as(Api.TOKEN)
        .get("/v1/drifts?live=true&kind=GUESSERS_NOT_LOCKED_OUT")
        .then()
        .statusCode(200);
  }

  @Test
  void aPasswordThatIsShortOrTheAccountsNameOrAddressOrTheLastOneIsRefused() {
    // Given
    String user = name();
    String account = realm.make(user);

    // Then
    for (String password : List.of("eleven char", user, user + "@example.org", Realm.PASSWORD)) {
      assertEquals(400, realm.setPassword(account, password).statusCode(), password);
    }
    assertEquals(200, realm.signIn(user).statusCode());
    assertEquals(204, realm.setPassword(account, "twelve chars").statusCode());
  }

  @Test
  void aRealmThatAsksLittleOfPasswordsIsToldUntilItDoes() {
    soon().until(() -> lacks().isEmpty());
    String policy = realm.passwordPolicy();
    try {
      for (String little :
          List.of(
              "",
              policy.replace("length(12)", "length(11)"),
              policy.replace("passwordHistory(5)", "passwordHistory(4)"),
              policy.replace("notUsername", "notEmail"))) {
        realm.askOfPasswords(policy);
        soon().until(() -> lacks().isEmpty());
        realm.askOfPasswords(little);
        soon().until(() -> lacks().contains("password policy"));
      }
    } finally {
      realm.askOfPasswords(policy);
    }
    soon().until(() -> lacks().isEmpty());
  }

  @Test
  void demoAccountsAreToldWhereOthersReachTheRealm() {
    // Given the realm of one machine, which has them, behind a page of others whose addresses are
    // like theirs
    soon().until(() -> lacks().isEmpty());
    List<String> others =
        IntStream.range(0, 20)
            .mapToObj(i -> realm.make("aa-" + name(), "vigie.example.org"))
            .toList();
    try {
      // When it is known by a name of elsewhere
      realm.knownAs("https://sso.vigie.example.org");

      // Then
      soon().until(() -> lacks().contains("demo accounts"));
    } finally {
      realm.knownAs(null);
      others.forEach(realm::delete);
    }
    soon().until(() -> lacks().isEmpty());
  }

  @Test
  void aRealmOfAnEarlierVersionIsToldFromACompleteOneAndGetsWhatItLacksByACommand()
      throws Exception {
    soon().until(() -> lacks().isEmpty());

    realm.makeOlder();
    soon().until(() -> lacks().contains("no client vigie-directory"));
    String person = Api.join(null);

    String said = RealKeycloak.updateRealm();
    for (String done :
        List.of(
            "saves who signs in",
            "locks out who guesses passwords",
            "asks for passwords that are not guessed",
            "internal-tool is marked",
            "a client vigie-directory",
            "has its secret",
            "may do what it needs")) {
      assertTrue(said.contains(done), said);
    }
    assertTrue(RealKeycloak.updateRealm().contains("Nothing was missing."));

    soon().until(() -> lacks().isEmpty());
    soon().until(() -> accountOf(person) != null);
  }

  private static String lacks() {
    Map<String, Object> data =
        Rest.anonymous().get("/q/health/well").path("checks.find { it.name == 'directory' }.data");
    return data.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("lacks"))
        .map(entry -> entry.getValue().toString())
        .collect(Collectors.joining(" "));
  }
}
