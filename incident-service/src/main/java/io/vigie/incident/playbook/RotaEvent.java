package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Who is on call. */
public sealed interface RotaEvent extends DomainEvent {

  /** {@code person} is on call from {@code from} until before {@code until}. */
  record Planned(UUID aggregateId, String person, Instant from, Instant until, Instant at)
      implements RotaEvent {
    @Override
    public String type() {
      return "rota.planned.v1";
    }
  }

  /** They are not, or not any longer. */
  record Withdrawn(UUID aggregateId, String person, Instant at) implements RotaEvent {
    @Override
    public String type() {
      return "rota.withdrawn.v1";
    }
  }
}
