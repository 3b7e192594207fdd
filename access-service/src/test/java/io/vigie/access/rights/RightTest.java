package io.vigie.access.rights;

import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import io.vigie.access.people.Person;
import io.vigie.access.people.Profile;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RightTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant UNTIL = NOW.plusSeconds(3_600);
  private static final UUID ASSET = UUID.randomUUID();
  private static final String REQUESTER = "requester";
  private static final String MANAGER = "manager";
  private static final String RECIPIENT = UUID.randomUUID().toString();

  private final Person recipient =
      new Person(
          new Profile(
              "Ada",
              "Lovelace",
              "ada@example.org",
              RECIPIENT,
              "developer",
              LocalDate.of(2025, 9, 1)),
          MANAGER,
          NOW);

  private enum Step {
    APPROVE,
    REFUSE,
    WITHDRAW,
    REVOKE,
    REVOKE_FROM_LEAVER,
    EXPIRE
  }

  /** Which states each step may be taken in, and where it leads. */
  private static final Map<Step, Set<RightState>> FROM =
      Map.of(
          Step.APPROVE, EnumSet.of(RightState.REQUESTED),
          Step.REFUSE, EnumSet.of(RightState.REQUESTED),
          Step.WITHDRAW, EnumSet.of(RightState.REQUESTED),
          Step.REVOKE, EnumSet.of(RightState.APPROVED),
          Step.REVOKE_FROM_LEAVER, EnumSet.of(RightState.REQUESTED, RightState.APPROVED),
          Step.EXPIRE, EnumSet.of(RightState.APPROVED));

  private static final Map<Step, RightState> TO =
      Map.of(
          Step.APPROVE, RightState.APPROVED,
          Step.REFUSE, RightState.REFUSED,
          Step.WITHDRAW, RightState.WITHDRAWN,
          Step.REVOKE, RightState.REVOKED,
          Step.REVOKE_FROM_LEAVER, RightState.REVOKED,
          Step.EXPIRE, RightState.EXPIRED);

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
            right.id(), recipient.id(), ASSET, "admin", "maintains it", UNTIL, NOW),
        right.requested());
    assertEquals(REQUESTER, right.state().requestedBy());
  }

  @Test
  void anApprovedRightSaysWhoHasWhatUntilWhen() {
    Right right = request(UNTIL);

    assertEquals(
        new RightEvent.Approved(right.id(), recipient.id(), ASSET, "admin", UNTIL, NOW),
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
  void aRightEndsInTheFutureWithinTenYears() {
    assertRefused("validation", () -> request(NOW));
    assertRefused("validation", () -> request(Instant.MAX));
    assertRefused("validation", () -> request(NOW.plusSeconds(11L * 366 * 86_400)));
    assertEquals(UNTIL, request(UNTIL).state().validUntil());
  }

  @Test
  void aLeaversRightEndsWithAReasonThatTellsNothingElse() {
    Right right = in(RightState.APPROVED);

    assertEquals(
        new RightEvent.Revoked(right.id(), recipient.id(), ASSET, "admin", "The person left.", NOW),
        right.revokeFromLeaver(MANAGER, NOW));
    assertEquals(MANAGER, right.state().revokedBy());
  }

  private Right request(Instant validUntil) {
    return new Right(
        recipient.id(), ASSET, " admin ", validUntil, new Act(REQUESTER, NOW, "maintains it"));
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
      case REVOKE_FROM_LEAVER -> right -> right.revokeFromLeaver(MANAGER, NOW);
      case EXPIRE -> right -> right.expire(NOW);
    };
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
