package io.vigie.asset.site;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What becomes of the closing of a site. */
public sealed interface ClosureEvent extends DomainEvent {

  record Announced(
      UUID aggregateId, UUID site, LocalDate closesOn, String reason, long assets, Instant at)
      implements ClosureEvent {
    @Override
    public String type() {
      return "site-closure.announced.v1";
    }
  }

  record Completed(UUID aggregateId, UUID site, Instant at) implements ClosureEvent {
    @Override
    public String type() {
      return "site-closure.completed.v1";
    }
  }

  record Cancelled(UUID aggregateId, UUID site, String reason, Instant at) implements ClosureEvent {
    @Override
    public String type() {
      return "site-closure.cancelled.v1";
    }
  }
}
