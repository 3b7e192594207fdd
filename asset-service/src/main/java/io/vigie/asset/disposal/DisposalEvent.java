package io.vigie.asset.disposal;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact of the disposal procedure. Who acted is the actor of each. */
public sealed interface DisposalEvent extends DomainEvent {

  record Requested(UUID aggregateId, UUID asset, String reason, List<Item> media, Instant at)
      implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.requested.v1";
    }
  }

  record Approved(UUID aggregateId, UUID asset, Instant at) implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.approved.v1";
    }
  }

  /** It was refused, or given up. The asset stays retired. */
  record Ended(UUID aggregateId, UUID asset, boolean refused, String reason, Instant at)
      implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.ended.v1";
    }
  }

  /** {@code sha256} is of the file, in hexadecimal. */
  record EvidenceAdded(
      UUID aggregateId, UUID asset, String sha256, String mediaType, int bytes, Instant at)
      implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.evidence-added.v1";
    }
  }

  record MediumSanitised(UUID aggregateId, UUID asset, int number, Method method, Instant at)
      implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.medium-sanitised.v1";
    }
  }

  /** {@code passed} is false where something could still be read: it is to be sanitised again. */
  record MediumVerified(
      UUID aggregateId, UUID asset, int number, boolean passed, String how, Instant at)
      implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.medium-verified.v1";
    }
  }

  /** The asset is gone. */
  record Completed(UUID aggregateId, UUID asset, String recipient, Instant at)
      implements DisposalEvent {
    @Override
    public String type() {
      return "disposal.completed.v1";
    }
  }
}
