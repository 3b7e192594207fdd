package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What happens to rights. The events that give or take one say all that is needed to carry it out
 * where the asset is: {@code entitlement} is its name, {@code profile} the business profile that
 * gives it, where that is its ground.
 */
public sealed interface RightEvent extends DomainEvent {

  record Requested(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
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
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      Instant validUntil,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.approved.v1";
    }
  }

  /** In force without a request: a profile gives it. */
  record Granted(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.granted.v1";
    }
  }

  /** The profile gives it no more: it ends at {@code validUntil}, unless it does again by then. */
  record Ending(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant validUntil,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.ending.v1";
    }
  }

  /** The profile gives it again before it ended: it has no end any more. */
  record Continued(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.continued.v1";
    }
  }

  /** Nobody certified it in time (R4.7): it gives nothing until somebody does. */
  record Suspended(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.suspended.v1";
    }
  }

  /** Somebody certified it after all: it is in force again. */
  record Resumed(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.resumed.v1";
    }
  }

  /** A review has it end earlier, at {@code validUntil}; never what a profile gives. */
  record Reduced(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      Instant validUntil,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.reduced.v1";
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
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      String reason,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.revoked.v1";
    }
  }

  /** Nobody has, or asked for, a right on {@code aggregateId}, an asset retired at that time. */
  record AssetFreed(UUID aggregateId, Instant retiredAt, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "asset-rights.ended.v1";
    }
  }

  record Expired(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.expired.v1";
    }
  }
}
