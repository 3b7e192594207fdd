package io.vigie.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import io.vigie.backup.RunReport.Outcome;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.backup.RunReport.Outcome.FAILED;
import static io.vigie.backup.RunReport.Outcome.SUCCEEDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BackupPlanTest {

  private static final Instant T0 = Instant.parse("2026-01-02T03:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Schedule DAILY = new Schedule(Duration.ofDays(1), HOUR.multipliedBy(2));
  private static final UUID RUN = UUID.randomUUID();

  private final UUID asset = UUID.randomUUID();
  private final BackupPlan plan = new BackupPlan(asset, "nightly", "paris-2", DAILY, T0);

  @Test
  void theFirstRunIsDueOneIntervalAfterThePlanBegins() {
    assertEquals(new BackupEvent.Created(plan.id(), asset, DAILY, hours(24), T0), plan.created());
  }

  @Test
  void aRunMayBeLateByTheToleranceAndNoMore() {
    assertFalse(plan.isOverdue(hours(26)));
    assertTrue(plan.isOverdue(hours(26).plusMillis(1)));
  }

  @Test
  void aMissSaysWhatWasDueAndHowLateItIs() {
    assertEquals(
        new BackupEvent.RunMissed(plan.id(), asset, hours(24), 3 * 3_600, hours(27)),
        plan.miss(hours(27)));
    assertEquals(hours(24), plan.state().missedSince());
  }

  @Test
  void oneMissIsFlaggedOnce() {
    plan.miss(hours(27));

    assertThrows(IllegalStateException.class, () -> plan.miss(hours(28)));
  }

  @Test
  void aSuccessfulRunMovesTheNextOneFromItsOwnStart() {
    assertEquals(Optional.empty(), plan.count(RUN, run(SUCCEEDED, hours(23)), hours(24)));

    assertEquals(hours(23), plan.lastSuccessAt());
    assertEquals(hours(23 + 24), plan.nextDueAt());
  }

  @Test
  void aSuccessfulRunEndsAMiss() {
    plan.miss(hours(27));

    assertEquals(
        Optional.of(new BackupEvent.RunCaughtUp(plan.id(), asset, RUN, hours(24), hours(29))),
        plan.count(RUN, run(SUCCEEDED, hours(28)), hours(29)));
    assertNull(plan.state().missedSince());
  }

  @Test
  void aFailedRunNeitherMovesTheNextOneNorEndsAMiss() {
    plan.miss(hours(27));

    assertEquals(Optional.empty(), plan.count(RUN, run(FAILED, hours(28)), hours(29)));
    assertNull(plan.lastSuccessAt());
    assertEquals(hours(24), plan.nextDueAt());
    assertEquals(hours(24), plan.state().missedSince());
  }

  @Test
  void aReportThatComesAfterANewerOneMovesNothing() {
    plan.count(RUN, run(SUCCEEDED, hours(20)), hours(21));
    plan.count(RUN, run(SUCCEEDED, hours(10)), hours(22));

    assertEquals(hours(20), plan.lastSuccessAt());
    assertEquals(hours(44), plan.nextDueAt());
  }

  @Test
  void aRunFromBeforeThePlanMakesNoRunDueEarlier() {
    plan.count(RUN, run(SUCCEEDED, hours(-10)), T0);

    assertEquals(hours(-10), plan.lastSuccessAt());
    assertEquals(hours(24), plan.nextDueAt());
  }

  @Test
  void aLateReportOfAnOldRunDoesNotEndAMissThatGoesOn() {
    plan.miss(hours(60));

    assertEquals(Optional.empty(), plan.count(RUN, run(SUCCEEDED, hours(24)), hours(61)));
    assertEquals(hours(24), plan.state().missedSince());
    assertEquals(hours(48), plan.nextDueAt());
  }

  @Test
  void aShorterIntervalMakesARunDueNowAndNotInThePast() {
    plan.reschedule(new Schedule(HOUR, HOUR), hours(5));

    assertEquals(hours(5), plan.nextDueAt());
    assertFalse(plan.isOverdue(hours(6)));
  }

  @Test
  void aLongerIntervalCountsFromTheLastSuccess() {
    plan.count(RUN, run(SUCCEEDED, hours(3)), hours(4));

    plan.reschedule(new Schedule(Duration.ofDays(7), HOUR), hours(5));

    assertEquals(hours(3 + 7 * 24), plan.nextDueAt());
  }

  @Test
  void aNewScheduleDoesNotExcuseARunThatIsLateAlready() {
    plan.reschedule(new Schedule(HOUR, HOUR), hours(25));

    assertEquals(hours(24), plan.nextDueAt());
    assertTrue(plan.isOverdue(hours(26)));
  }

  @Test
  void aToleranceIsNoLongerThanItsInterval() {
    Schedule slack = new Schedule(HOUR, HOUR.plusSeconds(1));

    assertInvalid("tolerance", () -> plan.reschedule(slack, T0));
    assertInvalid("tolerance", () -> new BackupPlan(asset, "x", "y", slack, T0));
  }

  @Test
  void nothingIsMissedWhileAPlanIsSuspendedAndARunThatCameDueIsDueOnResumption() {
    plan.suspend("storage is replaced", null, hours(1));
    assertFalse(plan.isOverdue(hours(100)));

    assertEquals(
        new BackupEvent.Resumed(plan.id(), hours(100), hours(100)), plan.resume(hours(100)));
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
        new BackupEvent.AssetGone(plan.id(), asset, AssetState.LOST, hours(1)),
        plan.loseAsset(AssetState.LOST, hours(1)));
    assertFalse(plan.isOverdue(hours(100)));
  }

  @Test
  void anEndedPlanTakesTheReportsOfRunsThatStartedBefore() {
    plan.end("replaced", hours(5));

    assertEquals(Optional.empty(), plan.count(RUN, run(SUCCEEDED, hours(4)), hours(6)));
    assertRefused("plan-ended", () -> plan.count(RUN, run(SUCCEEDED, hours(6)), hours(7)));
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
        case "count" -> plan.count(RUN, run(SUCCEEDED, hours(29)), late);
        case "miss" -> plan.miss(late);
        default -> throw new AssertionError(decision);
      }
      return plan.state().state().name();
    } catch (Problem refusal) {
      return refusal.code();
    } catch (IllegalStateException defect) {
      return "nothing-missed";
    }
  }

  @Test
  void whatIsFoundAgainIsBackedUpAgainAndWhatCameDueMeanwhileIsDueNow() {
    plan.loseAsset(AssetState.LOST, hours(10));
    assertFalse(plan.isOverdue(hours(100)));

    assertEquals(
        new BackupEvent.AssetRegained(plan.id(), asset, hours(100), hours(100)),
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

  private static RunReport run(Outcome outcome, Instant startedAt) {
    return new RunReport(startedAt, startedAt.plusSeconds(60), outcome, null, null, null, null);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  private static void assertInvalid(String field, Runnable decision) {
    assertEquals(field, assertThrows(Problem.class, decision::run).errors().get(0).field());
  }
}
