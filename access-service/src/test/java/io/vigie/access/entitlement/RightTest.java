package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import io.vigie.access.approval.Approver;
import io.vigie.access.approval.Capacity;
import io.vigie.access.approval.Step;
import io.vigie.access.person.Details;
import io.vigie.access.person.Person;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static io.vigie.access.entitlement.Sensitivity.PRIVILEGED;
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
          new Terms(null, UUID.randomUUID(), PRIVILEGED, Duration.ofHours(2), null, null));
  private static final String REQUESTER = "requester";
  private static final String MANAGER = "manager";
  private static final List<Step> PATH =
      List.of(new Step(Step.Rule.ANY_OF, List.of(Approver.ACCESS_MANAGER)));
  private static final Capacity ANY =
      new Capacity(Approver.ACCESS_MANAGER, Approver.ACCESS_MANAGER, null);
  private static final String RECIPIENT = UUID.randomUUID().toString();

  private final Person recipient = person(LocalDate.of(2025, 9, 1));

  private enum Move {
    APPROVE,
    REFUSE,
    WITHDRAW,
    REVOKE,
    EXPIRE,
    LAPSE,
    SUSPEND,
    RESUME
  }

  /** Which states each step may be taken in, and where it leads. */
  private static final Map<Move, Set<RightState>> FROM =
      Map.of(
          Move.APPROVE, EnumSet.of(RightState.REQUESTED),
          Move.REFUSE, EnumSet.of(RightState.REQUESTED),
          Move.WITHDRAW, EnumSet.of(RightState.REQUESTED),
          Move.REVOKE, EnumSet.of(RightState.APPROVED, RightState.SUSPENDED),
          Move.EXPIRE, EnumSet.of(RightState.APPROVED, RightState.SUSPENDED),
          Move.LAPSE, EnumSet.of(RightState.REQUESTED),
          Move.SUSPEND, EnumSet.of(RightState.APPROVED),
          Move.RESUME, EnumSet.of(RightState.SUSPENDED));

  private static final Map<Move, RightState> TO =
      Map.of(
          Move.APPROVE, RightState.APPROVED,
          Move.REFUSE, RightState.REFUSED,
          Move.WITHDRAW, RightState.WITHDRAWN,
          Move.REVOKE, RightState.REVOKED,
          Move.EXPIRE, RightState.EXPIRED,
          Move.LAPSE, RightState.LAPSED,
          Move.SUSPEND, RightState.SUSPENDED,
          Move.RESUME, RightState.APPROVED);

  @Test
  void everyStepFromEveryStateLeadsWhereTheTableSaysOrIsRefusedAndChangesNothing() {
    for (RightState from : RightState.values()) {
      for (Move step : Move.values()) {
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
            null,
            NOW),
        right.requested());
    assertEquals(REQUESTER, right.state().requestedBy());
  }

  @Test
  void anApprovedRightSaysWhoHasWhatUntilWhen() {
    Right right = request(UNTIL);

    assertEquals(
        new RightEvent.Approved(
            right.id(),
            recipient.id(),
            ASSET,
            "admin",
            ADMIN.id(),
            PRIVILEGED,
            Ground.REQUEST,
            UNTIL,
            NOW),
        right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW));
    assertEquals(MANAGER, right.state().decidedBy());
  }

  @Test
  void neitherTheRequesterNorTheRecipientApproves() {
    Right right = request(null);

    assertRefused("self-approval", () -> right.approve(recipient, PRIVILEGED, ANY, REQUESTER, NOW));
    assertRefused("self-approval", () -> right.approve(recipient, PRIVILEGED, ANY, RECIPIENT, NOW));
    assertEquals(RightState.REQUESTED, right.state().state());
  }

  @Test
  void nobodyApprovesInThePlaceOfWhoAskedOrReceives() {
    Right right = request(null);

    for (String absent : List.of(REQUESTER, RECIPIENT)) {
      Capacity inPlace = new Capacity(Approver.ACCESS_MANAGER, Approver.ACCESS_MANAGER, absent);
      assertRefused(
          "self-approval", () -> right.approve(recipient, PRIVILEGED, inPlace, MANAGER, NOW));
    }
  }

  @Test
  void whatLastsForADurationBeginsWithItsApproval() {
    Right right =
        new Right(
            recipient.id(),
            ADMIN,
            null,
            Duration.ofMinutes(30),
            PATH,
            new Act(REQUESTER, NOW, "a restart"));
    Instant later = NOW.plusSeconds(86_400);

    assertEquals(null, right.state().validUntil());
    right.approve(recipient, PRIVILEGED, ANY, MANAGER, later);
    assertEquals(later.plusSeconds(1_800), right.state().validUntil());
  }

  @Test
  void aRenewalMovesTheEndOnceItIsApprovedAndNotBefore() {
    Right right = request(UNTIL);
    right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW);
    Act asking = new Act(REQUESTER, NOW.plusSeconds(60), "goes on");

    right.askRenewal(
        UNTIL.plusSeconds(600), Duration.ofHours(2), Duration.ofHours(1), PATH, asking);
    assertEquals(UNTIL, right.state().validUntil());
    assertRefused("self-approval", () -> right.approve(recipient, PRIVILEGED, ANY, REQUESTER, NOW));

    assertEquals(
        new RightEvent.Renewed(
            right.id(),
            recipient.id(),
            ASSET,
            "admin",
            ADMIN.id(),
            Ground.REQUEST,
            UNTIL.plusSeconds(600),
            NOW),
        right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW));
    assertEquals(UNTIL.plusSeconds(600), right.state().validUntil());
  }

  @Test
  void aRenewalThatComesToNothingLeavesTheRightAsItIs() {
    for (Move end : List.of(Move.REFUSE, Move.WITHDRAW, Move.LAPSE)) {
      Right right = request(UNTIL);
      right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW);
      right.askRenewal(
          UNTIL.plusSeconds(600),
          Duration.ofHours(2),
          Duration.ofHours(1),
          PATH,
          new Act(REQUESTER, NOW.plusSeconds(60), "goes on"));

      take(end).accept(right);

      assertEquals(RightState.APPROVED, right.state().state());
      assertEquals(UNTIL, right.state().validUntil());
      assertEquals(null, right.state().renewalUntil());
    }
  }

  @Test
  void aRequestWhoseTimeIsOverIsNotApproved() {
    Right right = request(UNTIL);

    assertRefused("time-over", () -> right.approve(recipient, PRIVILEGED, ANY, MANAGER, UNTIL));
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
    Right right =
        new Right(newcomer.id(), ADMIN, null, null, PATH, new Act(REQUESTER, NOW, "will need it"));

    assertRefused(
        "person-not-started", () -> right.approve(newcomer, PRIVILEGED, ANY, MANAGER, NOW));
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
            right.id(), recipient.id(), ASSET, "admin", ADMIN.id(), Ground.REQUEST, UNTIL, NOW),
        right.reduce(UNTIL, NOW));
    assertEquals(UNTIL, right.state().validUntil());
  }

  @Test
  void aRenewalThatWaitsIsOverWhenAReviewHasTheRightEndEarlier() {
    Right right = request(UNTIL);
    right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW);
    Act asking = new Act(REQUESTER, NOW.plusSeconds(60), "goes on");
    right.askRenewal(
        UNTIL.plusSeconds(600), Duration.ofHours(2), Duration.ofHours(1), PATH, asking);

    right.reduce(UNTIL.minusSeconds(60), NOW);

    assertEquals(null, right.state().renewalUntil());
    assertRefused(
        "right-not-requested", () -> right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW));
    assertEquals(UNTIL.minusSeconds(60), right.state().validUntil());
  }

  private Right request(Instant validUntil) {
    return new Right(
        recipient.id(), ADMIN, validUntil, null, PATH, new Act(REQUESTER, NOW, "maintains it"));
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
      case REFUSED -> take(Move.REFUSE).accept(right);
      case WITHDRAWN -> take(Move.WITHDRAW).accept(right);
      case APPROVED -> take(Move.APPROVE).accept(right);
      case REVOKED -> take(Move.APPROVE).andThen(take(Move.REVOKE)).accept(right);
      case EXPIRED -> take(Move.APPROVE).andThen(take(Move.EXPIRE)).accept(right);
      case LAPSED -> take(Move.LAPSE).accept(right);
      case SUSPENDED -> take(Move.APPROVE).andThen(take(Move.SUSPEND)).accept(right);
    }
    assertEquals(state, right.state().state());
    return right;
  }

  private Consumer<Right> take(Move step) {
    return switch (step) {
      case APPROVE -> right -> right.approve(recipient, PRIVILEGED, ANY, MANAGER, NOW);
      case REFUSE -> right -> right.refuse(new Act(MANAGER, NOW, "no"));
      case WITHDRAW -> right -> right.withdraw(REQUESTER, NOW);
      case REVOKE -> right -> right.revoke(new Act(MANAGER, NOW, "unused"));
      case EXPIRE -> right -> right.expire(NOW);
      case LAPSE -> right -> right.lapse(NOW);
      case SUSPEND -> right -> right.suspend(NOW);
      case RESUME -> right -> right.resume(NOW);
    };
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
