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

  /**
   * Entry 0 of a log that goes on where another cannot: after a loss, or a fork.
   *
   * @param aggregateId this succession, and the event's own id
   * @param lastCheckpoint the signed note that was the last one published of the predecessor
   * @param restoredSize entries of the predecessor that were left, and follow behind this one
   * @param restoredRoot root of the tree of those, in base64
   * @param lostFrom the predecessor's first index that was published and is not there; null when
   *     all are
   * @param lostTo the last one
   * @param altered whether none is missing, and yet they are not those that were published
   */
  record LogSucceeded(
      UUID aggregateId,
      String origin,
      String predecessor,
      String reason,
      String lastCheckpoint,
      long restoredSize,
      String restoredRoot,
      Long lostFrom,
      Long lostTo,
      boolean altered,
      Instant at)
      implements CheckpointEvent {
    @Override
    public String type() {
      return "audit.log-succeeded.v1";
    }
  }
}
