package io.vigie.access.directory;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is done in Keycloak by hand is found, and put right when somebody, or a rule, says so. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(RealKeycloak.class)
class KeycloakDriftTest extends KeycloakScenarios {

  @Inject DirectoryEvents events;
  @Inject DataSource database;

  @Test
  void aRoleGivenByHandIsFoundWithinAMinuteAndTakenWhenSomebodySaysSo() {
    // Given
    String user = name();
    String person = employ(user);
    String account = accountOf(person);

    // When
    realm.giveRole(account, "auditor");

    // Then
    soon()
        .untilAsserted(
            () ->
                drifts(account, "UNAPPROVED_ROLE").then().body("items.what", contains("auditor")));
    String id = drifts(account, "UNAPPROVED_ROLE").path("items[0].id");
    assertTrue(realm.rolesOf(account).contains("auditor"));

    // When
    Api.change(Api.TOKEN, "POST", "/v1/drifts/" + id, "/repair", Map.of()).then().statusCode(200);

    // Then
    soon()
        .untilAsserted(
            () ->
                Rest.as(Api.TOKEN)
                    .get("/v1/drifts/" + id)
                    .then()
                    .body("state", equalTo("REPAIRED")));
    assertFalse(realm.rolesOf(account).contains("auditor"));
    assertTrue(realm.rolesOf(account).contains("staff"));
  }

  @Test
  void aRoleGivenByHandWhileAChangeOfTheAccountWaitsIsFoundWithoutComparingAll()
      throws SQLException {
    // Given nothing compares all accounts, and a change of this one waits for an absent directory
    String account = accountOf(employ(name()));
    compareAll(Instant.now().plus(Duration.ofDays(1)));
    soon().until(() -> !isMarked(account));
    try {
      execute(
          """
          insert into directory_change (account, urgent, since, attempts, away, last_error, next_at)
          values ('%s', false, now(), 1, true, 'away, as the test has it', now() + interval '1 day')
          """
              .formatted(account));

      // When, and once it was looked at
      realm.giveRole(account, "auditor");
      soon().until(() -> isMarked(account));
      drifts(account, "UNAPPROVED_ROLE").then().body("items.size()", equalTo(0));
      execute("update directory_change set next_at = null where account = '%s'".formatted(account));

      // Then
      assertAuditorIsFound(account);
      soon().until(() -> !isMarked(account));
    } finally {
      execute("delete from directory_change where account = '%s'".formatted(account));
      compareAll(Instant.EPOCH);
    }
  }

  private void compareAll(Instant last) throws SQLException {
    assertEquals(
        1,
        execute(
            "update directory_position set at = '%s' where stream = 'reconciliation'"
                .formatted(last)));
  }

