package io.vigie.incident.playbook;

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

/** What an exercise or an incident taught, and somebody has to see to (R13.3). */
@Entity
@Table(name = "playbook_lesson")
public class Lesson extends PanacheEntityBase {

  /**
   * A lesson.
   *
   * @param owner the subject who follows it up
   * @param outcome what came of it
   */
  @Schema(name = "PlaybookLesson")
  record View(
      UUID id,
      String text,
      String owner,
      Instant learntAt,
      Instant dueAt,
      Instant followedUpAt,
      String followedUpBy,
      String outcome) {}

  @Id private UUID id;
  private UUID run;
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

  private String outcome;

  protected Lesson() {}

  Lesson(UUID run, String text, String owner, Instant dueAt, Instant at) {
    this.id = Ids.next();
    this.run = run;
    this.text = text;
    this.owner = owner;
    this.dueAt = dueAt;
    this.learntAt = at;
  }

  /** The lesson of this checklist, or 404. */
  static Uni<Lesson> require(UUID run, UUID id) {
    return Lesson.<Lesson>find("run = ?1 and id = ?2", run, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The checklist has no such lesson."));
  }

  /** By when the first open lesson of a checklist but this one is due; null where none is. */
  static Uni<Instant> nextDueAt(UUID run, UUID butOne) {
    return Lesson.<Lesson>find(
            "run = ?1 and id <> ?2 and followedUpAt is null order by dueAt", run, butOne)
        .firstResult()
        .map(first -> first == null ? null : first.dueAt());
  }

  void followUp(String by, String what, Instant at) {
    followedUpBy = by;
    outcome = what;
    followedUpAt = at;
  }

  boolean isFollowedUp() {
    return followedUpAt != null;
  }

  UUID id() {
    return id;
  }

  UUID run() {
    return run;
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
    return new View(id, text, owner, learntAt, dueAt, followedUpAt, followedUpBy, outcome);
  }
}
