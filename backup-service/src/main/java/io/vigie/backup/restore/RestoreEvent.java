package io.vigie.backup.restore;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact about tests of restores, and about when they are due. */
public sealed interface RestoreEvent extends DomainEvent {

  /** {@code run} made the copy that {@code operator} restores, and why. */
  record Begun(
      UUID aggregateId,
      UUID plan,
      UUID asset,
      UUID run,
      Depth depth,
      String operator,
      String reason,
      Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-test.begun.v1";
    }
  }

  /** {@code sha256} is of the file that it is; null where it is words alone. */
  record EvidenceAdded(UUID aggregateId, String operator, UUID evidence, String sha256, Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-test.evidence-added.v1";
    }
  }

  /** It passed, says the operator; somebody else is to verify that. */
  record Submitted(
      UUID aggregateId,
      UUID plan,
      UUID asset,
      UUID run,
      Depth depth,
      String operator,
      TestOutcome outcome,
      Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-test.submitted.v1";
    }
  }

  /**
   * The result of a test.
   *
   * @param verifier who agreed; null where a tool tested, and where the operator said it failed
   * @param rtoSeconds from the start to the validation; null where it failed
   * @param rpoSeconds from the recovery point to the start
   * @param rtoObjectiveSeconds what the policy asked for; null where it asked for nothing
   * @param sampled files compared with the manifest; null where none were
   */
  record Completed(
      UUID aggregateId,
      UUID plan,
      UUID asset,
      UUID run,
      Depth depth,
      boolean automated,
      TestOutcome outcome,
      String operator,
      String verifier,
      Instant recoveryPointAt,
      Instant startedAt,
      Instant endedAt,
      Long rtoSeconds,
      long rpoSeconds,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds,
      Integer sampled,
      Integer differences,
      Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-test.completed.v1";
    }
  }

  record Abandoned(
      UUID aggregateId, UUID plan, UUID asset, String operator, String reason, Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-test.abandoned.v1";
    }
  }

  /** A restore of the asset is to be tested so deep, by {@code dueAt}. */
  record DutySet(UUID aggregateId, Depth depth, Instant dueAt, Instant at) implements RestoreEvent {
    @Override
    public String type() {
      return "restore-duty.set.v1";
    }
  }

  /** {@code testedAt} is of the last test that was enough; null where there was none. */
  record DutyOverdue(UUID aggregateId, Depth depth, Instant dueAt, Instant testedAt, Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-duty.overdue.v1";
    }
  }

  /** {@code dueAt} is of the next test. */
  record DutyMet(UUID aggregateId, UUID test, Depth depth, Instant dueAt, Instant at)
      implements RestoreEvent {
    @Override
    public String type() {
      return "restore-duty.met.v1";
    }
  }

  /** Nothing backs the asset up any more. */
  record DutyLifted(UUID aggregateId, Instant at) implements RestoreEvent {
    @Override
    public String type() {
      return "restore-duty.lifted.v1";
    }
  }
}
