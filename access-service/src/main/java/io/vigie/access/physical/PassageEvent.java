package io.vigie.access.physical;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to the records of doors, which are facts and no aggregates. */
public sealed interface PassageEvent extends DomainEvent {

  /**
   * The time for which they are kept is over: {@code passages} of {@code before} were deleted.
   * {@code aggregateId} is this deletion's own.
   */
  record Purged(UUID aggregateId, long passages, Instant before, Instant at)
      implements PassageEvent {
    @Override
    public String type() {
      return "passage.purged.v1";
    }
  }
}
