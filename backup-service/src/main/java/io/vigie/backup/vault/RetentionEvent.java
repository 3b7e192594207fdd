package io.vigie.backup.vault;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of decisions until when copies of an asset are kept. */
public sealed interface RetentionEvent extends DomainEvent {

  /** {@code client} is null for a disposal. */
  record Made(
      UUID aggregateId,
      UUID asset,
      RetentionCause cause,
      UUID client,
      Instant keepUntil,
      Instant at)
      implements RetentionEvent {
    @Override
    public String type() {
      return "retention-decision.made.v1";
    }
  }

  /** Copies are kept no longer, and nobody has proven yet that they are gone. */
  record Due(
      UUID aggregateId,
      UUID asset,
      RetentionCause cause,
      UUID client,
      Instant keepUntil,
      Instant at)
      implements RetentionEvent {
    @Override
    public String type() {
      return "retention-decision.due.v1";
    }
  }

  /** {@code copies} there were, and {@code sha256} is of the file that shows that none is left. */
  record Proven(
      UUID aggregateId,
      UUID asset,
      RetentionCause cause,
      UUID client,
      long copies,
      String sha256,
      Instant at)
      implements RetentionEvent {
    @Override
    public String type() {
      return "retention-decision.proven.v1";
    }
  }

  /** The asset is back: the decision about its disposal holds no longer. */
  record Ended(UUID aggregateId, UUID asset, Instant at) implements RetentionEvent {
    @Override
    public String type() {
      return "retention-decision.ended.v1";
    }
  }
}
