package io.vigie.access.physical;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to keys, each copy by itself. */
public sealed interface KeyEvent extends DomainEvent {

  /** {@code zones} are those that it opens. */
  record Registered(UUID aggregateId, String code, int copy, List<UUID> zones, Instant at)
      implements KeyEvent {
    @Override
    public String type() {
      return "key.registered.v1";
    }
  }

  record HandedOut(UUID aggregateId, UUID person, String code, int copy, Instant at)
      implements KeyEvent {
    @Override
    public String type() {
      return "key.handed-out.v1";
    }
  }

  /** {@code person} is who had it, or null where it was found. */
  record Returned(UUID aggregateId, UUID person, String code, int copy, Instant at)
      implements KeyEvent {
    @Override
    public String type() {
      return "key.returned.v1";
    }
  }

  /** {@code person} is who had it, or null where it was lost from the safe. */
  record Lost(UUID aggregateId, UUID person, String code, int copy, List<UUID> zones, Instant at)
      implements KeyEvent {
    @Override
    public String type() {
      return "key.lost.v1";
    }
  }

  record Destroyed(UUID aggregateId, String code, int copy, String reason, Instant at)
      implements KeyEvent {
    @Override
    public String type() {
      return "key.destroyed.v1";
    }
  }
}
