package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to attendances, each of one person at one course. */
public sealed interface AttendanceEvent extends DomainEvent {

  /**
   * @param contentVersion of what was taught
   * @param validUntil the last day on which it counts; null for ever
   */
  record Attended(
      UUID aggregateId,
      UUID person,
      UUID course,
      String contentVersion,
      LocalDate attendedOn,
      LocalDate validUntil,
      AttendanceWay way,
      Instant at)
      implements AttendanceEvent {
    @Override
    public String type() {
      return "course.attended.v1";
    }
  }

  /** It was recorded in error, and its certificate counts for nothing. */
  record Annulled(UUID aggregateId, UUID person, UUID course, String reason, Instant at)
      implements AttendanceEvent {
    @Override
    public String type() {
      return "course.attendance-annulled.v1";
    }
  }
}
