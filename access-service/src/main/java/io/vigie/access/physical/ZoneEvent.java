package io.vigie.access.physical;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to zones of the premises. */
public sealed interface ZoneEvent extends DomainEvent {

  record Defined(UUID aggregateId, UUID site, ZoneSensitivity sensitivity, Instant at)
      implements ZoneEvent {
    @Override
    public String type() {
      return "physical-zone.defined.v1";
    }
  }

  /** What it is from now on is in the changes. */
  record Changed(UUID aggregateId, UUID site, ZoneSensitivity sensitivity, Instant at)
      implements ZoneEvent {
    @Override
    public String type() {
      return "physical-zone.changed.v1";
    }
  }

  record Closed(UUID aggregateId, UUID site, Instant at) implements ZoneEvent {
    @Override
    public String type() {
      return "physical-zone.closed.v1";
    }
  }
}
