package io.vigie.access.physical;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
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
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/** That somebody from elsewhere comes to the premises, from the plan on (R6.4). */
@Entity
public class Visit extends PanacheEntityBase implements Aggregate {

  /** How long before the plan a visitor may be let in. */
  static final Duration EARLY = Duration.ofHours(1);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Enumerated(EnumType.STRING)
  @Column(name = "visitor_kind")
  private VisitorKind visitorKind;

  /** Null when it is forgotten who came. */
  private String visitor;

  private String company;
  private UUID host;
  private UUID[] zones;
  private String purpose;

  @Column(name = "planned_from")
  private Instant plannedFrom;

  @Column(name = "planned_until")
  private Instant plannedUntil;

  @Enumerated(EnumType.STRING)
  private VisitState state;

  @Column(name = "planned_by")
  private String plannedBy;

  @Column(name = "planned_at")
  private Instant plannedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String reason;
  private String badge;

  @Column(name = "arrived_at")
  private Instant arrivedAt;

  @Column(name = "left_at")
  private Instant leftAt;

  @Column(name = "overstayed_at")
  private Instant overstayedAt;

  protected Visit() {}

  Visit(VisitPlan plan, String by, Instant at) {
    plan.requirePlausible(at);
    this.id = Ids.next();
    this.visitorKind = plan.visitorKind();
    this.visitor = plan.visitor();
    this.company = plan.company();
    this.host = plan.host();
    this.zones = new TreeSet<>(plan.zones()).toArray(UUID[]::new);
    this.purpose = plan.purpose();
    this.plannedFrom = plan.plannedFrom();
    this.plannedUntil = plan.plannedUntil();
    this.state = VisitState.PLANNED;
    this.plannedBy = by;
    this.plannedAt = at;
  }

  /** The visit, or 404. */
  static Uni<Visit> require(UUID id) {
    return Visit.<Visit>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No visit has this id."));
  }

  /** The visit in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Visit> require(UUID id, String ifMatch) {
    return require(id).invoke(visit -> ETag.require(ifMatch, visit.version));
  }

  VisitEvent planned() {
    return new VisitEvent.Planned(
        id, host, visitorKind, List.of(zones), purpose, plannedFrom, plannedUntil, plannedAt);
  }

  /** By somebody who did not plan it (R4.6). */
  VisitEvent approve(String by, Instant at) {
    require(VisitState.PLANNED);
    if (by.equals(plannedBy)) {
      throw Problem.unprocessable(
          "self-approval", "You planned this visit. Somebody else must approve it.");
    }
    requireNotOver(at);
    decide(VisitState.APPROVED, null, by, at);
    return new VisitEvent.Approved(id, host, List.of(zones), plannedUntil, at);
  }

  VisitEvent refuse(String why, String by, Instant at) {
    require(VisitState.PLANNED);
    decide(VisitState.REFUSED, why, by, at);
    return new VisitEvent.Refused(id, host, why, at);
  }

  VisitEvent cancel(String why, String by, Instant at) {
    require(VisitState.PLANNED, VisitState.APPROVED);
    decide(VisitState.CANCELLED, why, by, at);
    return new VisitEvent.Cancelled(id, host, why, at);
  }

  private void decide(VisitState to, String why, String by, Instant at) {
    state = to;
    reason = why;
    decidedBy = by;
    decidedAt = at;
  }

  /**
   * From an hour before the plan until its end.
   *
   * @param number of the badge that the visitor wears, or null
   */
  VisitEvent arrive(String number, Instant at) {
    require(VisitState.APPROVED);
    requireNotOver(at);
    if (at.isBefore(plannedFrom.minus(EARLY))) {
      throw Problem.conflict(
          "too-early", "This visit is planned for later. Plan another one, or wait.");
    }
    state = VisitState.PRESENT;
    badge = number;
    arrivedAt = at;
    return new VisitEvent.Arrived(id, host, List.of(zones), number, at);
  }

  VisitEvent leave(Instant at) {
    require(VisitState.PRESENT);
    state = VisitState.LEFT;
    leftAt = at;
    return new VisitEvent.Left(id, host, at);
  }

  /** The end of the plan is over: nobody came, or somebody is still there. */
  VisitEvent timeOver(Instant at) {
    if (plannedUntil.isAfter(at) || overstayedAt != null) {
      throw Problem.conflict("not-over", "The time of this visit is not over, or that was told.");
    }
    require(VisitState.PLANNED, VisitState.APPROVED, VisitState.PRESENT);
    if (state == VisitState.PRESENT) {
      overstayedAt = at;
      return new VisitEvent.Overstayed(id, host, plannedUntil, at);
    }
    state = VisitState.EXPIRED;
    return new VisitEvent.Expired(id, host, at);
  }

  /** Of a visit that is over, or came to nothing. */
  VisitEvent forgetVisitor(Instant at) {
    require(VisitState.LEFT, VisitState.REFUSED, VisitState.CANCELLED, VisitState.EXPIRED);
    visitor = null;
    company = null;
    return new VisitEvent.VisitorForgotten(id, host, at);
  }

  private void requireNotOver(Instant at) {
    if (!plannedUntil.isAfter(at)) {
      throw Problem.conflict("time-over", "The time of this visit is over. Plan another one.");
    }
  }

  private void require(VisitState... allowed) {
    if (!List.of(allowed).contains(state)) {
      throw Problem.conflict(
          "visit-" + state.name().toLowerCase(Locale.ROOT),
          "This needs a visit in state " + List.of(allowed) + "; it is " + state + ".");
    }
  }

  @Override
  public String kind() {
    return "visit";
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
        visitorKind,
        host,
        List.of(zones),
        purpose,
        plannedFrom,
        plannedUntil,
        state,
        plannedBy,
        plannedAt,
        decidedBy,
        decidedAt,
        badge,
        arrivedAt,
        leftAt,
        overstayedAt);
  }

  String visitor() {
    return visitor;
  }

  String company() {
    return company;
  }

  String reason() {
    return reason;
  }

  long version() {
    return version;
  }

  /** What others may know of a visit: not who came. */
  public record State(
      VisitorKind visitorKind,
      UUID host,
      List<UUID> zones,
      String purpose,
      Instant plannedFrom,
      Instant plannedUntil,
      VisitState state,
      String plannedBy,
      Instant plannedAt,
      String decidedBy,
      Instant decidedAt,
      String badge,
      Instant arrivedAt,
      Instant leftAt,
      Instant overstayedAt) {}
}
