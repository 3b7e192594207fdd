package io.vigie.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
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
import org.hibernate.annotations.OptimisticLock;

import static io.vigie.kernel.Problem.conflict;
import static java.util.Collections.max;
import static java.util.Collections.min;

/**
 * That an asset is backed up so and so often. What people decide is versioned; what runs move
 * ({@link #nextDueAt} and what follows from it) is not, so that a tool's report never makes a
 * person's {@code If-Match} stale. Whoever changes a plan therefore reads it locked.
 */
@Entity
@Table(name = "backup_plan")
public class BackupPlan extends PanacheEntityBase implements Aggregate {

  static final Duration LONGEST_SUSPENSION = Duration.ofDays(366);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;
  private String name;
  private String site;
  @Embedded private Schedule schedule;

  @Enumerated(EnumType.STRING)
  private PlanState state;

  @Column(name = "suspended_until")
  private Instant suspendedUntil;

  /** When the next run is to start. */
  @OptimisticLock(excluded = true)
  @Column(name = "next_due_at")
  private Instant nextDueAt;

  /** {@link #nextDueAt} and the tolerance, for the clock to search. */
  @OptimisticLock(excluded = true)
  @Column(name = "overdue_at")
  private Instant overdueAt;

  /** Start of the newest successful run: the moment to which the asset could be put back. */
  @OptimisticLock(excluded = true)
  @Column(name = "last_success_at")
  private Instant lastSuccessAt;

  /** When the run that was missed was due, or null. */
  @Column(name = "missed_since")
  private Instant missedSince;

  /** Null while the asset is held. */
  @Enumerated(EnumType.STRING)
  @Column(name = "asset_state")
  private AssetState assetState;

  @Column(name = "asset_gone_at")
  private Instant assetGoneAt;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  protected BackupPlan() {}

  /** The first run is due one interval from {@code at}. */
  public BackupPlan(UUID asset, String name, String site, Schedule schedule, Instant at) {
    schedule.requireTolerable();
    this.id = Ids.next();
    this.asset = asset;
    this.name = name;
    this.site = site;
    this.schedule = schedule;
    this.state = PlanState.ACTIVE;
    this.createdAt = at;
    dueAt(at.plus(schedule.interval()));
  }

  /** The plan, or 404. */
  static Uni<BackupPlan> require(UUID id) {
    return found(BackupPlan.findById(id));
  }

  /** The plan to change, locked until the transaction ends, or 404. */
  static Uni<BackupPlan> lock(UUID id) {
    return found(BackupPlan.findById(id, LockModeType.PESSIMISTIC_WRITE));
  }

  /** The same in the version that the caller has read; 412 or 428 otherwise. */
  static Uni<BackupPlan> lock(UUID id, String ifMatch) {
    return lock(id).invoke(plan -> ETag.require(ifMatch, plan.version));
  }

  private static Uni<BackupPlan> found(Uni<BackupPlan> plan) {
    return plan.onItem().ifNull().failWith(() -> Problem.notFound("No plan has this id."));
  }

  BackupEvent created() {
    return new BackupEvent.Created(id, asset, schedule, nextDueAt, createdAt);
  }

  /**
   * A run that the new schedule wants in the past is due now, not late already; one that is late
   * under both stays late.
   */
  BackupEvent reschedule(Schedule to, Instant at) {
    requireNotEnded();
    to.requireTolerable();
    schedule = to;
    Instant last = lastSuccessAt == null ? createdAt : max(List.of(lastSuccessAt, createdAt));
    dueAt(max(List.of(last.plus(to.interval()), min(List.of(nextDueAt, at)))));
    return new BackupEvent.Rescheduled(id, to, nextDueAt, at);
  }

  /** No run is missed meanwhile. {@code until} may be null: until somebody resumes it. */
  BackupEvent suspend(String reason, Instant until, Instant at) {
    if (state != PlanState.ACTIVE) {
      throw conflict("plan-not-active", "Only an active plan can be suspended.");
    }
    if (until != null && !(until.isAfter(at) && until.isBefore(at.plus(LONGEST_SUSPENSION)))) {
      throw Problem.invalid(
          List.of(new FieldError("until", "must be in the future, within 366 days")));
    }
    state = PlanState.SUSPENDED;
    suspendedUntil = until;
    return new BackupEvent.Suspended(id, reason, until, at);
  }

