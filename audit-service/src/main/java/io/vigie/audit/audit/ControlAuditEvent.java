package io.vigie.audit.audit;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What becomes of audits, of what they find and of what they ask for; who did it is the event's
 * actor.
 */
public sealed interface ControlAuditEvent extends DomainEvent {

  /**
   * An audit of {@code rules}, or of what is done for {@code clients}, or of both.
   *
   * @param auditor the subject of the auditor's account
   */
  record Planned(
      UUID aggregateId,
      String title,
      AuditKind kind,
      List<String> rules,
      List<UUID> clients,
      String auditor,
      Instant periodFrom,
      Instant periodUntil,
      Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.planned.v1";
    }
  }

  record Begun(UUID aggregateId, AuditKind kind, Instant at) implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.begun.v1";
    }
  }

  /** {@code owner} is the subject who is to act by {@code dueAt}. */
  record FindingRaised(
      UUID aggregateId,
      UUID finding,
      String reference,
      String rule,
      FindingSeverity severity,
      String owner,
      Instant dueAt,
      Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.finding-raised.v1";
    }
  }

  /** Its owner took corrective action, {@code late} after the due date. */
  record FindingActedOn(UUID aggregateId, UUID finding, boolean late, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.finding-acted-on.v1";
    }
  }

  /** Somebody else looked; where it was not {@code effective} the owner is to act again. */
  record FindingVerified(UUID aggregateId, UUID finding, boolean effective, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.finding-verified.v1";
    }
  }

  /** It stays as it is; the reason stays in the service. */
  record FindingAccepted(UUID aggregateId, UUID finding, Instant at) implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.finding-accepted.v1";
    }
  }

  record Closed(UUID aggregateId, AuditKind kind, int findings, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.closed.v1";
    }
  }

  /** It does not take place, or no more; its findings stay, and the reason in the service. */
  record Cancelled(UUID aggregateId, AuditKind kind, int findings, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.cancelled.v1";
    }
  }

  /**
   * The auditor asks for evidence, which is due at {@code dueAt}; what they ask stays in the
   * service.
   *
   * @param rule that it is about; null where it is about none
   * @param object that it is about, as {@code <kind>/<id>}; null where it is about none
   */
  record EvidenceAsked(
      UUID aggregateId, UUID request, String rule, String object, Instant dueAt, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.evidence-asked.v1";
    }
  }

  /** {@code assignee} is the subject who is to answer. */
  record EvidenceAssigned(UUID aggregateId, UUID request, String assignee, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.evidence-assigned.v1";
    }
  }

  /**
   * It was answered, {@code late} after it was due; the words stay in the service.
   *
   * @param entries of the log that are the evidence, by their indexes
   * @param objects about which the log has it, as {@code <kind>/<id>}
   */
  record EvidenceAnswered(
      UUID aggregateId,
      UUID request,
      List<Long> entries,
      List<String> objects,
      boolean late,
      Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.evidence-answered.v1";
    }
  }

  /** The auditor looked; where it was not {@code accepted} it is to be answered again. */
  record EvidenceReviewed(UUID aggregateId, UUID request, boolean accepted, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.evidence-reviewed.v1";
    }
  }

  /** The auditor needs it no more; the reason stays in the service. */
  record EvidenceWithdrawn(UUID aggregateId, UUID request, Instant at)
      implements ControlAuditEvent {
    @Override
    public String type() {
      return "control-audit.evidence-withdrawn.v1";
    }
  }
}
