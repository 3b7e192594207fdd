package io.vigie.access.physical;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.access.review.ReviewerRule;
import io.vigie.access.review.Reviews;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.physical.Premises.admit;
import static io.vigie.access.physical.Premises.badge;
import static io.vigie.access.physical.Premises.key;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.waits;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.access.review.Reviews.close;
import static io.vigie.access.review.Reviews.confirm;
import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.item;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** R6.3: who may enter is reviewed like any other right, and what a review takes is gone. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PremisesReviewTest {

  @Inject MovableClock clock;

  private String zone;
  private String holders;

  @BeforeEach
  void aZone() {
    zone = zone();
    holders = "/v1/physical-zones/" + zone + "/holders";
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  /** A campaign about all that is had on the zone, answered by access managers. */
  private String open() {
    return Reviews.open(Reviews.plan(UUID.fromString(zone), ReviewerRule.MANAGER));
  }

  private static void revoke(String campaign, String right) {
    decide(TOKEN, campaign, line(item(campaign, right), "REVOKE")).then().statusCode(200);
  }

  private static String stateOfBadge(String badge) {
    return Rest.as(TOKEN).get("/v1/badges/" + badge).path("state");
  }

  @Test
  void zonesKeysAndBadgesAreItemsOfOneCampaignWithOtherRights() {
    // Given
    String person = Api.join(null);
    List<String> rights =
        List.of(
            admit(person, zone),
            admit(person, zone, "KEY"),
            admit(person, zone, "BADGE"),
            admit(person, zone, "APPLICATION_ROLE"));

    // When
    String campaign = open();

    // Then
    for (String right : rights) {
      assertEquals("PENDING", item(campaign, right).get("state"));
    }
    for (String right : rights.subList(0, 3)) {
      assertNull(item(campaign, right).get("unused"), "nobody signs in to a door");
    }
    assertEquals(false, item(campaign, rights.get(3)).get("unused"));
  }

  @Test
  void whoseRightOnAZoneAReviewRevokesIsOffItsListAndTheirKeyIsToComeBackFirst() {
    // Given two who may enter, of whom one has a key
    String gone = Api.join(null);
    String stays = Api.join(null);
    String right = admit(gone, zone);
    admit(stays, zone);
    String key = "/v1/keys/" + key(zone);
    step(TOKEN, key, "handout", Map.of("person", gone)).then().statusCode(200);
    String campaign = open();

    // When
    revoke(campaign, right);

    // Then they may not enter, and could as long as they have the key
    Rest.as(TOKEN)
        .get(holders)
        .then()
        .body("items.person", containsInAnyOrder(gone, stays))
        .body("items.find { it.person == '%s' }.entitled".formatted(gone), equalTo(false))
        .body("items.find { it.person == '%s' }.keys".formatted(gone), equalTo(1));
    Object item = item(campaign, right).get("id");
    confirm(TOKEN, campaign, item)
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("take the key back first"));
    close(campaign).then().statusCode(409);

    // And when it is back, the revocation is confirmed
    step(TOKEN, key, "return", Map.of()).then().statusCode(200);
    confirm(TOKEN, campaign, item).then().statusCode(200);
    Rest.as(TOKEN).get(holders).then().body("items.person", contains(stays));
  }

  @Test
  void aKeyIsToComeBackFromWhoMayEnterButLostTheRightToHaveOne() {
    // Given
    String person = Api.join(null);
    admit(person, zone);
    String right = admit(person, zone, "KEY");
    String id = key(zone);
    step(TOKEN, "/v1/keys/" + id, "handout", Map.of("person", person)).then().statusCode(200);
    String campaign = open();
    assertFalse(waits("key.recover", id));

    // When
    revoke(campaign, right);

    // Then
    assertTrue(waits("key.recover", id));
    Object item = item(campaign, right).get("id");
    confirm(TOKEN, campaign, item).then().statusCode(422);
    step(TOKEN, "/v1/keys/" + id, "return", Map.of()).then().statusCode(200);
    assertFalse(waits("key.recover", id));
    confirm(TOKEN, campaign, item).then().statusCode(200);
    Rest.as(TOKEN)
        .get(holders)
        .then()
        .body("items[0].entitled", equalTo(true))
        .body("items[0].keys", equalTo(0));
  }

  @Test
  void whoKeepsTheRightToAKeyAndLostTheOneToEnterIsOffTheListAndGetsNoKey() {
    // Given
    String person = Api.join(null);
    String right = admit(person, zone);
    admit(person, zone, "KEY");
    admit(person, zone, "BADGE");
    String campaign = open();

    // When
    revoke(campaign, right);

    // Then
    Rest.as(TOKEN).get(holders).then().body("items", empty());
    problem(
        step(TOKEN, "/v1/keys/" + key(zone), "handout", Map.of("person", person)), 422, "no-right");
  }

  @Test
  void aBadgeOpensNothingOnceAReviewRevokedTheLastRightToOne() {
    // Given
    String person = Api.join(null);
    admit(person, zone);
    String first = admit(person, zone, "BADGE");
    String second = admit(person, zone, "BADGE");
    String badge = badge(unique("B"), person);
    String campaign = open();

    // When one of two is revoked
    revoke(campaign, first);

    // Then
    assertEquals("ACTIVE", stateOfBadge(badge));
    Rest.as(TOKEN).get(holders).then().body("items[0].badge", equalTo(badge));

    // And when the other is
    revoke(campaign, second);
    assertEquals("REVOKED", stateOfBadge(badge));
    Rest.as(TOKEN).get(holders).then().body("items[0].badge", nullValue());
    assertTrue(waits("badge.recover", badge));
    try (Topic topic = Topic.named("vigie.access.events")) {
      String revoked =
          new String(topic.await(1, about(badge).and(ofType("badge.revoked.v1"))).get(0).value());
      assertTrue(revoked.contains("The right to a badge ended."), revoked);
    }

    // And another, given after that, is no matter of theirs
    String another = badge(unique("B"), person);
    revoke(campaign, admitted(campaign));
    assertEquals("ACTIVE", stateOfBadge(another));
  }

  /** The right on the zone itself. */
  private static String admitted(String campaign) {
    return (String)
        Reviews.items(TOKEN, campaign, "reviewer=all&state=PENDING").get(0).get("right");
  }

  @Test
  void whatNobodyCertifiedOpensNothing() {
    // Given
    String person = Api.join(null);
    String right = admit(person, zone);
    admit(person, zone, "BADGE");
    String badge = badge(unique("B"), person);
    String other = badge(unique("B"), Api.join(null));
    open();

    // When
    clock.move(Duration.ofHours(49));

    // Then
    await().untilAsserted(() -> assertEquals("SUSPENDED", Api.stateOf(right)));
    await().untilAsserted(() -> assertEquals("REVOKED", stateOfBadge(badge)));
    Rest.as(TOKEN).get(holders).then().body("items", empty());
    assertEquals("ACTIVE", stateOfBadge(other));
  }
}
