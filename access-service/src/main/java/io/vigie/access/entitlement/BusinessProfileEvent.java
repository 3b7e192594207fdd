package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to bundles of entitlements. The rights that follow have events of their own. */
public sealed interface BusinessProfileEvent extends DomainEvent {

  record Created(UUID aggregateId, String name, List<UUID> entitlements, Instant at)
      implements BusinessProfileEvent {
    @Override
    public String type() {
      return "business-profile.created.v1";
    }
  }

  /** {@code gained} and {@code lost} are entitlements. */
  record Changed(
      UUID aggregateId, List<String> fields, List<UUID> gained, List<UUID> lost, Instant at)
      implements BusinessProfileEvent {
    @Override
    public String type() {
      return "business-profile.changed.v1";
    }
  }

  /** It is to give these too, which are sensitive: somebody else approves, and it changes then. */
  record Proposed(UUID aggregateId, List<UUID> proposed, Instant at)
      implements BusinessProfileEvent {
    @Override
    public String type() {
      return "business-profile.proposed.v1";
    }
  }

  /** Nobody holds it any more. */
  record Retired(UUID aggregateId, String name, String reason, Instant at)
      implements BusinessProfileEvent {
    @Override
    public String type() {
      return "business-profile.retired.v1";
    }
  }
}
