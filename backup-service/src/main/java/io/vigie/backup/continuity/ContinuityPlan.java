package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.continuity.ContinuityPlanVersion.Decision;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/**
 * How a critical function is restored, within which time and with which loss at most: the version
 * in force, and what the last exercise that restored the function measured (R14.4).
 */
@Entity
@Table(name = "continuity_plan")
public class ContinuityPlan extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "critical_function")
  private UUID criticalFunction;

  private String title;

  /** The number of the last version that was submitted. */
  private int submitted;

  /** Since when that one waits for a decision, or null. */
  @Column(name = "pending_since")
  private Instant pendingSince;

  /** The number of the version in force; null where none was approved. */
  @Column(name = "in_force")
  private Integer inForce;

  @Column(name = "rto_seconds")
  private Long rtoSeconds;

  @Column(name = "rpo_seconds")
  private Long rpoSeconds;

  @Column(name = "rto_measured_seconds")
  private Long rtoMeasuredSeconds;

  @Column(name = "rpo_measured_seconds")
  private Long rpoMeasuredSeconds;

  @Column(name = "exercised_at")
  private Instant exercisedAt;

  @Column(name = "exercise_due_at")
  private Instant exerciseDueAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  protected ContinuityPlan() {}

  ContinuityPlan(UUID criticalFunction, String title) {
    this.id = Ids.next();
    this.criticalFunction = criticalFunction;
    this.title = title;
  }

  /** The plan, or 404. */
  static Uni<ContinuityPlan> require(UUID id) {
    return ContinuityPlan.<ContinuityPlan>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No continuity plan has this id."));
  }

  /** The plan in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<ContinuityPlan> require(UUID id, String ifMatch) {
    return require(id).invoke(plan -> ETag.require(ifMatch, plan.version));
  }

  /** The number that the next version gets. */
  int next() {
    requireNotEnded();
    if (pendingSince != null) {
      throw conflict("continuity-plan-pending", "Version " + submitted + " waits for a decision.");
    }
    return submitted + 1;
  }

  ContinuityEvent submit(ContinuityPlanVersion written, Instant at) {
    submitted = written.number();
    pendingSince = at;
    return new ContinuityEvent.Submitted(
        id,
        criticalFunction,
        submitted,
        written.rtoSeconds(),
        written.rpoSeconds(),
        written.steps().size(),
        written.digest(),
        at);
  }

  /** The first version begins the time until the first exercise. */
  ContinuityEvent approve(
      ContinuityPlanVersion written, ContinuityPolicy policy, String by, Instant at) {
    requirePending(written, by);
    written.decide(Decision.APPROVED, by, null, at);
    pendingSince = null;
    inForce = submitted;
    rtoSeconds = written.rtoSeconds();
    rpoSeconds = written.rpoSeconds();
    if (exerciseDueAt == null) {
      exerciseDueAt = at.plus(policy.exerciseInterval());
    }
    return new ContinuityEvent.Approved(
        id,
        criticalFunction,
        submitted,
        rtoSeconds,
        rpoSeconds,
        written.digest(),
        exerciseDueAt,
        at);
  }

  ContinuityEvent sendBack(ContinuityPlanVersion written, String by, String reason, Instant at) {
    requirePending(written, by);
    written.decide(Decision.RETURNED, by, reason, at);
    pendingSince = null;
    return new ContinuityEvent.Returned(id, criticalFunction, submitted, at);
  }

  private void requirePending(ContinuityPlanVersion written, String by) {
    requireNotEnded();
    if (pendingSince == null) {
      throw conflict("continuity-plan-not-pending", "No version waits for a decision.");
    }
    if (written.author().equals(by)) {
      throw Problem.unprocessable(
          "self-approval", "You wrote this version. Somebody else must decide on it.");
    }
  }

  /** The number of the version that is exercised. */
  int requireInForce() {
    requireNotEnded();
    if (inForce == null) {
      throw conflict("continuity-plan-not-approved", "No version of it is approved yet.");
    }
    return inForce;
  }

  /**
   * What {@code exercise}, which restored the function, measured; one that restored it before the
   * last that was told shows nothing more.
   *
   * @param restoredAt when it did, which may be long before it is recorded
   * @return what has to be told; empty for the older one
   */
  Optional<ContinuityEvent> exercised(
      ContinuityExercise exercise, Instant restoredAt, ContinuityPolicy policy, Instant at) {
    if (exercisedAt != null && restoredAt.isBefore(exercisedAt)) {
      return Optional.empty();
    }
    rtoMeasuredSeconds = exercise.state().rtoMeasuredSeconds();
    rpoMeasuredSeconds = exercise.state().rpoMeasuredSeconds();
    exercisedAt = restoredAt;
    exerciseDueAt = restoredAt.plus(policy.exerciseInterval());
    return Optional.of(
        new ContinuityEvent.Exercised(
            id,
            criticalFunction,
            exercise.id(),
            rtoMeasuredSeconds,
            rpoMeasuredSeconds,
            exerciseDueAt,
            at));
  }

  /** With its function. A version that waits is not decided on any more. */
  ContinuityEvent end(Instant at) {
    endedAt = at;
    pendingSince = null;
    return new ContinuityEvent.Ended(id, criticalFunction, at);
  }

  boolean isEnded() {
    return endedAt != null;
  }

  private void requireNotEnded() {
    if (isEnded()) {
      throw conflict("continuity-plan-ended", "The function of this plan was retired.");
    }
  }

  @Override
  public String kind() {
    return "continuity-plan";
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
        criticalFunction,
        submitted,
        pendingSince,
        inForce,
        rtoSeconds,
        rpoSeconds,
        rtoMeasuredSeconds,
        rpoMeasuredSeconds,
        exercisedAt,
        exerciseDueAt,
        endedAt);
  }

  String title() {
    return title;
  }

  long version() {
    return version;
  }

  /** What others may know of a plan. */
  public record State(
      UUID criticalFunction,
      int submitted,
      Instant pendingSince,
      Integer inForce,
      Long rtoSeconds,
      Long rpoSeconds,
      Long rtoMeasuredSeconds,
      Long rpoMeasuredSeconds,
      Instant exercisedAt,
      Instant exerciseDueAt,
      Instant endedAt) {}
}
