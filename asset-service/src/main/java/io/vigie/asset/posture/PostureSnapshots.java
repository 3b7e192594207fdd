package io.vigie.asset.posture;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.SnapshotSource;

/** All postures that anything was ever published of, for read models that start from nothing. */
@ApplicationScoped
class PostureSnapshots implements SnapshotSource {

  @Override
  public Uni<List<Posture>> page(UUID after, int limit) {
    return Posture.<Posture>find(
            "journal.eventNumber > 0 and id > ?1 order by id",
            after == null ? new UUID(0, 0) : after)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .range(0, limit - 1)
        .list();
  }
}
