package io.vigie.backup.continuity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

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

import static io.vigie.kernel.Problem.conflict;

/** One exercise of one version of a continuity plan (R14.4). */
@Entity
@Table(name = "continuity_exercise")
public class ContinuityExercise extends PanacheEntityBase implements Aggregate {

  private static final Duration LATEST_RECORD = Duration.ofDays(366);

  /**
   * What was measured; all null where nothing was disrupted.
   *
   * @param disruptedAt when the function stopped
   * @param restoredAt when it was validated to work again; null where it was not restored
   * @param recoveryPointAt the moment whose data it then had
   */
  record Times(Instant disruptedAt, Instant restoredAt, Instant recoveryPointAt) {

    private boolean isNone() {
      return disruptedAt == null && restoredAt == null && recoveryPointAt == null;
    }

    private void check(Instant at) {
      require(disruptedAt != null, "disruptedAt", "is needed where something was disrupted");
      require(
          !disruptedAt.isAfter(at) && !disruptedAt.isBefore(at.minus(LATEST_RECORD)),
          "disruptedAt",
          "must be in the past, within 366 days");
      require(
          (restoredAt == null) == (recoveryPointAt == null),
          "recoveryPointAt",
          "is of a function that was restored, and of that alone");
      require(
          restoredAt == null || !restoredAt.isBefore(disruptedAt) && !restoredAt.isAfter(at),
          "restoredAt",
          "must be in the past, and not before disruptedAt");
      require(
          recoveryPointAt == null
              || !recoveryPointAt.isAfter(disruptedAt)
                  && !recoveryPointAt.isBefore(disruptedAt.minus(LATEST_RECORD)),
          "recoveryPointAt",
          "must not be after disruptedAt, nor 366 days before it");
    }

    private static void require(boolean holds, String field, String otherwise) {
      if (!holds) {
        throw Problem.invalid(List.of(new FieldError(field, otherwise)));
      }
    }
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID plan;
  private int number;

  @Enumerated(EnumType.STRING)
  private ExerciseMethod method;

  private String scenario;
  private int steps;
  private int done;
  private int skipped;
  private int lessons;

  @Enumerated(EnumType.STRING)
  private ExerciseOutcome outcome;

  @Column(name = "rto_measured_seconds")
  private Long rtoMeasuredSeconds;

  @Column(name = "rpo_measured_seconds")
  private Long rpoMeasuredSeconds;

  @Column(name = "begun_at")
  private Instant begunAt;

  @Column(name = "concluded_at")
  private Instant concludedAt;

  protected ContinuityExercise() {}

  ContinuityExercise(
      ContinuityPlanVersion written,
      UUID plan,
      ExerciseMethod method,
      String scenario,
      Instant at) {
    this.id = Ids.next();
    this.plan = plan;
    this.number = written.number();
    this.method = method;
    this.scenario = scenario;
    this.steps = written.steps().size();
    this.begunAt = at;
  }

  /** The exercise, or 404. */
  static Uni<ContinuityExercise> require(UUID id) {
    return ContinuityExercise.<ContinuityExercise>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No exercise has this id."));
  }

  /** The exercise in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<ContinuityExercise> require(UUID id, String ifMatch) {
    return require(id).invoke(exercise -> ETag.require(ifMatch, exercise.version));
  }

  ContinuityEvent begun() {
    return new ContinuityEvent.Begun(id, plan, number, method, steps, begunAt);
  }

  /** Its steps, all of them open. */
  List<ExerciseStep> steps(ContinuityPlanVersion written) {
    return IntStream.range(0, steps)
        .mapToObj(i -> new ExerciseStep(id, i + 1, written.steps().get(i)))
        .toList();
  }

  ContinuityEvent settle(ExerciseStep step, StepState to, String by, String reason, Instant at) {
    requireNotConcluded();
    step.settle(to, by, reason, at);
    if (to == StepState.SKIPPED) {
      skipped++;
    } else {
      done++;
    }
    return new ContinuityEvent.StepSettled(id, step.number(), to, at);
  }

  /**
   * Ends it. RTO measured is from the disruption to the restoration, RPO measured from the recovery
   * point to the disruption.
   *
   * @throws Problem 400 when the times do not fit each other or the method, 409 while a step is
   *     open, unless the function was not restored
   */
  ContinuityEvent conclude(Times times, Instant at) {
    requireNotConcluded();
    outcome = outcome(times, at);
    if (outcome == ExerciseOutcome.RESTORED) {
      rtoMeasuredSeconds = Duration.between(times.disruptedAt(), times.restoredAt()).toSeconds();
      rpoMeasuredSeconds =
          Duration.between(times.recoveryPointAt(), times.disruptedAt()).toSeconds();
    }
    concludedAt = at;
    return new ContinuityEvent.Concluded(
        id, plan, outcome, skipped, rtoMeasuredSeconds, rpoMeasuredSeconds, at);
  }

  private ExerciseOutcome outcome(Times times, Instant at) {
    ExerciseOutcome reached;
    if (method == ExerciseMethod.TABLETOP) {
      if (!times.isNone()) {
        throw Problem.invalid(
            List.of(
                new FieldError("disruptedAt", "is none of an exercise that is talked through")));
      }
      reached = ExerciseOutcome.DISCUSSED;
    } else {
      times.check(at);
      reached =
          times.restoredAt() == null ? ExerciseOutcome.NOT_RESTORED : ExerciseOutcome.RESTORED;
    }
    if (reached != ExerciseOutcome.NOT_RESTORED && done + skipped < steps) {
      throw conflict("exercise-steps-open", "Some steps are open. Settle them first.");
    }
    return reached;
  }

  boolean isRestored() {
    return outcome == ExerciseOutcome.RESTORED;
  }

  ContinuityEvent learn(ExerciseLesson lesson, Instant at) {
    lessons++;
    return new ContinuityEvent.LessonLearnt(id, lesson.id(), lesson.owner(), lesson.dueAt(), at);
  }

  ContinuityEvent followUp(ExerciseLesson lesson, String by, String result, Instant at) {
    if (!lesson.exercise().equals(id)) {
      throw Problem.notFound("The exercise has no such lesson.");
    }
    if (lesson.isFollowedUp()) {
      throw conflict("lesson-followed-up", "It was followed up already.");
    }
    lesson.followUp(by, result, at);
    lessons--;
    return new ContinuityEvent.LessonFollowedUp(id, lesson.id(), lesson.dueAt().isBefore(at), at);
  }

  private void requireNotConcluded() {
    if (concludedAt != null) {
      throw conflict("exercise-concluded", "A concluded exercise only gets lessons.");
    }
  }

  @Override
  public String kind() {
    return "continuity-exercise";
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
        plan,
        number,
        method,
        steps,
        done,
        skipped,
        lessons,
        outcome,
        rtoMeasuredSeconds,
        rpoMeasuredSeconds,
        begunAt,
        concludedAt);
  }

  String scenario() {
    return scenario;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of an exercise.
   *
   * @param lessons that wait for somebody to follow them up
   */
  public record State(
      UUID plan,
      int number,
      ExerciseMethod method,
      int steps,
      int done,
      int skipped,
      int lessons,
      ExerciseOutcome outcome,
      Long rtoMeasuredSeconds,
      Long rpoMeasuredSeconds,
      Instant begunAt,
      Instant concludedAt) {}
}
