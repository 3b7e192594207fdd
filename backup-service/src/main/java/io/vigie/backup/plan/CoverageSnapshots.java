package io.vigie.backup.plan;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.SnapshotSource;

/** The coverage of all assets of which something was told, for read models that start anew. */
@ApplicationScoped
class CoverageSnapshots implements SnapshotSource {

  @Override
  public Uni<List<AssetCoverage>> page(UUID after, int limit) {
    return AssetCoverage.<AssetCoverage>find(
            "journal.eventNumber > 0 and id > ?1 order by id",
            after == null ? new UUID(0, 0) : after)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .range(0, limit - 1)
        .list();
  }
}
