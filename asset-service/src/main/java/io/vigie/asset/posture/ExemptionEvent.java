package io.vigie.asset.posture;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact about exemptions. Who acted is the actor of each; the clock is the service. */
public sealed interface ExemptionEvent extends DomainEvent {

  record Requested(
      UUID aggregateId, UUID asset, String rule, String reason, Instant endsAt, Instant at)
      implements ExemptionEvent {
    @Override
    public String type() {
      return "posture-exemption.requested.v1";
    }
  }

  record Approved(UUID aggregateId, UUID asset, String rule, Instant endsAt, Instant at)
      implements ExemptionEvent {
    @Override
    public String type() {
      return "posture-exemption.approved.v1";
    }
  }

  record Refused(UUID aggregateId, UUID asset, String rule, String reason, Instant at)
      implements ExemptionEvent {
    @Override
    public String type() {
      return "posture-exemption.refused.v1";
    }
  }

  /** It was given up, before or after it was decided about. */
  record Withdrawn(UUID aggregateId, UUID asset, String rule, String reason, Instant at)
      implements ExemptionEvent {
    @Override
    public String type() {
      return "posture-exemption.withdrawn.v1";
    }
  }

  /** Its time is over, {@code approved} or not. */
  record Expired(UUID aggregateId, UUID asset, String rule, boolean approved, Instant at)
      implements ExemptionEvent {
    @Override
    public String type() {
      return "posture-exemption.expired.v1";
    }
  }
}
