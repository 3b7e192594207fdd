package io.vigie.incident;

import java.time.Instant;
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

import static io.vigie.kernel.Problem.conflict;

/** Something that somebody has to do about an incident, by a date. */
@Entity
@Table(name = "incident_task")
public class IncidentTask extends PanacheEntityBase {

  /**
   * @param assignee the subject of whoever does it
   * @param reason why it was cancelled; null otherwise
   * @param version of the incident
   */
  @Schema(name = "IncidentTask")
  record View(
      UUID id,
      TaskKind kind,
      String title,
      String assignee,
      Instant dueAt,
      Instant createdAt,
      TaskState state,
      Instant endedAt,
      String reason,
      long version) {}

  static final String UNKNOWN = "The incident has no task with this id.";

  @Id private UUID id;

  private UUID incident;

  @Enumerated(EnumType.STRING)
  private TaskKind kind;

  private String title;
  private String assignee;

  @Column(name = "due_at")
  private Instant dueAt;

  @Column(name = "created_at")
  private Instant createdAt;

  @Enumerated(EnumType.STRING)
  private TaskState state;

  @Column(name = "ended_at")
  private Instant endedAt;

  private String reason;

  protected IncidentTask() {}

  IncidentTask(
      UUID incident, TaskKind kind, String title, String assignee, Instant dueAt, Instant at) {
    this.id = Ids.next();
    this.incident = incident;
    this.kind = kind;
    this.title = title;
    this.assignee = assignee;
    this.dueAt = dueAt;
    this.createdAt = at;
    this.state = TaskState.OPEN;
  }

  /** The task of this incident, or 404. */
  static Uni<IncidentTask> require(UUID incident, UUID id) {
    return IncidentTask.<IncidentTask>find("incident = ?1 and id = ?2", incident, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound(UNKNOWN));
  }

  void done(Instant at) {
    end(TaskState.DONE, null, at);
  }

  /**
   * @param why stays here: it may name people
   */
  void cancel(String why, Instant at) {
    end(TaskState.CANCELLED, why, at);
  }

  private void end(TaskState to, String why, Instant at) {
    if (state != TaskState.OPEN) {
      throw conflict("incident-task-ended", "The task is " + state + ", which is final.");
    }
    state = to;
    endedAt = at;
    reason = why;
  }

  UUID id() {
    return id;
  }

  UUID incident() {
    return incident;
  }

  TaskKind kind() {
    return kind;
  }

  String assignee() {
    return assignee;
  }

  Instant dueAt() {
    return dueAt;
  }

  Instant createdAt() {
    return createdAt;
  }

  TaskState state() {
    return state;
  }

  View view(long version) {
    return new View(id, kind, title, assignee, dueAt, createdAt, state, endedAt, reason, version);
  }
}
