package io.vigie.incident.clock;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
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
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import org.hibernate.annotations.DynamicUpdate;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * Somebody who has to be told of an incident until a time. What it starts from and when it is due
 * never changes: the service's database role may not even update it.
 */
@Entity
@DynamicUpdate
@Table(name = "notification_clock")
public class NotificationClock extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(updatable = false)
  private UUID incident;

  @Column(updatable = false)
  private String regime;

  @Column(updatable = false)
  private String step;

  @Column(updatable = false)
  private UUID client;

  @Column(name = "aware_at", updatable = false)
  private Instant awareAt;

  @Column(name = "starts_at", updatable = false)
  private Instant startsAt;

  @Column(name = "due_at", updatable = false)
  private Instant dueAt;

  @Embedded private Counting counting;

  @Column(name = "started_at", updatable = false)
  private Instant startedAt;

  @Enumerated(EnumType.STRING)
  private ClockState state;

  @Column(name = "missed_at")
  private Instant missedAt;

  @Column(name = "notified_at")
  private Instant notifiedAt;

  private String reference;

  /** Why nobody is told, or why it was superseded. */
  private String reason;

  /** The clock that runs instead. */
  @Column(name = "superseded_by")
  private UUID supersededBy;

  @Column(name = "ended_at")
  private Instant endedAt;

  protected NotificationClock() {}

  /**
   * @param client whom it is to tell, or null
   * @param startsAt from when it is counted
   * @param at when it is started
   */
  NotificationClock(
      UUID incident,
      String regime,
      String step,
      UUID client,
      Instant awareAt,
      Instant startsAt,
      Counting counting,
      Instant at) {
    this.id = Ids.next();
    this.incident = incident;
    this.regime = regime;
    this.step = step;
    this.client = client;
    this.awareAt = awareAt;
    this.startsAt = startsAt;
    this.dueAt = counting.due(startsAt);
    this.counting = counting;
    this.startedAt = at;
    this.state = ClockState.RUNNING;
  }

  /** The clock, or 404. */
  static Uni<NotificationClock> require(UUID id) {
    return NotificationClock.<NotificationClock>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No notification clock has this id."));
  }

  /** Whether both are for the same notification, and no other has taken this one's place. */
  boolean isTheSame(NotificationClock other) {
    return state != ClockState.SUPERSEDED
        && incident.equals(other.incident)
        && regime.equals(other.regime)
        && step.equals(other.step)
        && Objects.equals(client, other.client);
  }

  ClockEvent started() {
    return new ClockEvent.Started(
        id, incident, regime, step, client, awareAt, startsAt, dueAt, startedAt);
  }

  /**
   * Whoever is to be told was told.
   *
   * @param told what they call it
   */
  ClockEvent notified(String told, Instant when, Instant at) {
    if (when.isBefore(startsAt)) {
      throw unprocessable(
          "notification-too-early",
          "The clock starts at " + startsAt + "; nobody was told before.");
    }
    end(ClockState.NOTIFIED, at);
    reference = told;
    notifiedAt = when;
    return new ClockEvent.Notified(
        id, incident, regime, step, client, told, when, when.isAfter(dueAt), at);
  }

  /** Nobody is told; a decision. */
  ClockEvent notNotified(String why, Instant at) {
    end(ClockState.NOT_NOTIFIED, at);
    reason = why;
    return new ClockEvent.NotNotified(id, incident, regime, step, client, why, at);
  }

  /** {@code other} runs in its place, from when the agency became aware indeed. */
  ClockEvent superseded(NotificationClock other, String why, Instant at) {
    end(ClockState.SUPERSEDED, at);
    supersededBy = other.id;
    reason = why;
    return new ClockEvent.Superseded(id, incident, regime, step, client, other.id, why, at);
  }

  /**
   * The same, from when the agency became aware indeed, and counted as this one is, whatever the
   * policy or a contract says by now.
   */
  NotificationClock corrected(Instant aware, Instant at) {
    if (!counting.isFromAwareness()) {
      throw unprocessable(
          "notification-clock-follows",
          "It is not counted from the agency's awareness, but from a notification.");
    }
    if (aware.equals(awareAt)) {
      throw unprocessable("notification-clock-same", "It says so already. Nothing is to correct.");
    }
    return new NotificationClock(incident, regime, step, client, aware, aware, counting, at);
  }

  private void end(ClockState to, Instant at) {
    if (state != ClockState.RUNNING) {
      throw conflict("notification-clock-ended", "The clock is " + state + ", which is final.");
    }
    state = to;
    endedAt = at;
  }

  /** Notes once that its time is over; nothing until then, and nothing once it has ended. */
  List<ClockEvent> look(Instant at) {
    if (state != ClockState.RUNNING || missedAt != null || !at.isAfter(dueAt)) {
      return List.of();
    }
    missedAt = at;
    return List.of(new ClockEvent.Missed(id, incident, regime, step, client, dueAt, at));
  }

  @Override
  public String kind() {
    return "notification-clock";
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
        state,
        incident,
        regime,
        step,
        client,
        awareAt,
        startsAt,
        dueAt,
        missedAt,
        reference,
        notifiedAt,
        endedAt,
        supersededBy);
  }

  UUID incident() {
    return incident;
  }

  String regime() {
    return regime;
  }

  String step() {
    return step;
  }

  long version() {
    return version;
  }

  ClockResource.View view() {
    return new ClockResource.View(
        id,
        incident,
        regime,
        step,
        client,
        awareAt,
        startsAt,
        dueAt,
        state,
        missedAt,
        notifiedAt,
        reference,
        reason,
        endedAt,
        supersededBy,
        version);
  }

  /** What others may know of a clock. */
  public record State(
      ClockState state,
      UUID incident,
      String regime,
      String step,
      UUID client,
      Instant awareAt,
      Instant startsAt,
      Instant dueAt,
      Instant missedAt,
      String reference,
      Instant notifiedAt,
      Instant endedAt,
      UUID supersededBy) {}
}
