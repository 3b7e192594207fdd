package io.vigie.audit.siem;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Facts about what SIEMs get. */
public sealed interface SiemEvent extends DomainEvent {

  /**
   * An operator had a feed go on elsewhere.
   *
   * @param aggregateId this move
   * @param target {@code kafka}, or {@code syslog-<name>}
   * @param from the index that would have been sent next
   * @param to the index that is sent next
   */
  record PositionMoved(UUID aggregateId, String target, long from, long to, Instant at)
      implements SiemEvent {
    @Override
    public String type() {
      return "audit.siem-position-moved.v1";
    }
  }
}
