package io.vigie.access.rights;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What happens to rights. The events that give or take one say all that is needed to carry it out
 * where the asset is.
 */
public sealed interface RightEvent extends DomainEvent {

  record Requested(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      String reason,
      Instant validUntil,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.requested.v1";
    }
  }

  /** {@code validUntil} is null where the right has no end of its own. */
  record Approved(
      UUID aggregateId, UUID person, UUID asset, String entitlement, Instant validUntil, Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.approved.v1";
    }
  }

  record Refused(UUID aggregateId, UUID person, String reason, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.refused.v1";
    }
  }

  record Withdrawn(UUID aggregateId, UUID person, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.withdrawn.v1";
    }
  }

  record Revoked(
      UUID aggregateId, UUID person, UUID asset, String entitlement, String reason, Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.revoked.v1";
    }
  }

  record Expired(UUID aggregateId, UUID person, UUID asset, String entitlement, Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.expired.v1";
    }
  }
}