  private int execute(String statement) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      return sql.executeUpdate(statement);
    }
  }

  private boolean isMarked(String account) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      return sql.executeQuery(
              "select from directory_examination where account = '%s'".formatted(account))
          .next();
    }
  }

  @Test
  void aRoleTakenByHandIsFoundAndNotSilentlyGivenAgain() {
    String user = name();
    String person = employ(user);
    String account = accountOf(person);

    realm.takeRole(account, "staff");
    soon()
        .untilAsserted(
            () -> drifts(account, "MISSING_ROLE").then().body("items.what", contains("staff")));
    grant(person, Set.of("auditor"), Set.of());
    settled(person);

    assertTrue(realm.rolesOf(account).contains("auditor"));
    assertFalse(realm.rolesOf(account).contains("staff"));
  }

  @Test
  void aRoleThatComesThroughAnotherIsFoundToo() {
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    realm.makeRole("wrap-" + user, false);
    realm.includeRole("wrap-" + user, "auditor");

    realm.giveRole(account, "wrap-" + user);

    soon()
        .untilAsserted(
            () ->
                drifts(account, "UNAPPROVED_ROLE").then().body("items.what", contains("auditor")));
  }

  @Test
  void aRoleThatComesToHoldAnotherWhenPeopleHaveItIsToldByKeycloakAndFound() throws Throwable {
    // Given
    String user = name();
    String account = accountOf(employ(user));
    realm.makeRole("wrap-" + user, false);
    realm.giveRole(account, "wrap-" + user);
    Instant before = Instant.now();

    // When
    realm.includeRole("wrap-" + user, "auditor");

    // Then all are compared without waiting for the hour
    assertTrue(changes(before).contains(null));
    assertAuditorIsFound(account);
  }

  @Test
  void aRoleThatAGroupGetsWhenPeopleAreInItIsToldByKeycloakAndFound() throws Throwable {
    // Given
    String user = name();
    String account = accountOf(employ(user));
    realm.makeGroup(user, false);
    realm.giveGroup(account, user);
    Instant before = Instant.now();

    // When
    realm.giveRoleToGroup(user, "auditor");

    // Then
    assertTrue(changes(before).contains(null));
    assertAuditorIsFound(account);
  }

  private static void assertAuditorIsFound(String account) {
    Rest.as(Api.TOKEN)
        .get("/v1/drifts/" + found(account, "UNAPPROVED_ROLE"))
        .then()
        .body("what", equalTo("auditor"));
  }

  /** Whose accounts Keycloak says were changed; null stands for anybody's. */
  private List<String> changes(Instant from) throws Throwable {
    List<String> accounts = new ArrayList<>();
    VertxContextSupport.subscribeAndAwait(() -> events.changes(from, 0, 200))
        .forEach(change -> accounts.add(change.account()));
    return accounts;
  }

  @Test
  void aRoleThatComesThroughOneOfAClientIsToldByKeycloakAndFound() throws Throwable {
    // Given
    String user = name();
    String account = accountOf(employ(user));
    realm.makeRoleOf("vigie-cli", user);
    realm.includeRole("vigie-cli", user, "auditor");
    Instant before = Instant.now();

    // When
    realm.giveRoleOf("vigie-cli", account, user);

    // Then this account is compared
    assertTrue(changes(before).contains(account));
    assertAuditorIsFound(account);
  }

  @Test
  void aRoleOfAClientThatComesToHoldAnotherIsToldByKeycloakAndFound() throws Throwable {
    // Given
    String user = name();
    String account = accountOf(employ(user));
    realm.makeRoleOf("vigie-cli", user);
    realm.giveRoleOf("vigie-cli", account, user);
    Instant before = Instant.now();

    // When
    realm.includeRole("vigie-cli", user, "auditor");

    // Then
    assertTrue(changes(before).contains(null));
    assertAuditorIsFound(account);
  }

  @Test
  void aLeaverWhoseAccountIsOpenedAgainIsShutOutAgainByRule() {
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    Api.leave(person).then().statusCode(200);
    settled(person);
    assertFalse(realm.account(account).getBoolean("enabled"));

    realm.change(account, Map.of("enabled", true));

    soon().until(() -> !realm.account(account).getBoolean("enabled"));
    soon()
        .untilAsserted(
            () ->
                Rest.as(Api.TOKEN)
                    .get("/v1/drifts?account=" + account + "&kind=LEAVER_ENABLED")
                    .then()
                    .body("items.state", contains("REPAIRED")));
  }

  @Test
  void aPrivilegedAccountWithoutASecondFactorAndOneThatIsNobodysAreFound() {
    String account = realm.make(name());
    realm.giveRole(account, "sysadmin");

    soon()
        .untilAsserted(
            () ->
                Rest.as(Api.TOKEN)
                    .get("/v1/drifts?live=true&account=" + account)
                    .then()
                    .body(
                        "items.kind",
                        hasItems("ACCOUNT_WITHOUT_PERSON", "PRIVILEGED_WITHOUT_SECOND_FACTOR")));

    String id = drifts(account, "ACCOUNT_WITHOUT_PERSON").path("items[0].id");
    Api.change(Api.TOKEN, "POST", "/v1/drifts/" + id, "/repair", Map.of()).then().statusCode(200);
    soon().until(() -> !realm.account(account).getBoolean("enabled"));
  }

  @Test
  void aRoleTakenBackByHandIsAFindingThatIsOverWithoutVigie() {
    // Given
    String account = accountOf(employ(name()));
    realm.giveRole(account, "auditor");
    String id = found(account, "UNAPPROVED_ROLE");

    // When
    realm.takeRole(account, "auditor");

    // Then
    soon().untilAsserted(() -> assertEquals("ENDED", stateOf(id)));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String ended =
          new String(topic.await(1, Topic.about(id).and(ofType("drift.ended.v1"))).get(0).value());
      assertTrue(ended.contains("\"because\":\"GONE\""), ended);
    }
  }

  @Test
  void aGroupGivenByHandIsFoundAndTakenWhenSomebodySaysSo() {
    // Given a group that is Vigie's to give, and one that is not
    String user = name();
    String account = accountOf(employ(user));
    realm.makeGroup(user);
    realm.makeGroup("other-" + user, false);

    // When
    realm.giveGroup(account, "other-" + user);
    realm.giveGroup(account, user);

    // Then
    String drift = found(account, "UNAPPROVED_GROUP");
    Rest.as(Api.TOKEN).get("/v1/drifts/" + drift).then().body("what", equalTo(user));
    repair(account, "UNAPPROVED_GROUP");
    assertEquals(List.of("other-" + user), realm.groupsOf(account));
  }

  @Test
  void aGroupTakenByHandIsFoundAndGivenAgainWhenSomebodySaysSo() {
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    realm.makeGroup(user);
    grant(person, Set.of(), Set.of(user));
    settled(person);

    realm.takeGroup(account, user);

    found(account, "MISSING_GROUP");
    assertEquals(List.of(), realm.groupsOf(account));
    repair(account, "MISSING_GROUP");
    assertEquals(List.of(user), realm.groupsOf(account));
  }

  @Test
  void anAddressChangedByHandIsFoundAndPutRightWhenSomebodySaysSo() {
    String person = employ(name());
    String account = accountOf(person);
    String address = Rest.as(Api.TOKEN).get("/v1/people/" + person).path("email");

    realm.change(account, Map.of("email", "elsewhere-" + name() + "@example.net"));

    repair(account, "CHANGED_EMAIL");
    assertEquals(address, realm.account(account).getString("email"));
  }

  @Test
  void anAccountClosedByHandIsFoundAndOpenedWhenSomebodySaysSo() {
    String user = name();
    String account = accountOf(employ(user));

    realm.change(account, Map.of("enabled", false));

    found(account, "DISABLED_BY_HAND");
    assertEquals(400, realm.signIn(user).statusCode());
    repair(account, "DISABLED_BY_HAND");
    assertEquals(200, realm.signIn(user).statusCode());
  }

  @Test
  void aLeaverWhoIsSignedInThroughAClosedAccountIsSignedOutByRule() {
    // Given
    String user = name();
    String person = employ(user);
    String account = accountOf(person);
    Api.leave(person).then().statusCode(200);
    settled(person);

    // When somebody opens the account for as long as a sign-in takes, more often where that is seen
    await()
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptions()
        .until(
            () -> {
              realm.change(account, Map.of("enabled", true));
              realm.signIn(user).then().statusCode(200);
              realm.change(account, Map.of("enabled", false));
              await()
                  .atMost(Duration.ofSeconds(60))
                  .untilAsserted(
                      () ->
                          Rest.as(Api.TOKEN)
                              .get("/v1/drifts?account=" + account + "&kind=LEAVER_WITH_SESSION")
                              .then()
                              .body("items.state", hasItem("REPAIRED")));
              return true;
            });

    // Then
    assertEquals(0, realm.sessionsOf(account));
    assertFalse(realm.account(account).getBoolean("enabled"));
  }

  @Test
  void anAccountThatIsDeletedByHandIsMissed() {
    String person = employ(name());
    String account = accountOf(person);

    realm.delete(account);

    soon()
        .untilAsserted(
            () -> drifts(account, "MISSING_ACCOUNT").then().body("items.person", contains(person)));
  }

  @Test
  void theBreakGlassAccountIsNeitherJudgedNorChanged() {
    String account = realm.make("break-glass");
    realm.giveRole(account, "sysadmin");
    String other = realm.make(name());
    soon().until(() -> drifts(other, "ACCOUNT_WITHOUT_PERSON").path("items.size()").equals(1));

    Rest.as(Api.TOKEN).get("/v1/drifts?account=" + account).then().body("items.size()", equalTo(0));

    // Not even for the person who has it, and leaves
    String person = Api.join(UUID.fromString(account));
    Api.leave(person).then().statusCode(200);
    soon()
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/directory/changes?person=" + person)
                    .then()
                    .body("items.lastError", contains(containsString("untouchable"))));
    assertTrue(realm.account(account).getBoolean("enabled"));
    assertTrue(realm.rolesOf(account).contains("sysadmin"));
  }
}
