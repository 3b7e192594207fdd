package io.vigie.backup.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BackupPlanTest {

  private static final Instant T0 = Instant.parse("2026-01-02T03:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Schedule DAILY = every(Duration.ofDays(1), HOUR.multipliedBy(2));
  private static final UUID RUN = UUID.randomUUID();

  private final UUID asset = UUID.randomUUID();
  private final BackupPlan plan = new BackupPlan(asset, "nightly", "paris-2", DAILY, null, T0);

  @Test
  void theFirstRunIsDueOneIntervalAfterThePlanBegins() {
    assertEquals(new PlanEvent.Created(plan.id(), asset, DAILY, hours(24), T0), plan.created());
  }

  @Test
  void aRunMayBeLateByTheToleranceAndNoMore() {
    assertFalse(plan.isOverdue(hours(26)));
    assertTrue(plan.isOverdue(hours(26).plusMillis(1)));
  }

  @Test
  void aMissSaysWhatWasDueAndHowLateItIs() {
    assertEquals(
        List.of(new PlanEvent.RunMissed(plan.id(), asset, hours(24), 3 * 3_600, hours(27))),
        plan.miss(hours(27)));
    assertEquals(hours(24), plan.state().missedSince());
  }

  @Test
  void oneMissIsFlaggedOnce() {
    plan.miss(hours(27));

    assertEquals(List.of(), plan.miss(hours(28)));
    assertEquals(hours(48), plan.nextDueAt());
  }

  @Test
  void afterThreeDaysWithoutALookEachMissedRunIsToldOnceAndInOrder() {
    List<PlanEvent> misses = plan.miss(hours(80));

    assertEquals(
        List.of(hours(24), hours(48), hours(72)),
        misses.stream().map(miss -> ((PlanEvent.RunMissed) miss).dueAt()).toList());
    assertEquals(hours(24), plan.state().missedSince());
    assertEquals(List.of(), plan.miss(hours(80)));
  }

  @Test
  void soManyMissesThatTheyWouldNotFitOneTransactionAreToldByAndBy() {
    plan.reschedule(every(Duration.ofMinutes(5), Duration.ZERO), hours(1));

    assertEquals(BackupPlan.MOST_MISSES, plan.miss(hours(1 + 100)).size());
    assertEquals(200, plan.miss(hours(1 + 100)).size());
  }

  @Test
  void aSuccessfulRunMovesTheNextOneFromItsOwnStart() {
    assertEquals(Optional.empty(), plan.count(RUN, hours(23), true, null, hours(24)));

    assertEquals(hours(23), plan.lastSuccessAt());
    assertEquals(hours(23 + 24), plan.nextDueAt());
  }

  @Test
  void aSuccessfulRunEndsAMiss() {
    plan.miss(hours(27));

    assertEquals(
        Optional.of(new PlanEvent.RunCaughtUp(plan.id(), asset, RUN, hours(24), hours(29))),
        plan.count(RUN, hours(28), true, null, hours(29)));
    assertNull(plan.state().missedSince());
  }

  @Test
  void aFailedRunNeitherMovesTheNextOneNorEndsAMiss() {
    plan.miss(hours(27));

    assertEquals(Optional.empty(), plan.count(RUN, hours(28), false, null, hours(29)));
    assertNull(plan.lastSuccessAt());
    assertEquals(hours(48), plan.nextDueAt());
    assertEquals(hours(24), plan.state().missedSince());
  }

  @Test
  void aReportThatComesAfterANewerOneMovesNothing() {
    plan.count(RUN, hours(20), true, null, hours(21));
    plan.count(RUN, hours(10), true, null, hours(22));

    assertEquals(hours(20), plan.lastSuccessAt());
    assertEquals(hours(44), plan.nextDueAt());
  }

  @Test
  void aRunFromBeforeThePlanMakesNoRunDueEarlier() {
    plan.count(RUN, hours(-10), true, null, T0);

    assertEquals(hours(-10), plan.lastSuccessAt());
    assertEquals(hours(24), plan.nextDueAt());
  }

  @Test
  void aLateReportOfAnOldRunDoesNotEndAMissThatGoesOn() {
    plan.miss(hours(60));

    assertEquals(Optional.empty(), plan.count(RUN, hours(24), true, null, hours(61)));
    assertEquals(hours(24), plan.state().missedSince());
    assertEquals(hours(72), plan.nextDueAt());
  }

  @Test
  void aShorterIntervalMakesARunDueNowAndNotInThePast() {
    plan.reschedule(every(HOUR, HOUR), hours(5));

    assertEquals(hours(5), plan.nextDueAt());
    assertFalse(plan.isOverdue(hours(6)));
  }

  @Test
  void aLongerIntervalCountsFromTheLastSuccess() {
    plan.count(RUN, hours(3), true, null, hours(4));

    plan.reschedule(every(Duration.ofDays(7), HOUR), hours(5));

    assertEquals(hours(3 + 7 * 24), plan.nextDueAt());
  }

  @Test
  void aNewScheduleDoesNotExcuseARunThatIsLateAlready() {
    plan.reschedule(every(HOUR, HOUR), hours(25));

    assertEquals(hours(24), plan.nextDueAt());
    assertTrue(plan.isOverdue(hours(26)));
  }

  @Test
  void aToleranceIsNoLongerThanItsInterval() {
    Schedule slack = every(HOUR, HOUR.plusSeconds(1));

    assertInvalid("tolerance", () -> plan.reschedule(slack, T0));
    assertInvalid("tolerance", () -> new BackupPlan(asset, "x", "y", slack, null, T0));
  }

  @Test
  void nothingIsMissedWhileAPlanIsSuspendedAndARunThatCameDueIsDueOnResumption() {
    plan.suspend("storage is replaced", null, hours(1));
    assertFalse(plan.isOverdue(hours(100)));

    assertEquals(new PlanEvent.Resumed(plan.id(), hours(100), hours(100)), plan.resume(hours(100)));
    assertFalse(plan.isOverdue(hours(102)));
    assertTrue(plan.isOverdue(hours(102).plusMillis(1)));
  }

  @Test
  void aSuspensionEndsInTheFutureWithinAYear() {
    assertInvalid("until", () -> plan.suspend("x", T0, T0));
    assertInvalid("until", () -> plan.suspend("x", T0.plus(Duration.ofDays(366)), T0));
  }

  @Test
  void aGoneAssetOwesNoRun() {
    assertEquals(
        new PlanEvent.AssetGone(plan.id(), asset, AssetState.LOST, hours(1)),
        plan.loseAsset(AssetState.LOST, hours(1)));
    assertFalse(plan.isOverdue(hours(100)));
  }

  @Test
  void anEndedPlanTakesTheReportsOfRunsThatStartedBefore() {
    plan.end("replaced", hours(5));

    assertEquals(Optional.empty(), plan.count(RUN, hours(4), true, null, hours(6)));
    assertRefused("plan-ended", () -> plan.count(RUN, hours(6), true, null, hours(7)));
  }

  /** Every state × every decision: the state after it, or the code of its refusal. */
  @ParameterizedTest(name = "{1} a plan that is {0}: {2}")
  @CsvSource({
    "ACTIVE,    reschedule, ACTIVE",
    "ACTIVE,    suspend,    SUSPENDED",
    "ACTIVE,    resume,     plan-not-suspended",
    "ACTIVE,    end,        ENDED",
    "ACTIVE,    loseAsset,  ACTIVE",
    "ACTIVE,    count,      ACTIVE",
    "ACTIVE,    miss,       ACTIVE",
    "SUSPENDED, reschedule, SUSPENDED",
    "SUSPENDED, suspend,    plan-not-active",
    "SUSPENDED, resume,     ACTIVE",
    "SUSPENDED, end,        ENDED",
    "SUSPENDED, loseAsset,  SUSPENDED",
    "SUSPENDED, count,      SUSPENDED",
    "SUSPENDED, miss,       nothing-missed",
    "ENDED,     reschedule, plan-ended",
    "ENDED,     suspend,    plan-not-active",
    "ENDED,     resume,     plan-not-suspended",
    "ENDED,     end,        plan-ended",
    "ENDED,     loseAsset,  plan-ended",
    "ENDED,     count,      plan-ended",
    "ENDED,     miss,       nothing-missed",
  })
  void everyStateAllowsItsDecisionsAlone(PlanState from, String decision, String expected) {
    switch (from) {
      case SUSPENDED -> plan.suspend("x", null, T0);
      case ENDED -> plan.end("x", T0);
      default -> assertEquals(PlanState.ACTIVE, plan.state().state());
    }

    assertEquals(expected, outcomeOf(decision));
  }

  private String outcomeOf(String decision) {
    Instant late = hours(30);
    try {
      switch (decision) {
        case "reschedule" -> plan.reschedule(DAILY, late);
        case "suspend" -> plan.suspend("x", null, late);
        case "resume" -> plan.resume(late);
        case "end" -> plan.end("x", late);
        case "loseAsset" -> plan.loseAsset(AssetState.RETIRED, late);
        case "count" -> plan.count(RUN, hours(29), true, null, late);
        case "miss" -> {
          if (plan.miss(late).isEmpty()) {
            return "nothing-missed";
          }
        }
        default -> throw new AssertionError(decision);
      }
      return plan.state().state().name();
    } catch (Problem refusal) {
      return refusal.code();
    }
  }

  @Test
  void whatIsFoundAgainIsBackedUpAgainAndWhatCameDueMeanwhileIsDueNow() {
    plan.loseAsset(AssetState.LOST, hours(10));
    assertFalse(plan.isOverdue(hours(100)));

    assertEquals(
        new PlanEvent.AssetRegained(plan.id(), asset, hours(100), hours(100)),
        plan.regainAsset(hours(100)));

    assertNull(plan.state().assetState());
    assertFalse(plan.isOverdue(hours(102)));
    assertTrue(plan.isOverdue(hours(103)));
    assertThrows(Problem.class, () -> plan.regainAsset(hours(103)));
  }

  @Test
  void whatIsFoundAgainBeforeItsRunIsDueOwesThatRun() {
    plan.loseAsset(AssetState.LOST, hours(10));

    plan.regainAsset(hours(12));

    assertEquals(hours(24), plan.nextDueAt());
  }

  private static Instant hours(int hours) {
    return T0.plus(HOUR.multipliedBy(hours));
  }

  private static Schedule every(Duration interval, Duration tolerance) {
    return new Schedule(interval, tolerance, null, null);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  private static void assertInvalid(String field, Runnable decision) {
    assertEquals(field, assertThrows(Problem.class, decision::run).errors().get(0).field());
  }
}
