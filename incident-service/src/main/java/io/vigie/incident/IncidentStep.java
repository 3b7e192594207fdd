package io.vigie.incident;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * The note on one step of an incident's work: written once, never changed or deleted. Where its
 * time was wrong it is superseded by another, and both stay.
 */
@Entity
@Immutable
@Table(name = "incident_step")
public class IncidentStep extends PanacheEntityBase {

  /**
   * @param at when the step was done
   * @param recordedBy the subject who wrote the note
   * @param note of a correction it says why
   * @param supersedes the note whose time this one corrects, or null
   * @param supersededBy the note that corrects this one's time, or null
   */
  @Schema(name = "IncidentNote")
  record View(
      UUID id,
      IncidentState state,
      Instant at,
      Instant recordedAt,
      String recordedBy,
      String note,
      UUID supersedes,
      UUID supersededBy) {}

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

  private UUID supersedes;

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

  /** That {@code wrong} was done at another time. */
  IncidentStep(
      IncidentStep wrong, Instant reachedAt, Instant recordedAt, String recordedBy, String note) {
    this.id = Ids.next();
    this.incident = wrong.incident;
    this.state = wrong.state;
    this.reachedAt = reachedAt;
    this.recordedAt = recordedAt;
    this.recordedBy = recordedBy;
    this.note = note;
    this.supersedes = wrong.id;
  }

  /**
   * A step of this incident that nothing supersedes yet; 422 or 409 otherwise. The incident's
   * version keeps two corrections from passing at once.
   */
  static Uni<IncidentStep> requireStanding(UUID incident, UUID step) {
    return IncidentStep.<IncidentStep>find("id = ?1 and incident = ?2", step, incident)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(
            () -> unprocessable("incident-step-unknown", "The incident has no step " + step + "."))
        .call(
            () ->
                IncidentStep.count("supersedes", step)
                    .invoke(
                        corrections -> {
                          if (corrections > 0) {
                            throw conflict(
                                "incident-step-superseded",
                                "It is superseded already; correct the step that superseded it.");
                          }
                        }));
  }

  /** The states that an incident reached so far, in their order, each when it is said to now. */
  static Uni<List<TimeInState.Reached>> reached(Incident incident) {
    TimeInState.Reached beginning =
        new TimeInState.Reached(IncidentState.DETECTED, incident.state().detectedAt());
    return all(incident)
        .map(
            steps -> {
              Map<UUID, UUID> corrections = corrections(steps);
              return Stream.concat(
                      Stream.of(beginning),
                      steps.stream()
                          .filter(step -> !corrections.containsKey(step.id))
                          .map(step -> new TimeInState.Reached(step.state, step.reachedAt))
                          .sorted(Comparator.comparing(TimeInState.Reached::state)))
                  .toList();
            });
  }

  /** An incident's steps so far, and what corrects them, in the order of their recording. */
  static Uni<List<View>> of(Incident incident) {
    return all(incident)
        .map(
            steps -> {
              Map<UUID, UUID> corrections = corrections(steps);
              return steps.stream().map(step -> step.view(corrections.get(step.id))).toList();
            });
  }

  private static Uni<List<IncidentStep>> all(Incident incident) {
    return IncidentStep.list("incident = ?1 order by id", incident.id());
  }

  /** For each of these that was corrected, the one that did. */
  private static Map<UUID, UUID> corrections(List<IncidentStep> steps) {
    return steps.stream()
        .filter(step -> step.supersedes != null)
        .collect(Collectors.toMap(step -> step.supersedes, step -> step.id));
  }

  IncidentState state() {
    return state;
  }

  private View view(UUID supersededBy) {
    return new View(id, state, reachedAt, recordedAt, recordedBy, note, supersedes, supersededBy);
  }
}
