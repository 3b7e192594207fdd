package io.vigie.backup.run;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact about runs. */
public sealed interface RunEvent extends DomainEvent {

  /** A tool reported a run of {@code plan}; where the copy is stays here. */
  record Reported(
      UUID aggregateId,
      UUID plan,
      UUID asset,
      RunReport.Outcome outcome,
      Instant startedAt,
      Instant endedAt,
      Long bytes,
      SizeAnomaly anomaly,
      String sha256,
      Instant at)
      implements RunEvent {
    @Override
    public String type() {
      return "backup-run.reported.v1";
    }
  }

  /** {@code test} showed that its copy can be restored. */
  record Verified(UUID aggregateId, UUID plan, UUID asset, UUID test, Instant at)
      implements RunEvent {
    @Override
    public String type() {
      return "backup-run.verified.v1";
    }
  }

  /** The account {@code prunedBy} of a tool says that it deleted its copy. */
  record Pruned(
      UUID aggregateId,
      UUID plan,
      UUID asset,
      String prunedBy,
      PruneReason reason,
      Instant prunedAt,
      Instant at)
      implements RunEvent {
    @Override
    public String type() {
      return "backup-run.pruned.v1";
    }
  }

  /** {@code test} showed that its copy cannot be restored, or not as it was. */
  record FoundUnusable(UUID aggregateId, UUID plan, UUID asset, UUID test, Instant at)
      implements RunEvent {
    @Override
    public String type() {
      return "backup-run.found-unusable.v1";
    }
  }
}
