package io.vigie.access.physical;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to rounds of inspection. */
public sealed interface InspectionEvent extends DomainEvent {

  /** {@code findings} is how many there are; each has events of its own. */
  record Recorded(UUID aggregateId, UUID zone, LocalDate inspectedOn, int findings, Instant at)
      implements InspectionEvent {
    @Override
    public String type() {
      return "inspection.recorded.v1";
    }
  }
}
