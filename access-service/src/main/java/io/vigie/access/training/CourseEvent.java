package io.vigie.access.training;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to courses. */
public sealed interface CourseEvent extends DomainEvent {

  record Created(UUID aggregateId, String code, List<String> rules, Instant at)
      implements CourseEvent {
    @Override
    public String type() {
      return "course.created.v1";
    }
  }

  /** What it is from now on is in the changes. */
  record Changed(UUID aggregateId, String code, Instant at) implements CourseEvent {
    @Override
    public String type() {
      return "course.changed.v1";
    }
  }

  record Retired(UUID aggregateId, String code, String reason, Instant at) implements CourseEvent {
    @Override
    public String type() {
      return "course.retired.v1";
    }
  }
}
