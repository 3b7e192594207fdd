package io.vigie.backup.continuity;

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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ContinuityPlanTest {

  private static final ContinuityPolicy POLICY = new ContinuityPolicy();
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final ContinuityPlan plan = new ContinuityPlan(UUID.randomUUID(), "Paris is lost");

  private ContinuityPlanVersion submit(String author) {
    ContinuityPlanVersion written =
        new ContinuityPlanVersion(
            plan.id(), plan.next(), 14_400, 86_400, List.of("call", "restore"), author, NOW);
    plan.submit(written, NOW);
    return written;
  }

  private ContinuityExercise begin(ExerciseMethod method) {
    ContinuityPlanVersion written = submit("ann");
    plan.approve(written, POLICY, "bob", NOW);
    return new ContinuityExercise(written, plan.id(), method, "Power fails", NOW);
  }

  private static ContinuityExercise.Times times(Integer disrupted, Integer restored, Integer from) {
    return new ContinuityExercise.Times(hours(disrupted), hours(restored), hours(from));
  }

  private static Instant hours(Integer hours) {
    return hours == null ? null : NOW.plus(Duration.ofHours(hours));
  }

  private static void settleAll(ContinuityExercise exercise) {
    for (int number = 1; number <= 2; number++) {
      exercise.settle(
          new ExerciseStep(exercise.id(), number, "x"), StepState.DONE, "ann", null, NOW);
    }
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  @Test
  void nobodyDecidesOnWhatTheyWroteAndTheObjectivesOfTheOneBeforeStayInForce() {
    assertRefused("continuity-plan-not-approved", plan::requireInForce);
    ContinuityPlanVersion first = submit("ann");
    assertRefused("continuity-plan-pending", plan::next);
    assertRefused("self-approval", () -> plan.approve(first, POLICY, "ann", NOW));
    assertRefused("self-approval", () -> plan.sendBack(first, "ann", "no", NOW));
    assertNull(plan.state().rtoSeconds());
    plan.approve(first, POLICY, "bob", NOW);
    assertEquals(NOW.plus(Duration.ofDays(365)), plan.state().exerciseDueAt());
    assertRefused("continuity-plan-not-pending", () -> plan.approve(first, POLICY, "bob", NOW));

    ContinuityPlanVersion second = submit("bob");
    plan.sendBack(second, "ann", "too short", NOW);

    assertEquals(1, plan.requireInForce());
    assertEquals(14_400, plan.state().rtoSeconds());
  }

  @Test
  void anExerciseThatRestoresTheFunctionMeasuresBothTimes() {
    ContinuityExercise exercise = begin(ExerciseMethod.FULL_SCALE);
    assertRefused("exercise-steps-open", () -> exercise.conclude(times(1, 4, -11), hours(5)));
    settleAll(exercise);

    exercise.conclude(times(1, 4, -11), hours(5));
    plan.exercised(exercise, hours(4), POLICY, hours(5));

    assertEquals(10_800, plan.state().rtoMeasuredSeconds());
    assertEquals(43_200, plan.state().rpoMeasuredSeconds());
    assertEquals(hours(4), plan.state().exercisedAt());
    assertEquals(hours(4).plus(Duration.ofDays(365)), plan.state().exerciseDueAt());
    assertRefused("exercise-concluded", () -> exercise.conclude(times(1, 4, -11), hours(6)));
  }

  @Test
  void anExerciseThatIsRecordedAfterALaterOneMeasuresNothingMore() {
    ContinuityExercise late = begin(ExerciseMethod.FULL_SCALE);
    ContinuityExercise last = begin(ExerciseMethod.FULL_SCALE);
    settleAll(late);
    settleAll(last);
    last.conclude(times(24, 26, 20), hours(27));
    late.conclude(times(1, 4, -11), hours(28));
    assertTrue(plan.exercised(last, hours(26), POLICY, hours(27)).isPresent());

    assertEquals(Optional.empty(), plan.exercised(late, hours(4), POLICY, hours(28)));

    assertEquals(hours(26), plan.state().exercisedAt());
    assertEquals(7_200, plan.state().rtoMeasuredSeconds());
  }

  @Test
  void whatWasNotRestoredMayEndWithOpenStepsAndWhatIsTalkedThroughMeasuresNothing() {
    ContinuityExercise failed = begin(ExerciseMethod.FUNCTIONAL);
    failed.conclude(times(1, null, null), hours(5));
    assertEquals(ExerciseOutcome.NOT_RESTORED, failed.state().outcome());
    assertNull(failed.state().rtoMeasuredSeconds());

    ContinuityExercise talk = begin(ExerciseMethod.TABLETOP);
    assertRefused("exercise-steps-open", () -> talk.conclude(times(null, null, null), hours(5)));
    settleAll(talk);
    assertRefused("validation", () -> talk.conclude(times(1, 4, 0), hours(5)));
    talk.conclude(times(null, null, null), hours(5));

    assertEquals(ExerciseOutcome.DISCUSSED, talk.state().outcome());
  }

  @ParameterizedTest(name = "disrupted at {0} h, restored at {1} h, with the data of {2} h")
  @CsvSource({
    ", 4, 0",
    "6, 7, 0",
    "1, 6, 0",
    "3, 2, 0",
    "1, 4, 2",
    "1, 4,",
    "1, , 0",
    "1, 4, -9000"
  })
  void timesThatDoNotFitAreRefused(Integer disrupted, Integer restored, Integer recovery) {
    ContinuityExercise exercise = begin(ExerciseMethod.FULL_SCALE);
    settleAll(exercise);

    assertRefused(
        "validation", () -> exercise.conclude(times(disrupted, restored, recovery), hours(5)));
    assertNull(exercise.state().outcome());
  }

  @Test
  void aPlanThatEndedIsNeitherDecidedOnNorExercised() {
    ContinuityPlanVersion written = submit("ann");
    plan.end(NOW);

    assertRefused("continuity-plan-ended", () -> plan.approve(written, POLICY, "bob", NOW));
    assertRefused("continuity-plan-ended", plan::requireInForce);
    assertRefused("continuity-plan-ended", plan::next);
  }

  @ParameterizedTest
  @CsvSource({
    ", –",
    "0, 0 s",
    "59, 59 s",
    "-60, -1 min 0 s",
    "3599, 59 min 59 s",
    "-5400, -1 h 30 min"
  })
  void thePageHasTimesAsPeopleReadThem(Long seconds, String text) {
    CriticalFunction function = new CriticalFunction("Hosting", "ann", null, NOW);

    assertEquals(
        text,
        ContinuityGap.of(plan, function, 0, new UnderlyingAssets(List.of(), true), NOW)
            .span(seconds));
  }
}
