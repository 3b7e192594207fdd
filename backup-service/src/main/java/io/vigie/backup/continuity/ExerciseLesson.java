package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an exercise taught, and somebody has to see to. */
@Entity
@Table(name = "continuity_lesson")
public class ExerciseLesson extends PanacheEntityBase {

  /**
   * A lesson.
   *
   * @param owner the subject who follows it up
   * @param result what came of it
   */
  @Schema(name = "ContinuityLesson")
  record View(
      UUID id,
      String text,
      String owner,
      Instant learntAt,
      Instant dueAt,
      Instant followedUpAt,
      String followedUpBy,
      String result) {}

  @Id private UUID id;
  private UUID exercise;
  private String text;
  private String owner;

  @Column(name = "learnt_at")
  private Instant learntAt;

  @Column(name = "due_at")
  private Instant dueAt;

  @Column(name = "followed_up_at")
  private Instant followedUpAt;

  @Column(name = "followed_up_by")
  private String followedUpBy;

  private String result;

  protected ExerciseLesson() {}

  ExerciseLesson(UUID exercise, String text, String owner, Instant dueAt, Instant at) {
    this.id = Ids.next();
    this.exercise = exercise;
    this.text = text;
    this.owner = owner;
    this.dueAt = dueAt;
    this.learntAt = at;
  }

  /** The lesson, or 404. */
  static Uni<ExerciseLesson> require(UUID id) {
    return ExerciseLesson.<ExerciseLesson>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The exercise has no such lesson."));
  }

  void followUp(String by, String what, Instant at) {
    followedUpBy = by;
    result = what;
    followedUpAt = at;
  }

  boolean isFollowedUp() {
    return followedUpAt != null;
  }

  UUID id() {
    return id;
  }

  UUID exercise() {
    return exercise;
  }

  String owner() {
    return owner;
  }

  Instant learntAt() {
    return learntAt;
  }

  Instant dueAt() {
    return dueAt;
  }

  View view() {
    return new View(id, text, owner, learntAt, dueAt, followedUpAt, followedUpBy, result);
  }
}
