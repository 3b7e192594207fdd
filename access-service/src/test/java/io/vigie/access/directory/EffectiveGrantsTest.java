package io.vigie.access.directory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.access.Api;
import io.vigie.access.directory.DirectoryGrants.Grant;
import io.vigie.access.review.ReviewerRule;
import io.vigie.access.review.Reviews;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the directory is to give by rights as they are. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class EffectiveGrantsTest {

  @Inject EffectiveGrants grants;
  @Inject MovableClock clock;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private Set<String> rolesOf(String person) {
    try {
      Map<UUID, Grant> found =
          VertxContextSupport.subscribeAndAwait(
              () -> Panache.withSession(() -> grants.of(List.of(UUID.fromString(person)))));
      return found.getOrDefault(UUID.fromString(person), Grant.NONE).roles();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRightGivesItsRoleFromItsApprovalButNotWhileItIsSuspendedNorOnceItIsRevoked() {
    // Given
    UUID asset = UUID.randomUUID();
    String person = Api.join(null);
    String entitlement = Reviews.entitlement(asset, Api.join(null), "NORMAL", "responder");
    assertEquals(Set.of(), rolesOf(person));
    String right = Reviews.right(person, entitlement);
    assertEquals(Set.of("responder"), rolesOf(person));

    // When nobody certifies it
    String campaign = Reviews.open(Reviews.plan(asset, ReviewerRule.MANAGER));
    clock.move(Duration.ofHours(49));
    await().untilAsserted(() -> assertEquals("SUSPENDED", Api.stateOf(right)));

    // Then
    assertEquals(Set.of(), rolesOf(person));

    // And when somebody does after all, and somebody else revokes it
    Reviews.decide(TOKEN, campaign, Reviews.line(Reviews.item(campaign, right), "CERTIFY"))
        .then()
        .statusCode(200);
    assertEquals(Set.of("responder"), rolesOf(person));
    Api.act(TOKEN, right, "revocation", Map.of("reason", "moved")).then().statusCode(200);
    assertEquals(Set.of(), rolesOf(person));
  }
}
