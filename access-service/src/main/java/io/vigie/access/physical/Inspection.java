package io.vigie.access.physical;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** That somebody went round a zone and looked (R6.5). It never changes; its findings do. */
@Entity
public class Inspection extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "zone_id")
  private UUID zone;

  @Column(name = "inspected_on")
  private LocalDate inspectedOn;

  private int findings;

  @Column(name = "recorded_by")
  private String recordedBy;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  protected Inspection() {}

  /**
   * @param on today or within a year before; 400 otherwise
   */
  Inspection(UUID zone, LocalDate on, int findings, String by, Instant at) {
    LocalDate today = LocalDate.ofInstant(at, ZoneOffset.UTC);
    if (on.isAfter(today) || on.isBefore(today.minusYears(1))) {
      throw Problem.invalid(
          List.of(new FieldError("inspectedOn", "must be within the last year, until today")));
    }
    this.id = Ids.next();
    this.zone = zone;
    this.inspectedOn = on;
    this.findings = findings;
    this.recordedBy = by;
    this.recordedAt = at;
  }

  /** The inspection, or 404. */
  static Uni<Inspection> require(UUID id) {
    return Inspection.<Inspection>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No inspection has this id."));
  }

  InspectionEvent recorded() {
    return new InspectionEvent.Recorded(id, zone, inspectedOn, findings, recordedAt);
  }

  UUID zone() {
    return zone;
  }

  @Override
  public String kind() {
    return "inspection";
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
    return new State(zone, inspectedOn, findings, recordedBy, recordedAt);
  }

  long version() {
    return version;
  }

  /** What others may know of an inspection: all of it. */
  public record State(
      UUID zone, LocalDate inspectedOn, int findings, String recordedBy, Instant recordedAt) {}
}
