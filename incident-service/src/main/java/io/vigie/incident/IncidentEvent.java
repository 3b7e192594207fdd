package io.vigie.incident;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact that incident-service publishes, on security events and on incidents. */
public sealed interface IncidentEvent extends DomainEvent {

  /**
   * From {@code occurredAt} to {@code at} is the delay that R13.4 measures; {@code asset} and
   * {@code category} are null where the report does not tell. {@code causeEvent} is the event of
   * another service that it follows from, about {@code causeSubject}; both are null where somebody
   * reported it.
   */
  record Reported(
      UUID aggregateId,
      String reporter,
      UUID asset,
      Category category,
      UUID causeEvent,
      String causeSubject,
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

  /** It is of the incident, which is worked already; {@code entry} of its timeline says why. */
  record ReportMerged(UUID aggregateId, UUID incident, UUID entry, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "security-event.merged.v1";
    }
  }

  /**
   * {@code at} is also when the agency became aware of it, at the latest. From when a legal clock
   * is counted its classification says.
   */
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

  /**
   * The step that led {@code to} a state was done at {@code reachedAt}, and not at {@code
   * previousReachedAt} as was said before.
   */
  record StepCorrected(
      UUID aggregateId, IncidentState to, Instant reachedAt, Instant previousReachedAt, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.step-corrected.v1";
    }
  }

  record Assigned(UUID aggregateId, String assignee, String previousAssignee, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.assigned.v1";
    }
  }

  /** {@code severity} is what the policy's table makes of impact and urgency. */
  record Assessed(
      UUID aggregateId,
      Category category,
      Tlp tlp,
      Impact impact,
      Urgency urgency,
      int severity,
      int previousSeverity,
      Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.assessed.v1";
    }
  }

  /** Of people it says how many: which ones is about them, and stays here. */
  record AffectedNamed(
      UUID aggregateId, List<UUID> assets, List<UUID> clients, int people, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.affected-named.v1";
    }
  }

  record TaskAdded(
      UUID aggregateId, UUID task, TaskKind kind, String assignee, Instant dueAt, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.task-added.v1";
    }
  }

  record TaskDone(UUID aggregateId, UUID task, TaskKind kind, String assignee, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.task-done.v1";
    }
  }

  record TaskCancelled(UUID aggregateId, UUID task, TaskKind kind, String assignee, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.task-cancelled.v1";
    }
  }

  /** {@code supersedes} is the entry that this one corrects, or null. */
  record Noted(UUID aggregateId, UUID entry, EntryKind kind, UUID supersedes, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.noted.v1";
    }
  }

  /** Which regimes of notification it falls under, and since when the agency is aware of it. */
  record Classified(UUID aggregateId, List<String> regimes, Instant awareAt, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.classified.v1";
    }
  }

  /** {@code entry} of the timeline says why. */
  record DeclaredMajor(UUID aggregateId, UUID entry, Instant at) implements IncidentEvent {
    @Override
    public String type() {
      return "incident.declared-major.v1";
    }
  }

  /** {@code previousPerson} had the role before; null where nobody did. */
  record CrisisRoleGiven(
      UUID aggregateId, CrisisRole role, UUID person, UUID previousPerson, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.crisis-role-given.v1";
    }
  }

  /** It is closed, as {@code to} says; {@code into} has its work. */
  record Merged(UUID aggregateId, UUID into, IncidentState from, IncidentState to, Instant at)
      implements IncidentEvent {
    @Override
    public String type() {
      return "incident.merged.v1";
    }
  }

  /** {@code readers} accounts, and the CISO, may know of it. */
  record Restricted(UUID aggregateId, int readers, Instant at) implements IncidentEvent {
    @Override
    public String type() {
      return "incident.restricted.v1";
    }
  }

  record RestrictionLifted(UUID aggregateId, Instant at) implements IncidentEvent {
    @Override
    public String type() {
      return "incident.restriction-lifted.v1";
    }
  }
}
