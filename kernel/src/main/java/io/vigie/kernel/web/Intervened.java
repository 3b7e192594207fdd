package io.vigie.kernel.web;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * An operator set something going again.
 *
 * @param act {@code unblock}, {@code replay} or {@code snapshots}
 * @param target the id of the blocked fact or the parked event; null for snapshots
 */
record Intervened(UUID aggregateId, String act, Long target, Instant at) implements DomainEvent {
  @Override
  public String type() {
    return "operator.intervened.v1";
  }
}
