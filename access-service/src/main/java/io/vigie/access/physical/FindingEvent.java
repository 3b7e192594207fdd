package io.vigie.access.physical;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to findings of inspections, told without what people wrote of them. */
public sealed interface FindingEvent extends DomainEvent {

  /** {@code assignee} is the person who has to set it right by {@code dueOn}. */
  record Raised(
      UUID aggregateId,
      UUID inspection,
      UUID zone,
      FindingCategory category,
      UUID assignee,
      LocalDate dueOn,
      Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "inspection-finding.raised.v1";
    }
  }

  record Resolved(UUID aggregateId, UUID inspection, UUID assignee, Instant at)
      implements FindingEvent {
    @Override
    public String type() {
      return "inspection-finding.resolved.v1";
    }
  }
}
