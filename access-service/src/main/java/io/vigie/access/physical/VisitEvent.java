package io.vigie.access.physical;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to visits, told without the visitor's name; {@code host} is a person. */
public sealed interface VisitEvent extends DomainEvent {

  record Planned(
      UUID aggregateId,
      UUID host,
      VisitorKind visitorKind,
      List<UUID> zones,
      String purpose,
      Instant plannedFrom,
      Instant plannedUntil,
      Instant at)
      implements VisitEvent {
    @Override
    public String type() {
      return "visit.planned.v1";
    }
  }

  record Approved(UUID aggregateId, UUID host, List<UUID> zones, Instant plannedUntil, Instant at)
      implements VisitEvent {
    @Override
    public String type() {
      return "visit.approved.v1";
    }
  }

  record Refused(UUID aggregateId, UUID host, String reason, Instant at) implements VisitEvent {
    @Override
    public String type() {
      return "visit.refused.v1";
    }
  }

  record Cancelled(UUID aggregateId, UUID host, String reason, Instant at) implements VisitEvent {
    @Override
    public String type() {
      return "visit.cancelled.v1";
    }
  }

  record Expired(UUID aggregateId, UUID host, Instant at) implements VisitEvent {
    @Override
    public String type() {
      return "visit.expired.v1";
    }
  }

  /** {@code badge} is the number of the badge that the visitor wears, or null. */
  record Arrived(UUID aggregateId, UUID host, List<UUID> zones, String badge, Instant at)
      implements VisitEvent {
    @Override
    public String type() {
      return "visit.arrived.v1";
    }
  }

  /** Somebody is still there after the end of the plan; told once. */
  record Overstayed(UUID aggregateId, UUID host, Instant plannedUntil, Instant at)
      implements VisitEvent {
    @Override
    public String type() {
      return "visit.overstayed.v1";
    }
  }

  /** The time for which it is kept who came is over: name and company are forgotten. */
  record VisitorForgotten(UUID aggregateId, UUID host, Instant at) implements VisitEvent {
    @Override
    public String type() {
      return "visit.visitor-forgotten.v1";
    }
  }

  record Left(UUID aggregateId, UUID host, Instant at) implements VisitEvent {
    @Override
    public String type() {
      return "visit.left.v1";
    }
  }
}
