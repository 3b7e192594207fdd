package io.vigie.access.client;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.client.Clients.FILE;
import static io.vigie.access.client.Clients.act;
import static io.vigie.access.client.Clients.approved;
import static io.vigie.access.client.Clients.change;
import static io.vigie.access.client.Clients.profile;
import static io.vigie.access.client.Clients.register;
import static io.vigie.access.client.Clients.requested;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rights through which a client's data is reached, and accesses to that data (R10.3). */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RightsToClientDataTest {

  @Inject MovableClock clock;

  private final UUID asset = UUID.randomUUID();
  private final UUID subject = UUID.randomUUID();
  private String client;
  private String person;

  @BeforeEach
  void aClientWhoseDataIsOnTheAssetAndSomebody() {
    client = register(profile(asset));
    person = Api.join(subject);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private String entitlement(String type) {
    return Rest.as(Api.TOKEN)
        .body(
            Map.of(
                "asset",
                asset,
                "name",
                "reads " + UUID.randomUUID(),
                "type",
                type,
                "terms",
                Map.of("owner", Api.join(null), "sensitivity", "NORMAL", "longest", "P30D")))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private Response ask(String entitlement) {
    return Api.request(
        Api.TOKEN, Map.of("person", person, "entitlement", entitlement, "reason", "restores it"));
  }

  @Test
  void whatReachesAClientsDataIsAskedForByWhoMayTouchItAlone() {
    String role = entitlement("DATABASE_ROLE");

    problem(ask(role), 422, "client-access-missing").body("detail", containsString(client));
    problem(ask(entitlement("SERVER_ACCOUNT")), 422, "client-access-missing");
    ask(entitlement("APPLICATION_ROLE")).then().statusCode(201);
    approved(client, Api.join(null), 30);
    requested(client, person, 30);
    problem(ask(role), 422, "client-access-missing");

    approved(client, person, 30);

    String right = ask(role).then().statusCode(201).extract().path("id");
    Api.approve(right).then().statusCode(200);
    assertEquals("APPROVED", Api.stateOf(right));
  }

  @Test
  void ofSeveralClientsOnOneAssetEachHasToLetThemIn() {
    String other = register(profile(asset));
    approved(client, person, 30);

    problem(ask(entitlement("DATABASE_ROLE")), 422, "client-access-missing")
        .body("detail", containsString(other))
        .body("detail", not(containsString(client)));
  }

  @Test
  void itIsNotApprovedOnceTheAccessIsGone() {
    // Given
    String access = approved(client, person, 30);
    String right = ask(entitlement("DATABASE_ROLE")).then().statusCode(201).extract().path("id");

    // When
    act(Api.TOKEN, access, "revocation", Map.of("reason", "x")).then().statusCode(200);

    // Then
    problem(Api.approve(right), 422, "client-access-missing");
    assertEquals("REQUESTED", Api.stateOf(right));
    approved(client, person, 30);
    Api.approve(right).then().statusCode(200);
  }

  @Test
  void whatAProfileGivesWaitsForAccessManagersUntilItsHolderMayTouchTheData() {
    // Given
    String role = entitlement("DATABASE_ROLE");
    Api.assign(person, Api.bundle("restores " + asset, role, entitlement("APPLICATION_ROLE")));
    String right = rightOn(role);

    // When, then
    assertEquals("right.without-client-access", Api.taskOf("right/" + right));
    Rest.as(Tokens.of(STAFF))
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", not(hasItem("right/" + right)));
    approved(client, person, 30);
    assertNull(Api.taskOf("right/" + right));

    // When the access ends by its time
    clock.move(Duration.ofDays(31));
    assertEquals("right.without-client-access", Api.taskOf("right/" + right));

    // When the client's data is there no more
    settle();
    assertNull(Api.taskOf("right/" + right));
  }

  @Test
  void aRightThatOutlivesTheAccessWaitsForAccessManagersWhileItLasts() {
    // Given
    String access = approved(client, person, 30);
    String right = ask(entitlement("SERVER_ACCOUNT")).then().statusCode(201).extract().path("id");
    Api.approve(right).then().statusCode(200);
    assertNull(Api.taskOf("right/" + right));

    // When
    act(Api.TOKEN, access, "revocation", Map.of("reason", "x")).then().statusCode(200);

    // Then
    assertEquals("right.without-client-access", Api.taskOf("right/" + right));
    Api.act(Api.TOKEN, right, "revocation", Map.of("reason", "x")).then().statusCode(200);
    assertNull(Api.taskOf("right/" + right));
  }

  @Test
  void anAccessOnAClauseCountsAsLongAsItsContractIsTheClients() {
    // Given
    Map<String, Object> clause = Clients.purpose(client, person, 30);
    clause.put("purpose", Map.of("ground", "CLAUSE", "reference", "article 5"));
    String access = Clients.request(clause).then().statusCode(201).extract().path("id");
    act(Tokens.of(ACCESS_MANAGER), access, "approval", Map.of()).then().statusCode(200);
    String role = entitlement("DATABASE_ROLE");
    Api.assign(person, Api.bundle("restores " + asset, role));
    String right = rightOn(role);
    assertNull(Api.taskOf("right/" + right));

    // When another contract replaces it
    Map<String, Object> profile = profile(asset);
    profile.put(
        "contract",
        Map.of("reference", "2026-015", "startsOn", "2026-01-01", "file", "c".repeat(64)));
    change(client, "PUT", "", profile).then().statusCode(200);

    // Then
    assertEquals("right.without-client-access", Api.taskOf("right/" + right));
  }

  private String rightOn(String entitlement) {
    return Rest.as(Api.TOKEN)
        .get("/v1/rights?limit=200&person=" + person)
        .path("items.find { it.entitlementId == '" + entitlement + "' }.id");
  }

  private void settle() {
    String dueOn = LocalDate.now(clock).plusDays(30).toString();
    change(client, "POST", "/ending", Map.of("fate", "DESTROYED", "dueOn", dueOn))
        .then()
        .statusCode(200);
    change(client, "POST", "/data-settlement", Map.of("evidence", FILE)).then().statusCode(200);
  }

  @Test
  void whatIsSettledIsReachedByNobodyAndKeepsNobodyOut() {
    String dueOn = LocalDate.now(ZoneOffset.UTC).plusDays(30).toString();
    change(client, "POST", "/ending", Map.of("fate", "DESTROYED", "dueOn", dueOn))
        .then()
        .statusCode(200);
    problem(ask(entitlement("DATABASE_ROLE")), 422, "client-access-missing");

    change(client, "POST", "/data-settlement", Map.of("evidence", FILE)).then().statusCode(200);

    ask(entitlement("DATABASE_ROLE")).then().statusCode(201);
  }

  @Test
  void anEmergencyReachesItAllTheSameAndSaysWhose() {
    // Given
    String other = register(profile(asset));
    approved(other, person, 30);

    // When
    Map<String, Object> emergency = new HashMap<>();
    emergency.put("entitlement", entitlement("DATABASE_ROLE"));
    emergency.put("reason", "Nobody can get in");
    String right =
        Rest.as(Tokens.of(subject))
            .body(emergency)
            .post("/v1/rights/break-glass")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      String told = new String(topic.await(1, about(right)).get(0).value());
      assertTrue(told.contains("\"clientsBarred\":[\"%s\"]".formatted(client)), told);
      assertTrue(told.contains("\"coursesMissing\":[]"), told);
    }
  }
}
