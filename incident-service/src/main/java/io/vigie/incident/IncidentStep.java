package io.vigie.incident;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.Immutable;

/** The note on one step of an incident's work: written once, never changed or deleted. */
@Entity
@Immutable
@Table(name = "incident_step")
public class IncidentStep extends PanacheEntityBase {

  /**
   * @param at when the step was done
   * @param recordedBy the subject who wrote the note
   */
  @Schema(name = "IncidentNote")
  record View(
      IncidentState state, Instant at, Instant recordedAt, String recordedBy, String note) {}

  @Id private UUID id;

  private UUID incident;

  @Enumerated(EnumType.STRING)
  private IncidentState state;

  @Column(name = "reached_at")
  private Instant reachedAt;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  @Column(name = "recorded_by")
  private String recordedBy;

  private String note;

  protected IncidentStep() {}

  IncidentStep(Incident incident, Instant recordedAt, String recordedBy, String note) {
    this.id = Ids.next();
    this.incident = incident.id();
    this.state = incident.state().state();
    this.reachedAt = incident.state().reachedAt();
    this.recordedAt = recordedAt;
    this.recordedBy = recordedBy;
    this.note = note;
  }

  /** The states that an incident reached so far, in their order. */
  static Uni<List<TimeInState.Reached>> reached(Incident incident) {
    TimeInState.Reached beginning =
        new TimeInState.Reached(IncidentState.DETECTED, incident.state().detectedAt());
    return IncidentStep.<IncidentStep>list("incident = ?1 order by id", incident.id())
        .map(
            steps ->
                Stream.concat(
                        Stream.of(beginning),
                        steps.stream()
                            .map(step -> new TimeInState.Reached(step.state, step.reachedAt)))
                    .toList());
  }

  /** An incident's steps so far, in the order in which they were done. */
  static Uni<List<View>> of(Incident incident) {
    return IncidentStep.<IncidentStep>list("incident = ?1 order by id", incident.id())
        .map(
            steps ->
                steps.stream()
                    .map(
                        step ->
                            new View(
                                step.state,
                                step.reachedAt,
                                step.recordedAt,
                                step.recordedBy,
                                step.note))
                    .toList());
  }
}
