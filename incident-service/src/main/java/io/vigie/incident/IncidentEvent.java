package io.vigie.incident;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact that incident-service publishes, on security events and on incidents. */
public sealed interface IncidentEvent extends DomainEvent {

  /**
   * From {@code occurredAt} to {@code at} is the delay that R13.4 measures; {@code asset} and
   * {@code category} are null where the report does not tell.
   */
  record Reported(
      UUID aggregateId,
      String reporter,
      UUID asset,
      Category category,
      Instant occurredAt,
      Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "security-event.reported.v1";
    }
  }

  record Dismissed(UUID aggregateId, String reason, Instant at) implements IncidentEvent {
    @Override
    public String type() {
      return "security-event.dismissed.v1";
    }
  }

  record Promoted(UUID aggregateId, UUID incident, Instant at) implements IncidentEvent {
    @Override
    public String type() {
      return "security-event.promoted.v1";
    }
  }

  /** {@code at} is also when the agency became aware: legal clocks start there. */
  record Opened(
      UUID aggregateId,
      UUID securityEvent,
      UUID asset,
      Category category,
      int severity,
      Tlp tlp,
      Instant occurredAt,
      Instant detectedAt,
      Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.opened.v1";
    }
  }

  /** {@code reachedAt} is when the step was done, {@code at} when it was recorded. */
  record Advanced(
      UUID aggregateId, IncidentState from, IncidentState to, Instant reachedAt, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.advanced.v1";
    }
  }

  record Assigned(UUID aggregateId, String assignee, String previousAssignee, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.assigned.v1";
    }
  }
}
