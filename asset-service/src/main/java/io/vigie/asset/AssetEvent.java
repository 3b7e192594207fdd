package io.vigie.asset;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact that asset-service publishes. */
public sealed interface AssetEvent extends DomainEvent {

  record Registered(UUID aggregateId, AssetKind kind, boolean production, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.registered.v1";
    }
  }

  record Classified(UUID aggregateId, Classification classification, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.classified.v1";
    }
  }

  record OwnerAssigned(UUID aggregateId, UUID owner, UUID previousOwner, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.owner-assigned.v1";
    }
  }

  /** The owner left; somebody must take the asset over until {@code reassignBy}. */
  record ReassignmentRequested(UUID aggregateId, UUID owner, Instant reassignBy, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.reassignment-requested.v1";
    }
  }

  record Commissioned(UUID aggregateId, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.commissioned.v1";
    }
  }

  /** {@code digest} is the SHA-256 of the inventory document, in hexadecimal. */
  record Inventoried(
      UUID aggregateId,
      Instant collectedAt,
      String digest,
      int packages,
      int listeningPorts,
      Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.inventoried.v1";
    }
  }

  record Lost(
      UUID aggregateId, boolean stolen, String circumstances, Instant occurredAt, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.lost.v1";
    }
  }

  record Retired(UUID aggregateId, String reason, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.retired.v1";
    }
  }
}
