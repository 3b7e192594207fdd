package io.vigie.audit.control;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.SnapshotSource;

/** All attestations, for read models that start from nothing. */
@ApplicationScoped
class AttestationSnapshots implements SnapshotSource {

  @Override
  public Uni<List<ControlAttestation>> page(UUID after, int limit) {
    return ControlAttestation.<ControlAttestation>find(
            "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .range(0, limit - 1)
        .list();
  }
}
