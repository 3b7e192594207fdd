package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to the business profiles that people hold. */
public sealed interface AssignmentEvent extends DomainEvent {

  /** {@code validUntil} is null where no end is known. */
  record Made(
      UUID aggregateId,
      UUID person,
      UUID profile,
      Instant validFrom,
      Instant validUntil,
      Instant at)
      implements AssignmentEvent {
    @Override
    public String type() {
      return "profile-assignment.made.v1";
    }
  }

  record Changed(
      UUID aggregateId,
      UUID person,
      UUID profile,
      Instant validFrom,
      Instant validUntil,
      Instant at)
      implements AssignmentEvent {
    @Override
    public String type() {
      return "profile-assignment.changed.v1";
    }
  }

  /** The time that was set ahead has come. */
  record Begun(UUID aggregateId, UUID person, UUID profile, Instant at) implements AssignmentEvent {
    @Override
    public String type() {
      return "profile-assignment.begun.v1";
    }
  }

  record Ended(UUID aggregateId, UUID person, UUID profile, String reason, Instant at)
      implements AssignmentEvent {
    @Override
    public String type() {
      return "profile-assignment.ended.v1";
    }
  }
}
