package io.vigie.kernel.outbox;

import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;

/** One kind of aggregate whose current state can be published again, page by page. */
public interface SnapshotSource {

  /**
   * Up to {@code limit} aggregates with an id above {@code after} (null: from the first), by id.
   */
  Uni<? extends List<? extends Aggregate>> page(UUID after, int limit);
}
