package io.vigie.access.physical;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
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
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

/** What a round found, and somebody has to set right. */
@Entity
@Table(name = "inspection_finding")
public class InspectionFinding extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "inspection_id")
  private UUID inspection;

  @Column(name = "zone_id")
  private UUID zone;

  @Enumerated(EnumType.STRING)
  private FindingCategory category;

  private String description;
  private UUID assignee;

  @Column(name = "due_on")
  private LocalDate dueOn;

  @Column(name = "raised_at")
  private Instant raisedAt;

  @Column(name = "resolved_by")
  private String resolvedBy;

  @Column(name = "resolved_at")
  private Instant resolvedAt;

  private String resolution;

  protected InspectionFinding() {}

  /**
   * @param dueOn today or within a year; 400 otherwise
   */
  InspectionFinding(
      Inspection inspection,
      FindingCategory category,
      String description,
      UUID assignee,
      LocalDate dueOn,
      Instant at) {
    LocalDate today = LocalDate.ofInstant(at, ZoneOffset.UTC);
    if (dueOn.isBefore(today) || dueOn.isAfter(today.plusYears(1))) {
      throw Problem.invalid(
          List.of(new FieldError("findings.dueOn", "must be between today and a year from now")));
    }
    this.id = Ids.next();
    this.inspection = inspection.id();
    this.zone = inspection.zone();
    this.category = category;
    this.description = description;
    this.assignee = assignee;
    this.dueOn = dueOn;
    this.raisedAt = at;
  }

  /** The finding, or 404. */
  static Uni<InspectionFinding> require(UUID id) {
    return InspectionFinding.<InspectionFinding>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No finding has this id."));
  }

  /** The finding in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<InspectionFinding> require(UUID id, String ifMatch) {
    return require(id).invoke(finding -> ETag.require(ifMatch, finding.version));
  }

  FindingEvent raised() {
    return new FindingEvent.Raised(id, inspection, zone, category, assignee, dueOn, raisedAt);
  }

  /** {@code what} says what was done; it is kept here and not published. */
  FindingEvent resolve(String what, String by, Instant at) {
    if (resolvedAt != null) {
      throw Problem.conflict("finding-resolved", "This was set right already.");
    }
    resolution = what;
    resolvedBy = by;
    resolvedAt = at;
    return new FindingEvent.Resolved(id, inspection, assignee, at);
  }

  @Override
  public String kind() {
    return "inspection-finding";
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
    return new State(inspection, zone, category, assignee, dueOn, raisedAt, resolvedBy, resolvedAt);
  }

  String description() {
    return description;
  }

  String resolution() {
    return resolution;
  }

  long version() {
    return version;
  }

  /** What others may know of a finding: not what people wrote, which may name somebody. */
  public record State(
      UUID inspection,
      UUID zone,
      FindingCategory category,
      UUID assignee,
      LocalDate dueOn,
      Instant raisedAt,
      String resolvedBy,
      Instant resolvedAt) {}
}
