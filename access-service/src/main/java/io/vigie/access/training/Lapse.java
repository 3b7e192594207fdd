package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
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
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

/**
 * A time during which somebody was overdue with a course. Others know it as the kind {@code
 * training}.
 */
@Entity
@Table(name = "training_lapse")
public class Lapse extends PanacheEntityBase implements Aggregate {

  /** Whether somebody still is, or how it ended. */
  enum Stage {
    OVERDUE,
    RENEWED,
    LIFTED
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "person_id")
  private UUID person;

  @Column(name = "course_id")
  private UUID course;

  @Column(name = "due_on")
  private LocalDate dueOn;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  @Column(name = "overdue_at")
  private Instant overdueAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  protected Lapse() {}

  Lapse(UUID person, UUID course, LocalDate dueOn, Instant at) {
    this.id = Ids.next();
    this.person = person;
    this.course = course;
    this.dueOn = dueOn;
    this.stage = Stage.OVERDUE;
    this.overdueAt = at;
  }

  LapseEvent overdue() {
    return new LapseEvent.Overdue(id, person, course, dueOn, overdueAt);
  }

  LapseEvent renew(LocalDate validUntil, Instant at) {
    end(Stage.RENEWED, at);
    return new LapseEvent.Renewed(id, person, course, validUntil, at);
  }

  LapseEvent lift(Instant at) {
    end(Stage.LIFTED, at);
    return new LapseEvent.Lifted(id, person, course, at);
  }

  private void end(Stage how, Instant at) {
    if (stage != Stage.OVERDUE) {
      throw Problem.conflict("not-overdue", "This is over.");
    }
    stage = how;
    endedAt = at;
  }

  UUID person() {
    return person;
  }

  UUID course() {
    return course;
  }

  @Override
  public String kind() {
    return "training";
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
    return new State(person, course, dueOn, stage, overdueAt, endedAt);
  }

  /** What others may know of it: all of it. */
  public record State(
      UUID person, UUID course, LocalDate dueOn, Stage stage, Instant overdueAt, Instant endedAt) {}
}
