package io.vigie.access.directory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/** The queue by itself: no directory is connected, and what is marked waits. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ChangesTest {

  @Inject Changes changes;
  @Inject MovableClock clock;

  @BeforeEach
  void nothingElseWaits() throws Throwable {
    await(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session.createNativeQuery("delete from directory_change").executeUpdate()));
  }

  @AfterEach
  void theClockGoesBack() {
    clock.backToNow();
  }

  private static <T> T await(Supplier<Uni<T>> work) throws Throwable {
    return VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(work));
  }

  private static Response waiting(String query) {
    return Rest.as(Tokens.of(AUDITOR)).get("/v1/directory/changes" + query);
  }

  @Test
  void whoJoinsIsMarkedAndWhoLeavesUrgently() {
    String person = Api.join(UUID.randomUUID());
    waiting("?person=" + person)
        .then()
        .statusCode(200)
        .body("items.urgent", contains(false))
        .body("items.lastError", contains(nullValue()));

    Api.leave(person).then().statusCode(200);

    waiting("?urgent=true").then().body("items.person", contains(person));
  }

  @Test
  void aRightThatComesIsNoHurryAndOneThatGoesIs() throws Throwable {
    // Given
    String person = Api.join(null);
    String right = Api.requestFor(person);
    nothingElseWaits();

    // Then
    Api.approve(right).then().statusCode(200);
    waiting("?person=" + person).then().body("items.urgent", contains(false));
    Api.act(Api.TOKEN, right, "revocation", Map.of("reason", "moved")).then().statusCode(200);
    waiting("?person=" + person).then().body("items.urgent", contains(true));
  }

  @Test
  void anotherRoleOfAnEntitlementMarksWhoeverHasItUrgently() throws Throwable {
    // Given
    String person = Api.join(null);
    Map<String, Object> request = Api.request(person, UUID.randomUUID());
    Api.approve(Api.request(Api.TOKEN, request).path("id")).then().statusCode(200);
    Map<String, Object> terms =
        Map.of(
            "owner",
            Api.join(null),
            "sensitivity",
            "NORMAL",
            "longest",
            "P365D",
            "directory",
            Map.of("kind", "ROLE", "name", "auditor"));
    nothingElseWaits();

    // When
    Api.change(Api.TOKEN, "PUT", "/v1/entitlements/" + request.get("entitlement"), "", terms)
        .then()
        .statusCode(200);

    // Then
    waiting("?urgent=true").then().body("items.person", contains(person));
  }

  @Test
  void aRequestThatIsRefusedMarksNobody() {
    Map<String, Object> profile = Api.profile(null);
    Rest.as(Api.TOKEN).body(profile).post("/v1/people").then().statusCode(201);
    waiting("").then().body("items.size()", equalTo(1));

    Rest.as(Api.TOKEN).body(profile).post("/v1/people").then().statusCode(409);

    waiting("").then().body("items.size()", equalTo(1));
  }

  @Test
  void onlyAChangeThatTheDirectorySeesMarks() throws Throwable {
    Map<String, Object> profile = Api.profile(UUID.randomUUID());
    String person = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");
    nothingElseWaits();

    profile.put("businessProfile", "team lead");
    Api.change(Api.TOKEN, "PUT", "/v1/people/" + person, "", profile).then().statusCode(200);
    waiting("").then().body("items.size()", equalTo(0));

    profile.put("familyName", "King");
    Api.change(Api.TOKEN, "PUT", "/v1/people/" + person, "", profile).then().statusCode(200);
    waiting("").then().body("items.person", contains(person));
  }

  @Test
  void whatTakesAwayComesBeforeWhatGivesAndElseTheOldestFirst() throws Throwable {
    List<UUID> people =
        List.of(
            UUID.fromString(Api.join(null)),
            UUID.fromString(Api.join(null)),
            UUID.fromString(Api.join(null)));
    await(() -> changes.mark(List.of(people.get(2)), true));

    assertEquals(people.get(2), await(changes::claim).person());
    assertEquals(people.get(0), await(changes::claim).person());
    assertEquals(people.get(1), await(changes::claim).person());
    assertNull(await(changes::claim));
  }

  @Test
  void whatIsMarkedWhileItIsWorkedIsWorkedAgain() throws Throwable {
    UUID person = UUID.fromString(Api.join(null));
    Changes.Claim first = await(changes::claim);
    await(() -> changes.mark(List.of(person), false));
    assertNull(await(changes::claim));

    await(() -> changes.finish(first));
    Changes.Claim second = await(changes::claim);
    assertEquals(person, second.person());

    await(() -> changes.finish(second));
    waiting("").then().body("items.size()", equalTo(0));
  }

  @Test
  void whoeverTookTooLongHasTheAccountLookedAtAgain() throws Throwable {
    UUID person = UUID.fromString(Api.join(null));
    Changes.Claim slow = await(changes::claim);
    clock.move(Duration.ofMinutes(6));
    Changes.Claim other = await(changes::claim);
    assertEquals(person, other.person());

    await(() -> changes.finish(other));
    await(() -> changes.finish(slow));

    waiting("").then().body("items.person", contains(person.toString()));
  }

  @Test
  void anAttemptThatFailsIsMadeAgainEverMoreSeldomAndByHandAtOnce() throws Throwable {
    clock.stopAt(clock.instant());
    Api.join(null);
    for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      Changes.Claim claim = await(changes::claim);
      await(() -> changes.fail(claim, "the directory is away", true));
      assertNull(await(changes::claim));
      clock.stopAt(clock.instant().plusSeconds(seconds));
    }
    Changes.Claim claim = await(changes::claim);
    await(() -> changes.fail(claim, "it is still away", true));

    String id =
        waiting("?failed=true")
            .then()
            .body("items.attempts", contains(8))
            .body("items.lastError", contains("it is still away"))
            .extract()
            .path("items[0].id");
    Rest.as(Tokens.of(SYSADMIN))
        .post("/v1/directory/changes/" + id + "/retry")
        .then()
        .statusCode(202);
    assertNotNull(await(changes::claim));
    Rest.as(Tokens.of(SYSADMIN))
        .post("/v1/directory/changes/" + UUID.randomUUID() + "/retry")
        .then()
        .statusCode(404);
  }

  @Test
  void oneThatWaitsIsReadUntilItIsDone() throws Throwable {
    String person = Api.join(null);
    String change = "/v1/directory/changes/" + waiting("").path("items[0].id");
    Rest.as(Tokens.of(AUDITOR))
        .get(change)
        .then()
        .statusCode(200)
        .body("person", equalTo(person))
        .body("attempts", equalTo(0));

    Changes.Claim claim = await(changes::claim);
    await(() -> changes.finish(claim));

    Rest.as(Tokens.of(AUDITOR)).get(change).then().statusCode(404);
  }

  @Test
  void whatWasTriedMostOftenComesFirstWhereThatIsAskedFor() throws Throwable {
    String first = Api.join(null);
    String second = Api.join(null);
    Changes.Claim claim = await(changes::claim);
    await(() -> changes.fail(claim, "it is refused", false));

    waiting("?sort=-attempts").then().body("items.person", contains(first, second));
    waiting("?sort=attempts").then().body("items.person", contains(second, first));
  }

  @Test
  void aPageLeadsToTheNext() {
    String first = Api.join(null);
    String second = Api.join(null);

    Response page = waiting("?limit=1");
    page.then().body("items.person", contains(first));
    Rest.as(Tokens.of(AUDITOR))
        .get(page.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.person", contains(second))
        .header("Link", nullValue());
  }
}
