package io.vigie.access.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.review.ReviewerRule;
import io.vigie.access.review.Reviews;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.client.Clients.approved;
import static io.vigie.access.client.Clients.isAllowed;
import static io.vigie.access.client.Clients.register;
import static io.vigie.access.client.Clients.requested;
import static io.vigie.access.client.Clients.stateOf;
import static io.vigie.access.review.Reviews.close;
import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.access.review.Reviews.mine;
import static io.vigie.access.review.Reviews.open;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** R4.7, R10.3: who may touch a client's data is reviewed like any other right. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ClientAccessReviewTest {

  @Inject MovableClock clock;

  private final UUID site = UUID.randomUUID();
  private final UUID subject = UUID.randomUUID();
  private final UUID bossSubject = UUID.randomUUID();
  private final String bossToken = Tokens.of(bossSubject, STAFF);
  private String client;
  private String holder;
  private String access;

  @BeforeEach
  void anAccess() {
    client = register();
    holder = Reviews.personAt(site, subject, Reviews.person(bossSubject, null));
    access = approved(client, holder, 30);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private Map<String, Object> plan() {
    Map<String, Object> plan = Reviews.plan(site, ReviewerRule.BOTH);
    plan.put("scope", Map.of("sites", List.of(site)));
    return plan;
  }

  private Map<String, Object> item(String campaign) {
    List<Map<String, Object>> items = mine(bossToken, campaign);
    assertEquals(1, items.size(), items.toString());
    return items.get(0);
  }

  @Test
  void itIsAskedOfWhoLeadsTheHolderAndNeverOfTheHolder() {
    // Given another that nobody approved
    requested(client, holder, 3);

    // When
    String campaign = open(plan());

    // Then
    Map<String, Object> item = item(campaign);
    assertEquals(access, item.get("clientAccess"));
    assertEquals(holder, item.get("person"));
    assertEquals("their mail", item.get("reason"));
    clock.move(Duration.ofDays(1).plusMinutes(1));
    decide(Tokens.of(subject, ACCESS_MANAGER), campaign, line(item, "CERTIFY"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("your own right"));
    Instant until = clock.instant().plus(Duration.ofDays(2));
    decide(bossToken, campaign, line(item, "REDUCE", "until", until.toString()))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("keep or revoke"));

    // And when they keep it
    decide(bossToken, campaign, line(item, "CERTIFY")).then().statusCode(200);

    // Then
    close(campaign).then().statusCode(200);
    assertTrue(isAllowed(client, holder));
  }

  @Test
  void aRevokedOneIsGoneAtOnceAndHoldsUpNothing() {
    String campaign = open(plan());

    decide(bossToken, campaign, line(item(campaign), "REVOKE", "reason", "the work is done"))
        .then()
        .statusCode(200);

    assertFalse(isAllowed(client, holder));
    Rest.as(TOKEN)
        .get("/v1/client-accesses/" + access)
        .then()
        .body("state", equalTo("REVOKED"))
        .body("revokedBy", equalTo(bossSubject.toString()))
        .body("revocation", containsString("the work is done"));
    close(campaign).then().statusCode(200);
  }

  @Test
  void silenceRevokesIt() {
    String campaign = open(plan());

    clock.move(Duration.ofDays(2).plusMinutes(1));

    await().untilAsserted(() -> assertEquals("REVOKED", stateOf(access)));
    assertFalse(isAllowed(client, holder));
    close(campaign).then().statusCode(200);
  }
}
