package io.vigie.access.directory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.access.Api;
import io.vigie.access.review.ReviewerRule;
import io.vigie.access.review.Reviews;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The accounts of programs in the platform's real Keycloak. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(RealKeycloak.class)
class KeycloakProgramsTest extends KeycloakScenarios {

  @Inject Directory directory;

  @Test
  void theClientOfAProgramWhoseAccountEndsGetsNoToken() {
    // Given
    String client = name();
    String account = realm.makeProgram(client);
    String registered = register(account, client);
    assertEquals(200, realm.signInProgram(client).statusCode());

    // When
    Api.change(
            Api.TOKEN,
            "POST",
            "/v1/service-accounts/" + registered,
            "/end",
            Map.of("reason", "replaced"))
        .then()
        .statusCode(200);

    // Then
    soon().until(() -> realm.signInProgram(client).statusCode() != 200);
    assertFalse(realm.account(account).getBoolean("enabled"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String closed =
          new String(
              topic
                  .await(1, Topic.about(account).and(ofType("account.changed.v1")))
                  .get(0)
                  .value());
      assertTrue(closed.contains("\"enabled\":false"), closed);
      assertTrue(closed.contains("\"sessionsEnded\":true"), closed);
    }
  }

  /** Says who answers for the program of a client; returns the id. */
  private String register(String account, String client) {
    return Rest.as(Api.TOKEN)
        .body(
            Map.of(
                "subject",
                account,
                "name",
                client,
                "purpose",
                "nightly export",
                "responsible",
                employ(name())))
        .post("/v1/service-accounts")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  @Test
  void aProgramThatNobodyRegisteredIsFoundWithinAMinuteAndClosedWhenSomebodySaysSo() {
    String client = name();
    String account = realm.makeProgram(client);

    found(account, "ACCOUNT_WITHOUT_PERSON");
    assertEquals(200, realm.signInProgram(client).statusCode());
    repair(account, "ACCOUNT_WITHOUT_PERSON");

    assertFalse(realm.account(account).getBoolean("enabled"));
    assertTrue(realm.signInProgram(client).statusCode() != 200);
  }

  @Test
  void aRoleGivenByHandToARegisteredProgramIsFoundWithinAMinuteAndLeftThere() {
    // Given
    String client = name();
    String account = realm.makeProgram(client);
    register(account, client);
    realm.giveRole(account, "internal-tool");

    // When
    realm.giveRole(account, "auditor");

    // Then
    String drift = found(account, "UNAPPROVED_ROLE");
    Rest.as(Api.TOKEN).get("/v1/drifts/" + drift).then().body("what", equalTo("auditor"));
    drifts(account, "ACCOUNT_WITHOUT_PERSON").then().body("items", empty());
    Api.change(Api.TOKEN, "POST", "/v1/drifts/" + drift, "/repair", Map.of())
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:account-of-program"));
    assertTrue(realm.rolesOf(account).contains("auditor"));

    // And when somebody takes it there
    realm.takeRole(account, "auditor");
    soon().untilAsserted(() -> assertEquals("ENDED", stateOf(drift)));
  }

  @Test
  void thePlatformsOwnProgramsAreNoFindingsButARoleThatOneGetsByHandIs() {
    // Given a comparison of all programs
    found(realm.makeProgram(name()), "ACCOUNT_WITHOUT_PERSON");

    // Then
    for (int last : List.of(100, 101, 102, 103, 104, 105)) {
      Rest.as(Api.TOKEN)
          .get("/v1/drifts?account=5e1f0000-0000-4000-8000-000000000" + last)
          .then()
          .statusCode(200)
          .body("items", empty());
    }

    // When
    String tool = "5e1f0000-0000-4000-8000-000000000100";
    realm.giveRole(tool, "hr-import");

    // Then
    String drift = found(tool, "UNAPPROVED_ROLE");
    Rest.as(Api.TOKEN).get("/v1/drifts/" + drift).then().body("what", equalTo("hr-import"));
    realm.takeRole(tool, "hr-import");
    soon().untilAsserted(() -> assertEquals("ENDED", stateOf(drift)));
  }

  @Test
  void programsAreToldFromPeopleWhoseAccountsAreNamedLikeTheirs() throws Throwable {
    String client = name();
    String program = realm.makeProgram(client);
    String other = realm.make("service-account-" + name());

    Account read = VertxContextSupport.subscribeAndAwait(() -> directory.program(program));
    assertEquals(client, read.username());
    assertNull(VertxContextSupport.subscribeAndAwait(() -> directory.account(program)));
    assertNull(VertxContextSupport.subscribeAndAwait(() -> directory.program(other)));
    assertEquals(
        other, VertxContextSupport.subscribeAndAwait(() -> directory.account(other)).subject());
  }

  @Test
  void theServicesOwnClientIsNeitherShownNorChangedNorClosed() throws Throwable {
    // Given
    String own = "5e1f0000-0000-4000-8000-000000000102";
    AccountChange closes =
        new AccountChange(false, null, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true);

    // Then
    assertNull(VertxContextSupport.subscribeAndAwait(() -> directory.account(own)));
    assertNull(VertxContextSupport.subscribeAndAwait(() -> directory.program(own)));
    assertThrows(
        DirectoryFailure.class,
        () -> VertxContextSupport.subscribeAndAwait(() -> directory.change(own, closes)));
    assertThrows(
        DirectoryFailure.class,
        () -> VertxContextSupport.subscribeAndAwait(() -> directory.closeProgram(own)));

    // Not even where somebody registers its account, and a review revokes it
    UUID site = UUID.randomUUID();
    String registered = Reviews.program(UUID.fromString(own), Reviews.personAt(site, null, null));
    String campaign = openOnPrograms(site);
    Map<String, Object> item = itemOf(campaign, registered);
    Reviews.decide(Api.TOKEN, campaign, Reviews.line(item, "REVOKE")).then().statusCode(200);
    soon()
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/directory/changes?failed=true&limit=200")
                    .then()
                    .body(
                        "items.find { it.account == '%s' }.lastError".formatted(own),
                        containsString("Close it by hand")));
    Reviews.confirm(Api.TOKEN, campaign, item.get("id"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("the directory"));
    Reviews.close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"));
    assertTrue(realm.account(own).getBoolean("enabled"));
    assertTrue(accountOf(employ(name())) != null);
  }

  private static String openOnPrograms(UUID site) {
    Map<String, Object> plan = Reviews.plan(site, ReviewerRule.MANAGER);
    plan.put("scope", Map.of("sites", List.of(site)));
    return Reviews.open(plan);
  }

  /** The item about the account of a program, as it is now. */
  private static Map<String, Object> itemOf(String campaign, String program) {
    return Reviews.items(Api.TOKEN, campaign, "reviewer=all").stream()
        .filter(item -> program.equals(item.get("serviceAccount")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRevokedProgramIsConfirmedByKeycloakWhichClosedItOrByAnAccessManagerWhereItHasNoSuchOne() {
    // Given
    UUID site = UUID.randomUUID();
    String responsible = Reviews.personAt(site, null, null);
    String there = Reviews.program(UUID.fromString(realm.makeProgram(name())), responsible);
    String missing = Reviews.program(UUID.randomUUID(), responsible);
    String campaign = openOnPrograms(site);

    // When
    Reviews.decide(
            Api.TOKEN,
            campaign,
            Reviews.line(itemOf(campaign, there), "REVOKE"),
            Reviews.line(itemOf(campaign, missing), "REVOKE"))
        .then()
        .statusCode(200);

    // Then
    Object item = itemOf(campaign, missing).get("id");
    soon().until(() -> itemOf(campaign, there).get("confirmedAt") != null);
    soon()
        .untilAsserted(
            () ->
                Rest.as(Api.TOKEN)
                    .get("/v1/campaigns/" + campaign + "/confirmations")
                    .then()
                    .body("items.id", contains(item)));
    Reviews.close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"));
    Reviews.confirm(Api.TOKEN, campaign, item).then().statusCode(200);
    Reviews.close(campaign).then().statusCode(200);
  }

  @Test
  void theAccountOfAProgramIsNeitherShownNorChanged() throws Throwable {
    String program = "5e1f0000-0000-4000-8000-000000000101";
    AccountChange gives =
        new AccountChange(
            null, null, Set.of("staff"), Set.of(), Set.of(), Set.of(), Set.of(), false);

    assertNull(VertxContextSupport.subscribeAndAwait(() -> directory.account(program)));
    DirectoryFailure failure =
        assertThrows(
            DirectoryFailure.class,
            () -> VertxContextSupport.subscribeAndAwait(() -> directory.change(program, gives)));

    assertTrue(failure.getMessage().contains("program"), failure.getMessage());
    assertFalse(realm.rolesOf(program).contains("staff"));
  }
}
