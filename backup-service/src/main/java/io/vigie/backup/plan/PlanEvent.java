package io.vigie.backup.plan;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact about backup plans. */
public sealed interface PlanEvent extends DomainEvent {

  record Created(UUID aggregateId, UUID asset, Schedule schedule, Instant nextDueAt, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.created.v1";
    }
  }

  record Rescheduled(UUID aggregateId, Schedule schedule, Instant nextDueAt, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.rescheduled.v1";
    }
  }

  /** Its copies go elsewhere, or are kept otherwise; how is in the merge patch. */
  record Redirected(UUID aggregateId, UUID asset, Instant at) implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.redirected.v1";
    }
  }

  /** Until {@code until}, or until somebody resumes it. */
  record Suspended(UUID aggregateId, String reason, Instant until, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.suspended.v1";
    }
  }

  record Resumed(UUID aggregateId, Instant nextDueAt, Instant at) implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.resumed.v1";
    }
  }

  record Ended(UUID aggregateId, String reason, Instant at) implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.ended.v1";
    }
  }

  /** The run due at {@code dueAt} did not come; {@code lateBySeconds} counts from there. */
  record RunMissed(UUID aggregateId, UUID asset, Instant dueAt, long lateBySeconds, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.run-missed.v1";
    }
  }

  /** {@code run} ended what had been missed since {@code missedSince}. */
  record RunCaughtUp(UUID aggregateId, UUID asset, UUID run, Instant missedSince, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.run-caught-up.v1";
    }
  }

  record AssetGone(UUID aggregateId, UUID asset, AssetState assetState, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.asset-gone.v1";
    }
  }

  /** What was lost is back: runs are owed again. */
  record AssetRegained(UUID aggregateId, UUID asset, Instant nextDueAt, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "backup-plan.asset-regained.v1";
    }
  }

  /**
   * Somebody ended every backup plan of {@code aggregateId}, which went at {@code retiredAt}, with
   * a reason; or it had none.
   */
  record AssetSettled(UUID aggregateId, Instant retiredAt, int plans, Instant at)
      implements PlanEvent {
    @Override
    public String type() {
      return "asset-backups.settled.v1";
    }
  }
}
