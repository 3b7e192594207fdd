package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** That somebody fell overdue with a course, and how that ended. */
public sealed interface LapseEvent extends DomainEvent {

  /** {@code dueOn} was the last day on which it was in time. */
  record Overdue(UUID aggregateId, UUID person, UUID course, LocalDate dueOn, Instant at)
      implements LapseEvent {
    @Override
    public String type() {
      return "training.overdue.v1";
    }
  }

  /** {@code validUntil} is null where the certificate counts for ever. */
  record Renewed(UUID aggregateId, UUID person, UUID course, LocalDate validUntil, Instant at)
      implements LapseEvent {
    @Override
    public String type() {
      return "training.renewed.v1";
    }
  }

  /** The course is asked of the person no more, or not yet: they left, moved, or it changed. */
  record Lifted(UUID aggregateId, UUID person, UUID course, Instant at) implements LapseEvent {
    @Override
    public String type() {
      return "training.lifted.v1";
    }
  }
}
