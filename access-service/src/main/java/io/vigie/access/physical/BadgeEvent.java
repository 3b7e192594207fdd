package io.vigie.access.physical;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to badges. Each says all that the doors need to carry it out. */
public sealed interface BadgeEvent extends DomainEvent {

  /** {@code replaces} is the badge that it takes the place of, or null. */
  record Issued(UUID aggregateId, UUID person, String number, UUID replaces, Instant at)
      implements BadgeEvent {
    @Override
    public String type() {
      return "badge.issued.v1";
    }
  }

  /** Whoever finds it opens no door with it from now on. */
  record Lost(UUID aggregateId, UUID person, String number, Instant at) implements BadgeEvent {
    @Override
    public String type() {
      return "badge.lost.v1";
    }
  }

  record Revoked(UUID aggregateId, UUID person, String number, String reason, Instant at)
      implements BadgeEvent {
    @Override
    public String type() {
      return "badge.revoked.v1";
    }
  }

  record Returned(UUID aggregateId, UUID person, String number, Instant at) implements BadgeEvent {
    @Override
    public String type() {
      return "badge.returned.v1";
    }
  }

  /**
   * A badge was held to a door, and should not have been. It is about one passage.
   *
   * @param badge null where the number is no badge's
   * @param visit the visit for which the badge was worn, or null
   * @param person the badge's holder, or null
   * @param granted whether the door opened
   * @param passedAt when that was
   */
  record Misused(
      UUID aggregateId,
      BadgeMisuse misuse,
      String number,
      UUID badge,
      UUID visit,
      UUID person,
      UUID zone,
      String door,
      PassageDirection direction,
      boolean granted,
      Instant passedAt,
      Instant at)
      implements BadgeEvent {
    @Override
    public String type() {
      return "badge.misused.v1";
    }
  }
}
