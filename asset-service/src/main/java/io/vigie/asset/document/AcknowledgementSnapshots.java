package io.vigie.asset.document;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.SnapshotSource;

/**
 * All acknowledgements, for read models that start from nothing. None ever changes, so none is
 * locked.
 */
@ApplicationScoped
class AcknowledgementSnapshots implements SnapshotSource {

  @Override
  public Uni<List<Acknowledgement>> page(UUID after, int limit) {
    return Acknowledgement.<Acknowledgement>find(
            "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
        .range(0, limit - 1)
        .list();
  }
}
