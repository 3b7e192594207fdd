package io.vigie.backup.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.Copy;
import io.vigie.backup.copy.KeptCopies;
import io.vigie.backup.copy.PlacedCopy.Flaw;
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
 * That a copy of an asset is made so and so often. Each copy has a plan of its own, for each can be
 * late by itself: an asset with copies on disk and on tape has two. What people decide is
 * versioned; what runs move ({@link #nextDueAt} and what follows from it) is not, so that a tool's
 * report never makes a person's {@code If-Match} stale. Whoever changes a plan therefore reads it
 * locked.
 */
@Entity
@Table(name = "backup_plan")
public class BackupPlan extends PanacheEntityBase implements Aggregate {

  static final Duration LONGEST_SUSPENSION = Duration.ofDays(366);
  static final int MOST_MISSES = 1_000;

  /** Why the copy of a {@code backup_run r} counts for nothing, in SQL; null where it counts. */
  static final String SPOILT =
      "case when not (%s) then 'DELETED' when r.recovery_point = 'UNUSABLE' then 'UNUSABLE' end"
          .formatted(KeptCopies.NOT_PRUNED);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;
  private String name;
  private String site;
  @Embedded private Schedule schedule;
  @Embedded private Copy copy;

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

  /** The tape, an asset, that the newest successful run was written on; null where nobody said. */
  @OptimisticLock(excluded = true)
  private UUID tape;

  /** When the first run that was missed, and that none made up for, was due; or null. */
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

  /**
   * The first run is due one interval from {@code at}, or at the first time of day after it.
   *
   * @param copy null where nobody says yet what the runs make
   */
  public BackupPlan(
      UUID asset, String name, String site, Schedule schedule, Copy copy, Instant at) {
    schedule.requireSound();
    this.id = Ids.next();
    this.asset = asset;
    this.name = name;
    this.site = site;
    this.schedule = schedule;
    this.copy = copy;
    this.state = PlanState.ACTIVE;
    this.createdAt = at;
    dueAt(schedule.next(at));
  }

  /** The plan, or 404. */
  public static Uni<BackupPlan> require(UUID id) {
    return found(BackupPlan.findById(id));
  }

  /** The plan to change, locked until the transaction ends, or 404. */
  public static Uni<BackupPlan> lock(UUID id) {
    return found(BackupPlan.findById(id, LockModeType.PESSIMISTIC_WRITE));
  }

  /** Those of them that there are, to change, locked until the transaction ends. */
  public static Uni<Map<UUID, BackupPlan>> lockAll(List<UUID> ids) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select p.* from backup_plan p where p.id = any(cast(cast(?1 as text[]) as uuid[]))
                        order by p.id for no key update of p""",
                        BackupPlan.class)
                    .setParameter(1, ids.stream().map(UUID::toString).toArray(String[]::new))
                    .getResultList())
        .map(
            plans -> plans.stream().collect(Collectors.toMap(BackupPlan::id, Function.identity())));
  }

  /** The same in the version that the caller has read; 412 or 428 otherwise. */
  static Uni<BackupPlan> lock(UUID id, String ifMatch) {
    return lock(id).invoke(plan -> ETag.require(ifMatch, plan.version));
  }

  /** Those of the asset that owe runs. */
  public static Uni<List<BackupPlan>> activeOf(UUID asset) {
    return BackupPlan.list(
        "asset = ?1 and state = ?2 and assetState is null order by id", asset, PlanState.ACTIVE);
  }

  /**
   * When the newest run of those that owe runs was started whose copy is there, and no test has
   * shown to be unusable; null where there is none. One that failed made none.
   */
  static Uni<Instant> newestGoodOf(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select max(newest.started_at)
                        from backup_plan p cross join lateral (
                          select r.started_at from backup_run r
                          where r.plan = p.id and r.recovery_point <> 'UNUSABLE' and %s
                          order by r.started_at desc limit 1
                        ) newest
                        where p.asset = ?1 and p.state = 'ACTIVE' and p.asset_state is null"""
                            .formatted(KeptCopies.NOT_PRUNED),
                        Instant.class)
                    .setParameter(1, asset)
                    .getSingleResultOrNull());
  }

  /** Those of the asset that owe runs and whose newest copy counts for nothing, and why. */
  static Uni<Map<UUID, Flaw>> spoiltOf(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select p.id, %s
                        from backup_plan p cross join lateral (
                          select r.* from backup_run r
                          where r.plan = p.id and r.outcome = 'SUCCEEDED'
                          order by r.started_at desc limit 1
                        ) r
                        where p.asset = ?1 and p.state = 'ACTIVE' and p.asset_state is null
                          and (%s) is not null"""
                            .formatted(SPOILT, SPOILT),
                        Object[].class)
                    .setParameter(1, asset)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.toMap(
                            row -> (UUID) row[0], row -> Flaw.valueOf((String) row[1]))));
  }

  private static Uni<BackupPlan> found(Uni<BackupPlan> plan) {
    return plan.onItem().ifNull().failWith(() -> Problem.notFound("No plan has this id."));
  }

  PlanEvent created() {
    return new PlanEvent.Created(id, asset, schedule, nextDueAt, createdAt);
  }

  /**
   * A run that the new schedule wants in the past is due now, not late already; one that is late
   * under both stays late.
   */
  PlanEvent reschedule(Schedule to, Instant at) {
    requireNotEnded();
    to.requireSound();
    schedule = to;
    Instant last = lastSuccessAt == null ? createdAt : max(List.of(lastSuccessAt, createdAt));
    dueAt(max(List.of(to.next(last), min(List.of(nextDueAt, at)))));
    return new PlanEvent.Rescheduled(id, to, nextDueAt, at);
  }

  /** From the next run on its copies are such ones. */
  PlanEvent redirect(Copy to, Instant at) {
    requireNotEnded();
    copy = to;
    return new PlanEvent.Redirected(id, asset, at);
  }

  /** No run is missed meanwhile. {@code until} may be null: until somebody resumes it. */
  PlanEvent suspend(String reason, Instant until, Instant at) {
    if (state != PlanState.ACTIVE) {
      throw conflict("plan-not-active", "Only an active plan can be suspended.");
    }
    if (until != null && !(until.isAfter(at) && until.isBefore(at.plus(LONGEST_SUSPENSION)))) {
      throw Problem.invalid(
          List.of(new FieldError("until", "must be in the future, within 366 days")));
    }
    state = PlanState.SUSPENDED;
    suspendedUntil = until;
    return new PlanEvent.Suspended(id, reason, until, at);
  }

  /** A run that came due meanwhile is due now. */
  PlanEvent resume(Instant at) {
    if (state != PlanState.SUSPENDED) {
      throw conflict("plan-not-suspended", "Only a suspended plan can be resumed.");
    }
    state = PlanState.ACTIVE;
    suspendedUntil = null;
    dueAt(max(List.of(nextDueAt, at)));
    return new PlanEvent.Resumed(id, nextDueAt, at);
  }

  PlanEvent end(String reason, Instant at) {
    requireNotEnded();
    state = PlanState.ENDED;
    suspendedUntil = null;
    endedAt = at;
    return new PlanEvent.Ended(id, reason, at);
  }

  /** Whether a run is owed and its time, tolerance included, has passed. */
  boolean isOverdue(Instant at) {
    return state == PlanState.ACTIVE && assetState == null && overdueAt.isBefore(at);
  }

  /**
   * Every run that was owed until now and did not come, each once and in order, however long nobody
   * looked; {@value #MOST_MISSES} at once. The miss lasts until a run ends it.
   */
  List<PlanEvent> miss(Instant at) {
    List<PlanEvent> misses = new ArrayList<>();
    while (isOverdue(at) && misses.size() < MOST_MISSES) {
      long lateBy = Duration.between(nextDueAt, at).toSeconds();
      misses.add(new PlanEvent.RunMissed(id, asset, nextDueAt, lateBy, at));
      missedSince = missedSince == null ? nextDueAt : missedSince;
      dueAt(schedule.next(nextDueAt));
    }
    return misses;
  }

  /**
   * Counts a run: a successful one, newer than every other, moves the next one. It ends a miss,
   * unless it is itself so old that the run after it is overdue.
   *
   * @param onTape the tape, an asset, that it was written on, or null
   * @return the end of the miss, if it ended one
   * @throws Problem 409 when it started after the plan's end
   */
  public Optional<PlanEvent> count(
      UUID run, Instant startedAt, boolean succeeded, UUID onTape, Instant at) {
    if (state == PlanState.ENDED) {
      if (startedAt.isAfter(endedAt)) {
        throw conflict("plan-ended", "The plan ended before this run. Report it to another plan.");
      }
      return Optional.empty();
    }
    if (!succeeded || lastSuccessAt != null && !startedAt.isAfter(lastSuccessAt)) {
      return Optional.empty();
    }
    lastSuccessAt = startedAt;
    tape = onTape;
    Instant next = schedule.next(startedAt);
    dueAt(max(List.of(nextDueAt, next)));
    if (missedSince == null || next.plus(schedule.tolerance()).isBefore(at)) {
      return Optional.empty();
    }
    Instant since = missedSince;
    missedSince = null;
    return Optional.of(new PlanEvent.RunCaughtUp(id, asset, run, since, at));
  }

  /** From now on no run is owed; what becomes of the copies is for people to decide. */
  PlanEvent loseAsset(AssetState to, Instant at) {
    requireNotEnded();
    assetState = to;
    assetGoneAt = at;
    return new PlanEvent.AssetGone(id, asset, to, at);
  }

  /** What was lost is back: runs are owed again, and one that came due meanwhile is due now. */
  PlanEvent regainAsset(Instant at) {
    requireNotEnded();
    if (assetState == null) {
      throw conflict("asset-held", "The asset of this plan is not gone.");
    }
    assetState = null;
    assetGoneAt = null;
    dueAt(max(List.of(nextDueAt, at)));
    return new PlanEvent.AssetRegained(id, asset, nextDueAt, at);
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
        asset,
        name,
        site,
        schedule,
        copy,
        state,
        suspendedUntil,
        missedSince,
        assetState,
        createdAt);
  }

  long version() {
    return version;
  }

  Instant nextDueAt() {
    return nextDueAt;
  }

  /** When the newest run that made a copy was started; null where there is none. */
  Instant lastSuccessAt() {
    return lastSuccessAt;
  }

  /** What, beside decisions, makes a difference to the coverage of the asset. */
  public CopyState copyState() {
    return new CopyState(
        lastSuccessAt == null ? Flaw.NEVER_MADE : missedSince == null ? null : Flaw.OUT_OF_DATE,
        tape);
  }

  /**
   * @param flaw why the newest copy counts for nothing, as far as its plan knows
   * @param tape that it is on, or null
   */
  public record CopyState(Flaw flaw, UUID tape) {}

  Instant assetGoneAt() {
    return assetGoneAt;
  }

  /** What others may know of a plan. What runs move is told by the runs' own events. */
  public record State(
      UUID asset,
      String name,
      String site,
      Schedule schedule,
      Copy copy,
      PlanState state,
      Instant suspendedUntil,
      Instant missedSince,
      AssetState assetState,
      Instant createdAt) {}
}
