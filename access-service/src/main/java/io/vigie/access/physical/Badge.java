package io.vigie.access.physical;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/** What one person opens doors with (R6.2). It is never another's. */
@Entity
public class Badge extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String number;

  @Column(name = "person_id")
  private UUID person;

  @Enumerated(EnumType.STRING)
  private BadgeState state;

  @Column(name = "issued_by")
  private String issuedBy;

  @Column(name = "issued_at")
  private Instant issuedAt;

  private UUID replaces;

  @Column(name = "ended_by")
  private String endedBy;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "ended_reason")
  private String endedReason;

  @Column(name = "changed_at")
  private Instant changedAt;

  protected Badge() {}

  /**
   * A badge for {@code holder}, whom {@code issuer} is not.
   *
   * @param replaces the badge that it takes the place of, or null
   */
  Badge(String number, Person holder, UUID replaces, String issuer, Instant at) {
    if (holder.isHolder(issuer)) {
      throw Problem.unprocessable("own-badge", "Somebody else must give you a badge.");
    }
    this.id = Ids.next();
    this.number = number;
    this.person = holder.id();
    this.state = BadgeState.ACTIVE;
    this.issuedBy = issuer;
    this.issuedAt = at;
    this.changedAt = at;
    this.replaces = replaces;
  }

  /** The badge, or 404. */
  static Uni<Badge> require(UUID id) {
    return Badge.<Badge>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No badge has this id."));
  }

  /** The badge in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Badge> require(UUID id, String ifMatch) {
    return require(id).invoke(badge -> ETag.require(ifMatch, badge.version));
  }

  BadgeEvent issued() {
    return new BadgeEvent.Issued(id, person, number, replaces, issuedAt);
  }

  /** It opens nothing from then on. A revoked badge can be lost, too. */
  BadgeEvent lose(String by, Instant at) {
    if (state != BadgeState.ACTIVE && state != BadgeState.REVOKED) {
      throw wrongState("An active or revoked badge");
    }
    end("Lost.", by, at);
    state = BadgeState.LOST;
    changedAt = at;
    return new BadgeEvent.Lost(id, person, number, at);
  }

  BadgeEvent revoke(String reason, String by, Instant at) {
    if (state != BadgeState.ACTIVE) {
      throw wrongState("An active badge");
    }
    end(reason, by, at);
    state = BadgeState.REVOKED;
    changedAt = at;
    return new BadgeEvent.Revoked(id, person, number, reason, at);
  }

  /** It is back: handed in, or found. */
  BadgeEvent giveBack(String by, Instant at) {
    if (state == BadgeState.RETURNED) {
      throw wrongState("A badge that somebody has");
    }
    end("Returned.", by, at);
    state = BadgeState.RETURNED;
    changedAt = at;
    return new BadgeEvent.Returned(id, person, number, at);
  }

  /** Since when it opens nothing, and why, is said once. */
  private void end(String reason, String by, Instant at) {
    if (endedAt == null) {
      endedReason = reason;
      endedBy = by;
      endedAt = at;
    }
  }

  private Problem wrongState(String needed) {
    return Problem.conflict(
        "badge-" + state.name().toLowerCase(Locale.ROOT),
        needed + " is needed; this one is " + state + ".");
  }

  /** Whether it opened doors at that time. */
  boolean wasActive(Instant time) {
    return !time.isBefore(issuedAt) && (endedAt == null || time.isBefore(endedAt));
  }

  @Override
  public String kind() {
    return "badge";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(
        number, person, state, replaces, issuedBy, issuedAt, endedBy, endedAt, changedAt);
  }

  String endedReason() {
    return endedReason;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a badge; people are subjects and ids.
   *
   * @param endedAt since when it opens nothing, or null
   */
  public record State(
      String number,
      UUID person,
      BadgeState state,
      UUID replaces,
      String issuedBy,
      Instant issuedAt,
      String endedBy,
      Instant endedAt,
      Instant changedAt) {}
}
