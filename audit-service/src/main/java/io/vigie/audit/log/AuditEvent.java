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
}
