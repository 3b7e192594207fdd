package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is asked of a function, a plan and its exercises, in whatever order. */
class ContinuityLifeTest {

  private static final ContinuityPolicy POLICY = new ContinuityPolicy();
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:00:00Z");
  private static final List<UUID> ASSETS = List.of(UUID.randomUUID(), UUID.randomUUID());

  enum Ask {
    SUBMIT,
    APPROVE,
    RETURN,
    BEGIN,
    SETTLE,
    RESTORE,
    GIVE_UP,
    LEARN,
    FOLLOW_UP,
    END
  }

  private ContinuityPlan plan;
  private ContinuityPlanVersion last;
  private ContinuityPlanVersion inForce;
  private ContinuityExercise exercise;
  private int settled;
  private final List<ExerciseLesson> lessons = new ArrayList<>();

  @Property(tries = 500)
  void aPlanIsAsItsLastApprovedVersionAndItsLastRestorationSay(
      @ForAll @Size(max = 60) List<Ask> asks, @ForAll List<Boolean> authors) {
    plan = new ContinuityPlan(UUID.randomUUID(), "Paris is lost");
    last = null;
    inForce = null;
    exercise = null;
    lessons.clear();
    Instant now = BEGIN;
    boolean restored = false;
    for (int i = 0; i < asks.size(); i++) {
      now = now.plusSeconds(60);
      boolean ann = !authors.isEmpty() && authors.get(i % authors.size());
      ContinuityPlan.State before = plan.state();
      ContinuityExercise.State exerciseBefore = exercise == null ? null : exercise.state();

      ContinuityEvent event = decide(asks.get(i), ann ? "ann" : "bob", now);

      if (event == null) {
        assertEquals(before, plan.state(), "refused, and yet it changed");
        assertEquals(exerciseBefore, exercise == null ? null : exercise.state());
      } else {
        assertEquals(now, event.at());
      }
      restored |= event instanceof ContinuityEvent.Exercised;
      assertEquals(restored, plan.state().exercisedAt() != null);
      assertEquals(inForce == null ? null : inForce.number(), plan.state().inForce());
      assertEquals(inForce == null ? null : inForce.rtoSeconds(), plan.state().rtoSeconds());
      if (before.endedAt() != null) {
        assertEquals(before, plan.state(), "ended, and yet it changed");
      }
      if (exercise != null) {
        ContinuityExercise.State state = exercise.state();
        assertEquals(settled, state.done() + state.skipped());
        assertEquals(
            lessons.stream().filter(lesson -> !lesson.isFollowedUp()).count(), state.lessons());
        assertTrue(
            state.outcome() != ExerciseOutcome.RESTORED || state.steps() == settled,
            "restored over an open step");
      }
    }
  }

  private ContinuityEvent decide(Ask ask, String by, Instant now) {
    return switch (ask) {
      case SUBMIT ->
          unlessRefused(
              () -> {
                ContinuityPlanVersion written =
                    new ContinuityPlanVersion(
                        plan.id(), plan.next(), plan.next() * 60L, 0, List.of("a", "b"), by, now);
                last = written;
                return plan.submit(written, now);
              });
      case APPROVE ->
          last == null
              ? null
              : unlessRefused(
                  () -> {
                    ContinuityEvent approved = plan.approve(last, POLICY, by, now);
                    assertNotEquals(by, last.author(), "approved by its author");
                    inForce = last;
                    return approved;
                  });
      case RETURN -> last == null ? null : unlessRefused(() -> plan.sendBack(last, by, "no", now));
      case BEGIN ->
          unlessRefused(
              () -> {
                plan.requireInForce();
                exercise =
                    new ContinuityExercise(
                        inForce, plan.id(), ExerciseMethod.FULL_SCALE, "Power fails", now);
                settled = 0;
                lessons.clear();
                return exercise.begun();
              });
      case SETTLE ->
          exercise == null || settled == 2
              ? null
              : unlessRefused(
                  () -> {
                    ExerciseStep step = new ExerciseStep(exercise.id(), settled + 1, "a");
                    ContinuityEvent done =
                        exercise.settle(step, StepState.SKIPPED, by, "not now", now);
                    settled++;
                    return done;
                  });
      case RESTORE -> exercise == null ? null : unlessRefused(() -> restore(now));
      case GIVE_UP ->
          exercise == null
              ? null
              : unlessRefused(
                  () -> exercise.conclude(new ContinuityExercise.Times(BEGIN, null, null), now));
      case LEARN ->
          exercise == null
              ? null
              : unlessRefused(
                  () -> {
                    ExerciseLesson lesson =
                        new ExerciseLesson(exercise.id(), "x", "ann", now.plusSeconds(60), now);
                    lessons.add(lesson);
                    return exercise.learn(lesson, now);
                  });
      case FOLLOW_UP ->
          lessons.isEmpty()
              ? null
              : unlessRefused(() -> exercise.followUp(lessons.get(0), by, "done", now));
      case END -> plan.isEnded() ? null : plan.end(now);
    };
  }

  private ContinuityEvent restore(Instant now) {
    ContinuityEvent concluded =
        exercise.conclude(new ContinuityExercise.Times(BEGIN, now, BEGIN), now);
    return plan.isEnded()
        ? concluded
        : plan.exercised(exercise, now, POLICY, now).orElse(concluded);
  }

  enum On {
    NO_PEER,
    PEER,
    PASS,
    FAIL,
    REMOVE
  }

  @Property(tries = 500)
  void aFunctionIsToBeProvenWhenTheFirstOfItsDependenciesIs(
      @ForAll @Size(max = 60) List<On> asks, @ForAll List<Boolean> which) {
    CriticalFunction function = new CriticalFunction("Hosting", "ann", null, BEGIN);
    Instant now = BEGIN;
    for (int i = 0; i < asks.size(); i++) {
      now = now.plusSeconds(86_400);
      Instant at = now;
      UUID asset = ASSETS.get(!which.isEmpty() && which.get(i % which.size()) ? 1 : 0);
      CriticalFunction.State before = function.state();
      On ask = asks.get(i);
      ContinuityEvent event =
          unlessRefused(
              () ->
                  switch (ask) {
                    case NO_PEER -> function.dependOn(asset, DependencyKind.UPS, null, at);
                    case PEER -> function.dependOn(asset, DependencyKind.UPS, new UUID(1, 1), at);
                    case PASS ->
                        function.testFailover(
                            asset, new FailoverTest.Result(at, true, 1L, null), POLICY, at);
                    case FAIL ->
                        function.testFailover(
                            asset, new FailoverTest.Result(at, false, null, null), POLICY, at);
                    case REMOVE -> function.dependNoMoreOn(asset, at);
                  });
      if (event == null) {
        assertEquals(before, function.state(), "refused, and yet it changed");
      }
      CriticalFunction.State state = function.state();
      assertEquals(
          state.dependencies().values().stream()
              .map(Dependency::proofDueAt)
              .min(Instant::compareTo)
              .orElse(null),
          state.proofDueAt());
      boolean proven =
          state.dependencies().values().stream()
              .allMatch(
                  on -> on.peer() != null && Boolean.TRUE.equals(on.passed()) && tested(on, at));
      assertEquals(
          proven,
          state.dependencies().values().stream().allMatch(on -> on.isRedundant(at)),
          "redundant is what a peer has proven, not too long ago");
    }
  }

  private static boolean tested(Dependency on, Instant at) {
    return at.isBefore(on.testedAt().plus(POLICY.failoverInterval(on.kind())));
  }

  private static ContinuityEvent unlessRefused(Supplier<ContinuityEvent> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return null;
    }
  }
}
