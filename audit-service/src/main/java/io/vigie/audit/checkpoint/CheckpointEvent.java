package io.vigie.audit.checkpoint;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Facts about how the log signs. */
public sealed interface CheckpointEvent extends DomainEvent {

  /**
   * A new key signs beside the old one, and will take over. Keys are vkeys (C2SP signed-note).
   *
   * @param aggregateId this change
   */
  record KeyRotated(
      UUID aggregateId, String oldKeyId, String oldKey, String newKeyId, String newKey, Instant at)
      implements CheckpointEvent {
    @Override
    public String type() {
      return "audit.key-rotated.v1";
    }
  }
}
