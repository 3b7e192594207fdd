package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of critical functions, continuity plans and their exercises. */
public sealed interface ContinuityEvent extends DomainEvent {

  /** {@code owner} is the subject who answers for the function. */
  record Declared(UUID aggregateId, String name, String owner, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "critical-function.declared.v1";
    }
  }

  /** The function depends on {@code asset}; {@code peer} is null where nothing takes over. */
  record DependencySet(UUID aggregateId, UUID asset, DependencyKind kind, UUID peer, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "critical-function.dependency-set.v1";
    }
  }

  record DependencyRemoved(UUID aggregateId, UUID asset, Instant at) implements ContinuityEvent {
    @Override
    public String type() {
      return "critical-function.dependency-removed.v1";
    }
  }

  /** {@code takeoverSeconds} is null where {@code peer} did not take over. */
  record FailoverTested(
      UUID aggregateId,
      UUID asset,
      UUID peer,
      boolean passed,
      Long takeoverSeconds,
      Instant testedAt,
      Instant testDueAt,
      Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "critical-function.failover-tested.v1";
    }
  }

  record Retired(UUID aggregateId, String reason, Instant at) implements ContinuityEvent {
    @Override
    public String type() {
      return "critical-function.retired.v1";
    }
  }

  /** A version waits for approval; {@code number} counts from 1, {@code digest} is of its steps. */
  record Submitted(
      UUID aggregateId,
      UUID criticalFunction,
      int number,
      long rtoSeconds,
      long rpoSeconds,
      int steps,
      String digest,
      Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-plan.submitted.v1";
    }
  }

  /** By somebody else than its author: it is in force. */
  record Approved(
      UUID aggregateId,
      UUID criticalFunction,
      int number,
      long rtoSeconds,
      long rpoSeconds,
      String digest,
      Instant exerciseDueAt,
      Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-plan.approved.v1";
    }
  }

  record Returned(UUID aggregateId, UUID criticalFunction, int number, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-plan.returned.v1";
    }
  }

  /** An exercise of it restored the function, and measured how long that took. */
  record Exercised(
      UUID aggregateId,
      UUID criticalFunction,
      UUID exercise,
      long rtoMeasuredSeconds,
      long rpoMeasuredSeconds,
      Instant exerciseDueAt,
      Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-plan.exercised.v1";
    }
  }

  /** Its function was retired. */
  record Ended(UUID aggregateId, UUID criticalFunction, Instant at) implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-plan.ended.v1";
    }
  }

  record Begun(
      UUID aggregateId, UUID plan, int number, ExerciseMethod method, int steps, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-exercise.begun.v1";
    }
  }

  /** A step, counted from 1, was done or skipped; who did is the event's actor. */
  record StepSettled(UUID aggregateId, int step, StepState outcome, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-exercise.step-settled.v1";
    }
  }

  /** The measured times are null unless the function was restored. */
  record Concluded(
      UUID aggregateId,
      UUID plan,
      ExerciseOutcome outcome,
      int skipped,
      Long rtoMeasuredSeconds,
      Long rpoMeasuredSeconds,
      Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-exercise.concluded.v1";
    }
  }

  /** Something was learnt, which {@code owner} follows up. */
  record LessonLearnt(UUID aggregateId, UUID lesson, String owner, Instant dueAt, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-exercise.lesson-learnt.v1";
    }
  }

  record LessonFollowedUp(UUID aggregateId, UUID lesson, boolean late, Instant at)
      implements ContinuityEvent {
    @Override
    public String type() {
      return "continuity-exercise.lesson-followed-up.v1";
    }
  }
}
