package io.vigie.incident;

import java.time.Instant;
import java.util.Set;
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

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** A security event that a responder found to be real, worked step by step to its closure. */
@Entity
public class Incident extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String title;

  @Column(name = "security_event")
  private UUID securityEvent;

  private UUID asset;

  @Enumerated(EnumType.STRING)
  private Category category;

  /** From 1 (low) to 4 (critical). */
  private int severity;

  @Enumerated(EnumType.STRING)
  private Tlp tlp;

  /** The subject of the responder who works it. */
  private String assignee;

  @Enumerated(EnumType.STRING)
  private IncidentState state;

  /** When the present state was reached. */
  @Column(name = "reached_at")
  private Instant reachedAt;

  @Column(name = "occurred_at")
  private Instant occurredAt;

  @Column(name = "detected_at")
  private Instant detectedAt;

  @Column(name = "aware_at")
  private Instant awareAt;

  @Column(name = "contained_at")
  private Instant containedAt;

  @Column(name = "recovered_at")
  private Instant recoveredAt;

  @Column(name = "closed_at")
  private Instant closedAt;

  protected Incident() {}

  /**
   * Detected when {@code origin} was reported; the agency is aware of it from {@code at} on, when a
   * responder found it to be real.
   */
  public Incident(SecurityEvent origin, Category category, int severity, Tlp tlp, Instant at) {
    this.id = Ids.next();
    this.title = origin.title();
    this.securityEvent = origin.id();
    this.asset = origin.state().asset();
    this.category = category;
    this.severity = severity;
    this.tlp = tlp;
    this.occurredAt = origin.state().occurredAt();
    this.detectedAt = origin.state().reportedAt();
    this.awareAt = at;
    this.state = IncidentState.DETECTED;
    this.reachedAt = detectedAt;
  }

  /** The incident, or 404. */
  public static Uni<Incident> require(UUID id) {
    return Incident.<Incident>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No incident has this id."));
  }

  /** The incident in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Incident> require(UUID id, String ifMatch) {
    return require(id).invoke(incident -> ETag.require(ifMatch, incident.version));
  }

  IncidentEvent opened() {
    return new IncidentEvent.Opened(
        id, securityEvent, asset, category, severity, tlp, occurredAt, detectedAt, awareAt);
  }

  /** {@code to} was reached at {@code happenedAt}; a step may be recorded after the fact. */
  IncidentEvent advance(IncidentState to, Instant happenedAt, Instant at) {
    if (!state.successors().contains(to)) {
      throw conflict("incident-step-not-next", "The incident is " + state + "; " + next());
    }
    if (happenedAt.isBefore(reachedAt)) {
      throw unprocessable(
          "incident-step-too-early",
          "It became " + state + " at " + reachedAt + "; a later step cannot be older.");
    }
    IncidentState from = state;
    state = to;
    reachedAt = happenedAt;
    switch (to) {
      case CONTAINED -> containedAt = happenedAt;
      case RECOVERED -> recoveredAt = happenedAt;
      case CLOSED -> closedAt = happenedAt;
      default -> {}
    }
    return new IncidentEvent.Advanced(id, from, to, happenedAt, at);
  }

  private String next() {
    Set<IncidentState> successors = state.successors();
    return successors.isEmpty()
        ? "nothing comes after that."
        : "next comes " + successors.iterator().next().step() + ".";
  }

  IncidentEvent assignTo(String responder, Instant at) {
    if (state == IncidentState.CLOSED) {
      throw conflict("incident-closed", "A closed incident changes no more.");
    }
    String previous = assignee;
    assignee = responder;
    return new IncidentEvent.Assigned(id, responder, previous, at);
  }

  @Override
  public String kind() {
    return "incident";
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
        state,
        reachedAt,
        severity,
        category,
        tlp,
        assignee,
        asset,
        securityEvent,
        occurredAt,
        detectedAt,
        awareAt,
        containedAt,
        recoveredAt,
        closedAt);
  }

  String title() {
    return title;
  }

  long version() {
    return version;
  }

  /** What others may know of an incident; the times of steps not yet done are null. */
  public record State(
      IncidentState state,
      Instant reachedAt,
      int severity,
      Category category,
      Tlp tlp,
      String assignee,
      UUID asset,
      UUID securityEvent,
      Instant occurredAt,
      Instant detectedAt,
      Instant awareAt,
      Instant containedAt,
      Instant recoveredAt,
      Instant closedAt) {}
}
