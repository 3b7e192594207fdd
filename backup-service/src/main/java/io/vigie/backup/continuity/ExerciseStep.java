package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A step of an exercise: settled once, which is when its time is taken. */
@Entity
@Table(name = "continuity_exercise_step")
public class ExerciseStep extends PanacheEntityBase {

  /**
   * A step.
   *
   * @param settledBy null while it is open
   * @param reason of what was skipped
   */
  @Schema(name = "ContinuityExerciseStep")
  record View(
      int number,
      String text,
      StepState state,
      String settledBy,
      Instant settledAt,
      String reason) {}

  @Id private UUID id;
  private UUID exercise;
  private int number;
  private String text;

  @Enumerated(EnumType.STRING)
  private StepState state;

  @Column(name = "settled_by")
  private String settledBy;

  @Column(name = "settled_at")
  private Instant settledAt;

  private String reason;

  protected ExerciseStep() {}

  ExerciseStep(UUID exercise, int number, String text) {
    this.id = Ids.next();
    this.exercise = exercise;
    this.number = number;
    this.text = text;
    this.state = StepState.OPEN;
  }

  /** The step of this number, or 404. */
  static Uni<ExerciseStep> require(UUID exercise, int number) {
    return ExerciseStep.<ExerciseStep>find("exercise = ?1 and number = ?2", exercise, number)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The exercise has no step of this number."));
  }

  /** In their order. */
  static Uni<List<View>> of(UUID exercise) {
    return ExerciseStep.<ExerciseStep>list("exercise = ?1 order by number", exercise)
        .map(steps -> steps.stream().map(ExerciseStep::view).toList());
  }

  void settle(StepState to, String by, String why, Instant at) {
    if (state != StepState.OPEN) {
      throw Problem.conflict("step-settled", "Step " + number + " is " + state + " already.");
    }
    state = to;
    settledBy = by;
    reason = why;
    settledAt = at;
  }

  int number() {
    return number;
  }

  private View view() {
    return new View(number, text, state, settledBy, settledAt, reason);
  }
}
