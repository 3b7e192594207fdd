package io.vigie.asset.network;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to zones. */
public sealed interface ZoneEvent extends DomainEvent {

  record Declared(UUID aggregateId, String purpose, List<String> ranges, Instant at)
      implements ZoneEvent {
    @Override
    public String type() {
      return "zone.declared.v1";
    }
  }

  record Changed(UUID aggregateId, List<String> ranges, Instant at) implements ZoneEvent {
    @Override
    public String type() {
      return "zone.changed.v1";
    }
  }

  /** Nothing is in it any more, and its addresses are free. */
  record Retired(UUID aggregateId, Instant at) implements ZoneEvent {
    @Override
    public String type() {
      return "zone.retired.v1";
    }
  }
}
