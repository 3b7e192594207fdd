package io.vigie.audit.log;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact that audit-service publishes. */
public sealed interface AuditEvent extends DomainEvent {

  /**
   * Somebody read payloads: of entries {@code first} to {@code last}.
   *
   * @param aggregateId this reading
   */
  record LogRead(UUID aggregateId, long first, long last, Instant at) implements AuditEvent {
    @Override
    public String type() {
      return "audit.log-read.v1";
    }
  }

  /**
   * Somebody read what happened to an object whose history is sensitive.
   *
   * @param aggregateId this reading
   * @param object the object, as {@code <kind>/<id>}
   */
  record HistoryRead(UUID aggregateId, String object, Instant at) implements AuditEvent {
    @Override
    public String type() {
      return "audit.history-read.v1";
    }
  }

  /**
   * Somebody took an export of the log: of entries {@code from} to {@code to - 1}, {@code count} of
   * them with their payloads.
   *
   * @param aggregateId this export
   * @param filter which of them, in words
   */
  record LogExported(UUID aggregateId, long from, long to, String filter, long count, Instant at)
      implements AuditEvent {
    @Override
    public String type() {
      return "audit.log-exported.v1";
    }
  }
}
