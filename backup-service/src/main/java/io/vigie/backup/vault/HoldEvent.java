package io.vigie.backup.vault;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of holds, under which no copy of an asset is deleted. */
public sealed interface HoldEvent extends DomainEvent {

  /** {@code run} made the last verified copy from before; null where none is known. */
  record Placed(
      UUID aggregateId, UUID asset, UUID incident, Instant compromisedSince, UUID run, Instant at)
      implements HoldEvent {
    @Override
    public String type() {
      return "backup-hold.placed.v1";
    }
  }

  /** {@code run} made the last verified copy from before; null where none is known any more. */
  record Pinned(UUID aggregateId, UUID asset, UUID incident, UUID run, Instant at)
      implements HoldEvent {
    @Override
    public String type() {
      return "backup-hold.pinned.v1";
    }
  }

  record Lifted(UUID aggregateId, UUID asset, UUID incident, Instant at) implements HoldEvent {
    @Override
    public String type() {
      return "backup-hold.lifted.v1";
    }
  }
}
