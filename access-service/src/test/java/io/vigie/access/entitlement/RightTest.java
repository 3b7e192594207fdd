package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import io.vigie.access.person.Details;
import io.vigie.access.person.Person;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RightTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant UNTIL = NOW.plusSeconds(3_600);
  private static final Instant LATEST = NOW.plusSeconds(7_200);
  private static final UUID ASSET = UUID.randomUUID();
  private static final Entitlement ADMIN =
      new Entitlement(
          ASSET,
          " admin ",
          EntitlementType.SERVER_ACCOUNT,
          new Terms(
              null, UUID.randomUUID(), Sensitivity.PRIVILEGED, Duration.ofHours(2), null, null));
  private static final String REQUESTER = "requester";
  private static final String MANAGER = "manager";
  private static final String RECIPIENT = UUID.randomUUID().toString();

  private final Person recipient = person(LocalDate.of(2025, 9, 1));

  private enum Step {
    APPROVE,
    REFUSE,
    WITHDRAW,
    REVOKE,
    EXPIRE,
    SUSPEND,
    RESUME
  }

  /** Which states each step may be taken in, and where it leads. */
  private static final Map<Step, Set<RightState>> FROM =
      Map.of(
          Step.APPROVE, EnumSet.of(RightState.REQUESTED),
          Step.REFUSE, EnumSet.of(RightState.REQUESTED),
          Step.WITHDRAW, EnumSet.of(RightState.REQUESTED),
          Step.REVOKE, EnumSet.of(RightState.APPROVED, RightState.SUSPENDED),
          Step.EXPIRE, EnumSet.of(RightState.APPROVED, RightState.SUSPENDED),
          Step.SUSPEND, EnumSet.of(RightState.APPROVED),
          Step.RESUME, EnumSet.of(RightState.SUSPENDED));

  private static final Map<Step, RightState> TO =
      Map.of(
          Step.APPROVE, RightState.APPROVED,
          Step.REFUSE, RightState.REFUSED,
          Step.WITHDRAW, RightState.WITHDRAWN,
          Step.REVOKE, RightState.REVOKED,
          Step.EXPIRE, RightState.EXPIRED,
          Step.SUSPEND, RightState.SUSPENDED,
          Step.RESUME, RightState.APPROVED);

  @Test
  void everyStepFromEveryStateLeadsWhereTheTableSaysOrIsRefusedAndChangesNothing() {
    for (RightState from : RightState.values()) {
      for (Step step : Step.values()) {
        Right right = in(from);
        if (FROM.get(step).contains(from)) {
          take(step).accept(right);
          assertEquals(TO.get(step), right.state().state(), step + " from " + from);
        } else {
          Right.State before = right.state();
          Problem refusal =
              assertThrows(Problem.class, () -> take(step).accept(right), step + " from " + from);
          assertEquals(409, refusal.status(), step + " from " + from);
          assertEquals(before, right.state(), step + " from " + from);
        }
      }
    }
  }

  @Test
  void aRequestSaysWhatIsAskedForAndWhy() {
    Right right = request(UNTIL);

    assertEquals(
        new RightEvent.Requested(
            right.id(),
            recipient.id(),
            ASSET,
            "admin",
            ADMIN.id(),
            Ground.REQUEST,
            "maintains it",
            UNTIL,
            NOW),
        right.requested());
    assertEquals(REQUESTER, right.state().requestedBy());
  }

  @Test
  void anApprovedRightSaysWhoHasWhatUntilWhen() {
    Right right = request(UNTIL);

    assertEquals(
        new RightEvent.Approved(
            right.id(), recipient.id(), ASSET, "admin", ADMIN.id(), Ground.REQUEST, UNTIL, NOW),
        right.approve(recipient, MANAGER, NOW));
    assertEquals(MANAGER, right.state().decidedBy());
  }

  @Test
  void neitherTheRequesterNorTheRecipientApproves() {
    Right right = request(null);

    assertRefused("self-approval", () -> right.approve(recipient, REQUESTER, NOW));
    assertRefused("self-approval", () -> right.approve(recipient, RECIPIENT, NOW));
    assertEquals(RightState.REQUESTED, right.state().state());
  }

  @Test
  void aRequestWhoseTimeIsOverIsNotApproved() {
    Right right = request(UNTIL);

    assertRefused("time-over", () -> right.approve(recipient, MANAGER, UNTIL));
  }

  @Test
  void onlyTheRequesterWithdraws() {
    Right right = request(null);

    assertRefused("forbidden", () -> right.withdraw(MANAGER, NOW));
    assertRefused("forbidden", () -> right.withdraw(RECIPIENT, NOW));
    assertEquals(
        new RightEvent.Withdrawn(right.id(), right.person(), NOW), right.withdraw(REQUESTER, NOW));
  }

  @Test
  void nothingIsApprovedBeforeTheFirstDay() {
    Person newcomer = person(LocalDate.of(2026, 1, 3));
    Right right = new Right(newcomer.id(), ADMIN, null, new Act(REQUESTER, NOW, "will need it"));

    assertRefused("person-not-started", () -> right.approve(newcomer, MANAGER, NOW));
  }

  @Test
  void aRightEndsInTheFutureAndAsLateAsTheEntitlementAllows() {
    assertRefused("validation", () -> request(NOW));
    assertRefused("validation", () -> request(Instant.MAX));
    assertRefused("validation", () -> request(LATEST.plusSeconds(1)));
    assertEquals(UNTIL, request(UNTIL).state().validUntil());
    assertEquals(LATEST, request(null).state().validUntil());
  }

  @Test
  void aReviewCanHaveARightEndEarlierButNotLaterAndNotAtOnce() {
    Right right = in(RightState.APPROVED);

    assertRefused("validation", () -> right.reduce(LATEST, NOW));
    assertRefused("validation", () -> right.reduce(NOW, NOW));
    assertEquals(
        new RightEvent.Reduced(
            right.id(),
            recipient.id(),
            ASSET,
            "admin",
            ADMIN.id(),
            Ground.REQUEST,
            UNTIL,
            NOW),
        right.reduce(UNTIL, NOW));
    assertEquals(UNTIL, right.state().validUntil());
  }

  private Right request(Instant validUntil) {
    return new Right(recipient.id(), ADMIN, validUntil, new Act(REQUESTER, NOW, "maintains it"));
  }

  private static Person person(LocalDate joinedOn) {
    return new Person(
        new Details(
            "Ada",
            "Lovelace",
            "ada@example.org",
            null,
            RECIPIENT,
            null,
            "developer",
            null,
            null,
            null,
            joinedOn,
            null),
        MANAGER,
        NOW);
  }

  private Right in(RightState state) {
    Right right = request(null);
    switch (state) {
      case REQUESTED -> {}
      case REFUSED -> take(Step.REFUSE).accept(right);
      case WITHDRAWN -> take(Step.WITHDRAW).accept(right);
      case APPROVED -> take(Step.APPROVE).accept(right);
      case REVOKED -> take(Step.APPROVE).andThen(take(Step.REVOKE)).accept(right);
      case EXPIRED -> take(Step.APPROVE).andThen(take(Step.EXPIRE)).accept(right);
      case SUSPENDED -> take(Step.APPROVE).andThen(take(Step.SUSPEND)).accept(right);
    }
    assertEquals(state, right.state().state());
    return right;
  }

  private Consumer<Right> take(Step step) {
    return switch (step) {
      case APPROVE -> right -> right.approve(recipient, MANAGER, NOW);
      case REFUSE -> right -> right.refuse(new Act(MANAGER, NOW, "no"));
      case WITHDRAW -> right -> right.withdraw(REQUESTER, NOW);
      case REVOKE -> right -> right.revoke(new Act(MANAGER, NOW, "unused"));
      case EXPIRE -> right -> right.expire(NOW);
      case SUSPEND -> right -> right.suspend(NOW);
      case RESUME -> right -> right.resume(NOW);
    };
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
