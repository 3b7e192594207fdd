package io.vigie.incident.alert;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What happens to alerts. That the same is told again is no event, so that no source can fill the
 * log.
 */
public sealed interface AlertEvent extends DomainEvent {

  /**
   * From {@code startedAt} to {@code at} is the delay that R14.1 measures; {@code asset} is null
   * where no label names one. {@code causeEvent} is the event of another service that it begins
   * with, about {@code causeSubject}; both are null where monitoring told.
   */
  record Fired(
      UUID aggregateId,
      String source,
      String rule,
      Severity severity,
      String fingerprint,
      UUID asset,
      UUID causeEvent,
      String causeSubject,
      Instant startedAt,
      Instant at)
      implements AlertEvent {
    @Override
    public String type() {
      return "monitoring-alert.fired.v1";
    }
  }

  /** Soon after it was resolved. */
  record FiredAgain(UUID aggregateId, String rule, Severity severity, int flaps, Instant at)
      implements AlertEvent {
    @Override
    public String type() {
      return "monitoring-alert.fired-again.v1";
    }
  }

  /** It came and went so often that from now on its source's word does not resolve it at once. */
  record Flapping(UUID aggregateId, String rule, Severity severity, int flaps, Instant at)
      implements AlertEvent {
    @Override
    public String type() {
      return "monitoring-alert.flapping.v1";
    }
  }

  record Acknowledged(UUID aggregateId, String rule, Severity severity, Instant at)
      implements AlertEvent {
    @Override
    public String type() {
      return "monitoring-alert.acknowledged.v1";
    }
  }

  /**
   * Nobody acknowledged it in time, and the next in the policy's chain is told: at this {@code
   * step}, from 1, the mailbox of {@code role}, or whoever is on call where that is null.
   */
  record Escalated(
      UUID aggregateId, String rule, Severity severity, int step, String role, Instant at)
      implements AlertEvent {
    @Override
    public String type() {
      return "monitoring-alert.escalated.v1";
    }
  }

  /**
   * {@code occurrences} and {@code flaps} count since it fired first. {@code causeEvent} is the
   * event of another service that says that it is over, about {@code causeSubject}; both are null
   * where none does.
   */
  record Resolved(
      UUID aggregateId,
      String rule,
      Severity severity,
      Resolution resolution,
      long occurrences,
      int flaps,
      UUID causeEvent,
      String causeSubject,
      Instant firedAt,
      Instant at)
      implements AlertEvent {
    @Override
    public String type() {
      return "monitoring-alert.resolved.v1";
    }
  }
}