  /** A run that came due meanwhile is due now. */
  BackupEvent resume(Instant at) {
    if (state != PlanState.SUSPENDED) {
      throw conflict("plan-not-suspended", "Only a suspended plan can be resumed.");
    }
    state = PlanState.ACTIVE;
    suspendedUntil = null;
    dueAt(max(List.of(nextDueAt, at)));
    return new BackupEvent.Resumed(id, nextDueAt, at);
  }

  BackupEvent end(String reason, Instant at) {
    requireNotEnded();
    state = PlanState.ENDED;
    suspendedUntil = null;
    endedAt = at;
    return new BackupEvent.Ended(id, reason, at);
  }

  /** Whether a run is owed and its time, tolerance included, has passed. */
  boolean isOverdue(Instant at) {
    return state == PlanState.ACTIVE && assetState == null && overdueAt.isBefore(at);
  }

  /** Once per miss: it lasts until a run ends it. */
  BackupEvent miss(Instant at) {
    if (missedSince != null || !isOverdue(at)) {
      throw new IllegalStateException("no run of plan " + id + " is newly overdue");
    }
    missedSince = nextDueAt;
    long lateBy = Duration.between(nextDueAt, at).toSeconds();
    return new BackupEvent.RunMissed(id, asset, nextDueAt, lateBy, at);
  }

  /**
   * Counts a run: a successful one, newer than every other, moves the next one. It ends a miss,
   * unless it is itself so old that the next run is overdue again.
   *
   * @return the end of the miss, if it ended one
   * @throws Problem 409 when it started after the plan's end
   */
  Optional<BackupEvent> count(UUID run, RunReport report, Instant at) {
    if (state == PlanState.ENDED) {
      if (report.startedAt().isAfter(endedAt)) {
        throw conflict("plan-ended", "The plan ended before this run. Report it to another plan.");
      }
      return Optional.empty();
    }
    boolean isNewest = lastSuccessAt == null || report.startedAt().isAfter(lastSuccessAt);
    if (report.outcome() != RunReport.Outcome.SUCCEEDED || !isNewest) {
      return Optional.empty();
    }
    lastSuccessAt = report.startedAt();
    dueAt(max(List.of(nextDueAt, lastSuccessAt.plus(schedule.interval()))));
    if (missedSince == null || overdueAt.isBefore(at)) {
      return Optional.empty();
    }
    Instant since = missedSince;
    missedSince = null;
    return Optional.of(new BackupEvent.RunCaughtUp(id, asset, run, since, at));
  }

  /** From now on no run is owed; what becomes of the copies is for people to decide. */
  BackupEvent loseAsset(AssetState to, Instant at) {
    requireNotEnded();
    assetState = to;
    assetGoneAt = at;
    return new BackupEvent.AssetGone(id, asset, to, at);
  }

  /** What was lost is back: runs are owed again, and one that came due meanwhile is due now. */
  BackupEvent regainAsset(Instant at) {
    requireNotEnded();
    if (assetState == null) {
      throw conflict("asset-held", "The asset of this plan is not gone.");
    }
    assetState = null;
    assetGoneAt = null;
    dueAt(max(List.of(nextDueAt, at)));
    return new BackupEvent.AssetRegained(id, asset, nextDueAt, at);
  }

  private void dueAt(Instant time) {
    nextDueAt = time;
    overdueAt = time.plus(schedule.tolerance());
  }

  private void requireNotEnded() {
    if (state == PlanState.ENDED) {
      throw conflict("plan-ended", "An ended plan changes no more. Create another one.");
    }
  }

  @Override
  public String kind() {
    return "backup-plan";
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
        asset, name, site, schedule, state, suspendedUntil, missedSince, assetState, createdAt);
  }

  long version() {
    return version;
  }

  Instant nextDueAt() {
    return nextDueAt;
  }

  Instant lastSuccessAt() {
    return lastSuccessAt;
  }

  Instant assetGoneAt() {
    return assetGoneAt;
  }

  /** What others may know of a plan. What runs move is told by the runs' own events. */
  public record State(
      UUID asset,
      String name,
      String site,
      Schedule schedule,
      PlanState state,
      Instant suspendedUntil,
      Instant missedSince,
      AssetState assetState,
      Instant createdAt) {}
}
