package io.vigie.access.approval;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.SnapshotSource;

/** All delegations, for read models that start from nothing. */
@ApplicationScoped
class DelegationSnapshots implements SnapshotSource {

  @Override
  public Uni<List<Delegation>> page(UUID after, int limit) {
    return Delegation.<Delegation>find(
            "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .range(0, limit - 1)
        .list();
  }
}
