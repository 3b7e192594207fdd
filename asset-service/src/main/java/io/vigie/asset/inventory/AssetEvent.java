package io.vigie.asset.inventory;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact that the register publishes. */
public sealed interface AssetEvent extends DomainEvent {

  /** A tool found it, and the register did not have it. */
  record Discovered(UUID aggregateId, String kind, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.discovered.v1";
    }
  }

  /** What was discovered is the agency's. */
  record Adopted(UUID aggregateId, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.adopted.v1";
    }
  }

  /** What was discovered is not the agency's. */
  record Rejected(UUID aggregateId, String reason, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.rejected.v1";
    }
  }

  record Registered(UUID aggregateId, String kind, boolean production, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.registered.v1";
    }
  }

  /** What changed is in the merge patch. */
  record Described(UUID aggregateId, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.described.v1";
    }
  }

  record Classified(UUID aggregateId, Classification classification, String rationale, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.classified.v1";
    }
  }

  /** What depends on it asks for these levels at least; null where nothing does. */
  record LevelsInherited(UUID aggregateId, Classification inherited, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.levels-inherited.v1";
    }
  }

  record DependenciesChanged(
      UUID aggregateId,
      List<UUID> added,
      List<UUID> removed,
      List<UUID> suppliersAdded,
      List<UUID> suppliersRemoved,
      Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.dependencies-changed.v1";
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

  record Placed(UUID aggregateId, UUID zone, UUID previousZone, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.placed.v1";
    }
  }

  /** It waits for the signature of whoever got it. */
  record HandedOver(UUID aggregateId, UUID to, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.handed-over.v1";
    }
  }

  /** The custodian said, under their own account, that they have it. */
  record HandoverSigned(UUID aggregateId, UUID custodian, UUID previousCustodian, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.handover-signed.v1";
    }
  }

  record TakenBack(UUID aggregateId, UUID from, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.taken-back.v1";
    }
  }

  /** What was ordered is here. */
  record Received(UUID aggregateId, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.received.v1";
    }
  }

  record Commissioned(UUID aggregateId, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.commissioned.v1";
    }
  }

  /** Out of service, and in stock. */
  record Shelved(UUID aggregateId, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.shelved.v1";
    }
  }

  record SentToRepair(UUID aggregateId, String fault, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.sent-to-repair.v1";
    }
  }

  /** {@code digest} is the SHA-256 of the report, in hexadecimal. */
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

  /**
   * {@code examples} are the first of each, up to a bound, as "+ name version", "- …" and "~ …".
   */
  record SoftwareChanged(
      UUID aggregateId, int added, int removed, int updated, List<String> examples, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.software-changed.v1";
    }
  }

  /** Somebody tried an alarm. {@code note} is what was tried or what failed, or null. */
  record AlarmTested(
      UUID aggregateId, Instant testedAt, AlarmTest.Outcome outcome, String note, Instant at)
      implements AssetEvent {
    @Override
    public String type() {
      return "asset.alarm-tested.v1";
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

  record Recovered(UUID aggregateId, String circumstances, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.recovered.v1";
    }
  }

  record Retired(UUID aggregateId, String reason, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.retired.v1";
    }
  }

  record Sanitised(UUID aggregateId, UUID disposal, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.sanitised.v1";
    }
  }

  record Disposed(UUID aggregateId, UUID disposal, Instant at) implements AssetEvent {
    @Override
    public String type() {
      return "asset.disposed.v1";
    }
  }
}
