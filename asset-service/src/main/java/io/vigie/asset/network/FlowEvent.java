package io.vigie.asset.network;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of declared flows. Who acted is the actor of each. */
public sealed interface FlowEvent extends DomainEvent {

  /** {@code rule} is what it would be an exception from, or null. */
  record Requested(
      UUID aggregateId,
      UUID fromZone,
      UUID toZone,
      String protocol,
      String ports,
      String purpose,
      String rule,
      Instant validUntil,
      Instant at)
      implements FlowEvent {
    @Override
    public String type() {
      return "flow.requested.v1";
    }
  }

  record Approved(UUID aggregateId, UUID fromZone, UUID toZone, Instant at) implements FlowEvent {
    @Override
    public String type() {
      return "flow.approved.v1";
    }
  }

  record Refused(UUID aggregateId, UUID fromZone, UUID toZone, String reason, Instant at)
      implements FlowEvent {
    @Override
    public String type() {
      return "flow.refused.v1";
    }
  }

  record Withdrawn(UUID aggregateId, UUID fromZone, UUID toZone, String reason, Instant at)
      implements FlowEvent {
    @Override
    public String type() {
      return "flow.withdrawn.v1";
    }
  }
}
