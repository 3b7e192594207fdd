package io.vigie.backup.plan;

import java.time.Instant;
import java.util.UUID;

import io.vigie.backup.plan.BackupException.Scope;
import io.vigie.kernel.DomainEvent;

/** Every fact about exceptions. Who acted is the actor of each; the clock is the service. */
public sealed interface ExceptionEvent extends DomainEvent {

  record Requested(
      UUID aggregateId, UUID asset, Scope scope, String reason, Instant endsAt, Instant at)
      implements ExceptionEvent {
    @Override
    public String type() {
      return "backup-exception.requested.v1";
    }
  }

  record Approved(UUID aggregateId, UUID asset, Scope scope, Instant endsAt, Instant at)
      implements ExceptionEvent {
    @Override
    public String type() {
      return "backup-exception.approved.v1";
    }
  }

  record Refused(UUID aggregateId, UUID asset, Scope scope, String reason, Instant at)
      implements ExceptionEvent {
    @Override
    public String type() {
      return "backup-exception.refused.v1";
    }
  }

  /** It was given up, before or after it was decided about. */
  record Withdrawn(UUID aggregateId, UUID asset, Scope scope, String reason, Instant at)
      implements ExceptionEvent {
    @Override
    public String type() {
      return "backup-exception.withdrawn.v1";
    }
  }

  /** Its time is over, {@code approved} or not. */
  record Expired(UUID aggregateId, UUID asset, Scope scope, boolean approved, Instant at)
      implements ExceptionEvent {
    @Override
    public String type() {
      return "backup-exception.expired.v1";
    }
  }
}
