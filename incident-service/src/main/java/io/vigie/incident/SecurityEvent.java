package io.vigie.incident;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import org.hibernate.annotations.EmbeddedColumnNaming;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** Something that may be a breach, as somebody reported it; not yet an incident. */
@Entity
@Table(name = "security_event")
public class SecurityEvent extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String title;
  private String description;

  /** The subject who reported it, or {@code system:incident}. */
  private String reporter;

  private UUID asset;

  /** Where it is, in words; null where nobody said. */
  private String place;

  @Enumerated(EnumType.STRING)
  private Category category;

  @Column(name = "occurred_at")
  private Instant occurredAt;

  /** Null where nobody said. */
  @Column(name = "noticed_at")
  private Instant noticedAt;

  @Column(name = "reported_at")
  private Instant reportedAt;

  @Enumerated(EnumType.STRING)
  private SecurityEventState state;

  @Column(name = "decided_at")
  private Instant decidedAt;

  @Column(name = "dismissal_reason")
  private String dismissalReason;

  /** That it became, or was merged into; else null. */
  private UUID incident;

  /** Null where somebody reported it. */
  @Embedded
  @EmbeddedColumnNaming("cause_%s")
  private Cause cause;

  protected SecurityEvent() {}

  /**
   * @param asset the asset concerned, or null
   * @param category the reporter's guess, or null
   */
  public SecurityEvent(
      String title,
      String description,
      UUID asset,
      Category category,
      Instant occurredAt,
      String reporter,
      Instant reportedAt) {
    this.id = Ids.next();
    this.title = title;
    this.description = description;
    this.asset = asset;
    this.category = category;
    this.occurredAt = occurredAt;
    this.reporter = reporter;
    this.reportedAt = reportedAt;
    this.state = SecurityEventState.REPORTED;
  }

  /** One that nobody had to report: it follows from another service's event. */
  public SecurityEvent(
      String title,
      String description,
      UUID asset,
      Category category,
      Instant occurredAt,
      String reporter,
      Instant reportedAt,
      Cause cause) {
    this(title, description, asset, category, occurredAt, reporter, reportedAt);
    this.cause = cause;
  }

  /**
   * What whoever reports it adds.
   *
   * @param where in words, or null
   * @param when somebody noticed it, or null
   */
  SecurityEvent noticed(String where, Instant when) {
    if (when != null && when.isBefore(occurredAt)) {
      throw unprocessable(
          "security-event-noticed-early",
          "It occurred at " + occurredAt + "; nobody noticed it before. Correct one of the two.");
    }
    place = where;
    noticedAt = when;
    return this;
  }

  /** The security event, or 404. */
  public static Uni<SecurityEvent> require(UUID id) {
    return SecurityEvent.<SecurityEvent>findById(id)
        .onItem()
        .ifNull()
        .failWith(SecurityEvent::unknown);
  }

  /** That there is none, at least not for the caller. */
  public static Problem unknown() {
    return Problem.notFound("No security event has this id.");
  }

  public IncidentEvent reported() {
    return new IncidentEvent.Reported(
        id,
        reporter,
        asset,
        category,
        cause == null ? null : cause.event(),
        cause == null ? null : cause.subject(),
        occurredAt,
        reportedAt);
  }

  public IncidentEvent dismiss(String reason, Instant at) {
    decide(SecurityEventState.DISMISSED, at);
    dismissalReason = reason;
    return new IncidentEvent.Dismissed(id, reason, at);
  }

  /** It is an incident: the one with the id {@code becomes}. */
  IncidentEvent promote(UUID becomes, Instant at) {
    decide(SecurityEventState.PROMOTED, at);
    incident = becomes;
    return new IncidentEvent.Promoted(id, becomes, at);
  }

  /** It is of an incident that is worked already: the one whose timeline {@code why} is of. */
  IncidentEvent merge(IncidentEntry why, Instant at) {
    decide(SecurityEventState.MERGED, at);
    incident = why.incident();
    return new IncidentEvent.ReportMerged(id, incident, why.id(), at);
  }

  private void decide(SecurityEventState decision, Instant at) {
    if (state != SecurityEventState.REPORTED) {
      throw conflict(
          "security-event-decided", "It was " + state + " already, and a decision is final.");
    }
    state = decision;
    decidedAt = at;
  }

  @Override
  public String kind() {
    return "security-event";
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
        reporter,
        asset,
        category,
        cause == null ? null : cause.event(),
        cause == null ? null : cause.subject(),
        occurredAt,
        reportedAt,
        decidedAt,
        incident);
  }

  String title() {
    return title;
  }

  String description() {
    return description;
  }

  String place() {
    return place;
  }

  Instant noticedAt() {
    return noticedAt;
  }

  /** Null unless it was dismissed. */
  String dismissalReason() {
    return dismissalReason;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a security event.
   *
   * @param causeEvent the event of another service that it follows from, about {@code
   *     causeSubject}; both null where somebody reported it
   * @param incident that it became, or was merged into; else null
   */
  public record State(
      SecurityEventState state,
      String reporter,
      UUID asset,
      Category category,
      UUID causeEvent,
      String causeSubject,
      Instant occurredAt,
      Instant reportedAt,
      Instant decidedAt,
      UUID incident) {}
}
