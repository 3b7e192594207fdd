package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to the catalogue of what people can get. */
public sealed interface EntitlementEvent extends DomainEvent {

  record Created(
      UUID aggregateId,
      UUID asset,
      String name,
      EntitlementType kind,
      UUID owner,
      Sensitivity sensitivity,
      Instant at)
      implements EntitlementEvent {
    @Override
    public String type() {
      return "entitlement.created.v1";
    }
  }

  /** {@code fields} names what changed; the values of public fields are in the merge patch. */
  record Changed(UUID aggregateId, UUID asset, UUID owner, List<String> fields, Instant at)
      implements EntitlementEvent {
    @Override
    public String type() {
      return "entitlement.changed.v1";
    }
  }

  /** Nobody gets it any more, and whoever has it loses it. */
  record Retired(UUID aggregateId, UUID asset, String name, String reason, Instant at)
      implements EntitlementEvent {
    @Override
    public String type() {
      return "entitlement.retired.v1";
    }
  }
}
