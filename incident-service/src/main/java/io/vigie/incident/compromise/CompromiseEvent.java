package io.vigie.incident.compromise;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to compromises; {@code entry} of the incident's timeline says why. */
public sealed interface CompromiseEvent extends DomainEvent {

  /** Copies of the asset from {@code compromisedSince} on may hold malicious code. */
  record Declared(
      UUID aggregateId, UUID incident, UUID asset, Instant compromisedSince, UUID entry, Instant at)
      implements CompromiseEvent {
    @Override
    public String type() {
      return "compromise.declared.v1";
    }
  }

  record Lifted(UUID aggregateId, UUID incident, UUID asset, UUID entry, Instant at)
      implements CompromiseEvent {
    @Override
    public String type() {
      return "compromise.lifted.v1";
    }
  }
}
