package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.conflict;

/** The checklist that one version of a playbook made, for an incident or as an exercise. */
@Entity
@Table(name = "playbook_run")
public class PlaybookRun extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private UUID playbook;
  private int number;
  private UUID incident;
  private boolean exercise;
  private int steps;
  private int done;
  private int skipped;
  private int lessons;

  /** Of the first of these; null where there are none. */
  @Column(name = "lesson_due_at")
  private Instant lessonDueAt;

  /** The subject who began it; null for those of before it was kept. */
  @Column(name = "begun_by")
  private String begunBy;

  @Column(name = "begun_at")
  private Instant begunAt;

  @Column(name = "completed_at")
  private Instant completedAt;

  protected PlaybookRun() {}

  /**
   * @param incident null in an exercise
   */
  PlaybookRun(PlaybookVersion written, UUID playbook, UUID incident, String by, Instant at) {
    this.id = Ids.next();
    this.playbook = playbook;
    this.number = written.number();
    this.incident = incident;
    this.exercise = incident == null;
    this.steps = written.steps().size();
    this.begunBy = by;
    this.begunAt = at;
  }

  /** The checklist, or 404. */
  static Uni<PlaybookRun> require(UUID id) {
    return PlaybookRun.<PlaybookRun>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No checklist has this id."));
  }

  PlaybookEvent begun() {
    return new PlaybookEvent.Begun(id, playbook, number, incident, exercise, steps, begunAt);
  }

  /** Its steps, all of them open. */
  List<RunStep> steps(PlaybookVersion written) {
    return IntStream.range(0, steps)
        .mapToObj(i -> new RunStep(id, i + 1, written.steps().get(i)))
        .toList();
  }

  /** With the last step the checklist is complete. */
  List<PlaybookEvent> settle(
      RunStep step, StepState outcome, String by, String reason, Instant at) {
    step.settle(outcome, by, reason, at);
    if (outcome == StepState.SKIPPED) {
      skipped++;
    } else {
      done++;
    }
    PlaybookEvent settled = new PlaybookEvent.Settled(id, step.number(), outcome, at);
    if (done + skipped < steps) {
      return List.of(settled);
    }
    completedAt = at;
    return List.of(
        settled, new PlaybookEvent.Completed(id, playbook, incident, exercise, skipped, at));
  }

  /** Where every step was skipped nothing was exercised. */
  boolean isExercised() {
    return exercise && completedAt != null && done > 0;
  }

  PlaybookEvent learn(Lesson lesson, Instant at) {
    lessons++;
    lessonDueAt =
        lessonDueAt == null || lesson.dueAt().isBefore(lessonDueAt) ? lesson.dueAt() : lessonDueAt;
    return new PlaybookEvent.Learnt(id, lesson.id(), lesson.owner(), lesson.dueAt(), at);
  }

  /**
   * @param nextDueAt by when the first of the others that are open has to be; null where none is
   */
  PlaybookEvent followUp(Lesson lesson, Instant nextDueAt, String by, String outcome, Instant at) {
    if (lesson.isFollowedUp()) {
      throw conflict("lesson-followed-up", "It was followed up already.");
    }
    lesson.followUp(by, outcome, at);
    lessons--;
    lessonDueAt = nextDueAt;
    return new PlaybookEvent.FollowedUp(id, lesson.id(), lesson.dueAt().isBefore(at), at);
  }

  @Override
  public String kind() {
    return "playbook-run";
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
        playbook,
        number,
        incident,
        exercise,
        steps,
        done,
        skipped,
        lessons,
        lessonDueAt,
        begunAt,
        completedAt);
  }

  Instant begunAt() {
    return begunAt;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a checklist.
   *
   * @param lessons that wait for somebody to follow them up
   * @param lessonDueAt by when the first of these has to be; null where there are none
   */
  public record State(
      UUID playbook,
      int number,
      UUID incident,
      boolean exercise,
      int steps,
      int done,
      int skipped,
      int lessons,
      Instant lessonDueAt,
      Instant begunAt,
      Instant completedAt) {}
}
