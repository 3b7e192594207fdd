package io.vigie.access.request;

import java.time.Duration;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.request.Circle.approve;
import static io.vigie.access.request.Circle.awaiting;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.testkit.Rest.problem;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DelegationTest {

  @Inject MovableClock clock;

  private final UUID subject = UUID.randomUUID();
  private final String substitute = Tokens.of(subject);
  private Circle circle;
  private String manager;
  private String substituteId;

  @BeforeEach
  void people() {
    circle = new Circle();
    manager = Tokens.of(circle.manager);
    substituteId = Circle.led(subject, circle.managerId);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private Response name(String token, String person, String by, Duration lasting) {
    return Rest.as(token)
        .body(
            Map.of(
                "person",
                person,
                "substitute",
                by,
                "validUntil",
                clock.instant().plus(lasting).toString(),
                "reason",
                "Leave"))
        .post("/v1/delegations");
  }

  private String named() {
    return name(manager, circle.managerId, substituteId, Duration.ofDays(14))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String stateOf(String delegation) {
    return Rest.as(Api.TOKEN).get("/v1/delegations/" + delegation).path("state");
  }

  @Test
  void aSubstituteApprovesInThePlaceOfTheAbsentOneAndIsNamedWithThem() {
    // Given
    String right = circle.asks("SENSITIVE");
    problem(approve(substitute, right), 403, "forbidden");

    // When
    named();

    // Then
    awaiting(substitute).then().body("items.id", contains(right));
    Circle.tasks(substitute).then().body("items.subject", hasItem("right/" + right));
    approve(substitute, right)
        .then()
        .statusCode(200)
        .body("approval.given.as", contains("MANAGER"))
        .body("approval.given.by", contains(subject.toString()))
        .body("approval.given.onBehalfOf", contains(circle.manager.toString()));
    problem(approve(manager, right), 422, "already-approved");
  }

  @Test
  void aSubstituteApprovesNothingThatThemselvesOrTheAbsentOneAskedForOrReceive() {
    // Given what the absent one asked for, and what the substitute asked for
    named();
    String asked =
        circle
            .ask(manager, Map.of("entitlement", circle.entitlement("VPN", "SENSITIVE")))
            .path("id");
    Map<String, Object> body =
        Map.of(
            "person",
            substituteId,
            "entitlement",
            circle.entitlement("VPN", "SENSITIVE"),
            "reason",
            "x");
    String own = Api.request(substitute, body).then().statusCode(201).extract().path("id");

    // Then
    awaiting(substitute).then().body("items", empty());
    problem(approve(substitute, asked), 403, "forbidden");
    problem(approve(substitute, own), 422, "self-approval");
    approve(manager, own).then().statusCode(200);
  }

  @Test
  void aRoleIsDelegatedWhereVigieGaveIt() {
    // Given the CISO has the role from Vigie, and somebody who is CISO by their token alone
    UUID ciso = UUID.randomUUID();
    String cisoId = Api.join(ciso);
    name(Tokens.of(ciso), cisoId, substituteId, Duration.ofDays(14)).then().statusCode(201);
    String right = circle.asks("PRIVILEGED");
    problem(approve(substitute, right), 403, "forbidden");

    // When
    String role = role("ciso");
    String given =
        Api.request(
                Api.TOKEN, Map.of("person", cisoId, "entitlement", role, "reason", "is the CISO"))
            .path("id");
    Api.approve(given).then().statusCode(200);

    // Then
    approve(substitute, right)
        .then()
        .statusCode(200)
        .body("approval.given.as", contains("CISO"))
        .body("approval.given.onBehalfOf", contains(ciso.toString()));

    // And with it nobody but they or a CISO name their substitute
    String own = Rest.as(Api.TOKEN).get("/v1/delegations?person=" + cisoId).path("items[0].id");
    String path = "/v1/delegations/" + own;
    Api.change(Api.TOKEN, "POST", path, "/revocation", Map.of("reason", "x"))
        .then()
        .statusCode(200);
    Duration week = Duration.ofDays(7);
    problem(name(Api.TOKEN, cisoId, substituteId, week), 403, "forbidden");
    name(Tokens.of(CISO), cisoId, substituteId, week).then().statusCode(201);

    // And no more once it is taken
    Api.act(Api.TOKEN, given, "revocation", Map.of("reason", "x")).then().statusCode(200);
    problem(approve(substitute, circle.asks("PRIVILEGED")), 403, "forbidden");
  }

  private String role(String name) {
    Map<String, Object> terms = new HashMap<>();
    terms.put("owner", circle.ownerId);
    terms.put("sensitivity", "NORMAL");
    terms.put("longest", "P365D");
    terms.put("directory", Map.of("kind", "ROLE", "name", name));
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
                terms))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  @Test
  void peopleNameTheirOwnSubstituteAndAccessManagersOthersButNeverThemselves() {
    UUID access = UUID.randomUUID();
    String accessId = Api.join(access);
    String accessManager = Tokens.of(access, ACCESS_MANAGER);
    Duration week = Duration.ofDays(7);

    problem(name(substitute, circle.managerId, substituteId, week), 403, "forbidden");
    problem(name(accessManager, circle.managerId, accessId, week), 422, "own-delegation");
    problem(name(manager, circle.managerId, circle.managerId, week), 422, "own-substitute");
    problem(
        name(manager, circle.managerId, Api.join(null), week), 422, "substitute-without-account");
    problem(name(manager, circle.managerId, substituteId, Duration.ofDays(61)), 400, "validation");
    problem(name(manager, circle.managerId, substituteId, Duration.ofDays(-1)), 400, "validation");
    name(accessManager, circle.managerId, substituteId, week).then().statusCode(201);
    problem(name(manager, circle.managerId, accessId, week), 409, "delegation-overlaps");
  }

  @Test
  void aDelegationEndsWithItsTime() {
    // Given
    String delegation = named();
    clock.move(Duration.ofDays(15));
    String right = circle.asks("SENSITIVE");

    // Then
    await().untilAsserted(() -> assertEquals("ENDED", stateOf(delegation)));
    problem(approve(substitute, right), 403, "forbidden");
  }

  @Test
  void aDelegationIsTakenBackAtOnce() {
    // Given
    String right = circle.asks("SENSITIVE");
    String delegation = named();
    String path = "/v1/delegations/" + delegation;
    Rest.as(Tokens.of(circle.owner)).get(path).then().statusCode(403);
    Rest.as(manager).body(Map.of("reason", "x")).post(path + "/revocation").then().statusCode(428);

    // When
    Api.change(manager, "POST", path, "/revocation", Map.of("reason", "Back early"))
        .then()
        .statusCode(200)
        .body("state", equalTo("REVOKED"));

    // Then
    awaiting(substitute).then().body("items", empty());
    problem(approve(substitute, right), 403, "forbidden");
    problem(
        Api.change(manager, "POST", path, "/revocation", Map.of("reason", "x")),
        409,
        "delegation-over");
  }

  @Test
  void aDelegationEndsWhenEitherLeaves() {
    String first = named();
    Api.leave(substituteId).then().statusCode(200);
    assertEquals("REVOKED", stateOf(first));

    String other = Api.join(UUID.randomUUID());
    String second =
        name(manager, circle.managerId, other, Duration.ofDays(7)).then().extract().path("id");
    Api.leave(circle.managerId).then().statusCode(200);
    assertEquals("REVOKED", stateOf(second));
  }

  @Test
  void theTwoSeeTheirDelegationAndWhoAnswersForAccessSeesAll() {
    String delegation = named();
    String list = "/v1/delegations?person=" + circle.managerId;

    for (String token : new String[] {manager, substitute, Api.TOKEN, Tokens.of(CISO)}) {
      Rest.as(token).get(list).then().body("items.id", contains(delegation));
    }
    Rest.as(Tokens.of(circle.owner)).get(list).then().body("items", empty());
  }
}
