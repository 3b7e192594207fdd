package io.vigie.backup.plan;

import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.Sweep;
import io.vigie.kernel.outbox.Outbox;

/**
 * What the passing of time does: a suspension ends, owed runs are missed, an exception is over; and
 * assets are judged by rules of a new version, or because what their copies are on has moved.
 *
 * <p>What is due is found by an index, and never by the runs.
 */
@ApplicationScoped
class PlanClock {

  private static final String SUSPENSION_OVER = "state = SUSPENDED and suspendedUntil <= :now";

  static final String OVERDUE = "state = ACTIVE and assetState is null and overdueAt < :now";

  private static final String EXCEPTION_OVER = "stage in (REQUESTED, APPROVED) and endsAt <= :now";

  private static final String TOO_OLD = "goodUntil <= :now";

  /** Two ranges, for the index: few or none were judged by other rules. */
  private static final String TO_JUDGE = "(judgedBy < :rules or judgedBy > :rules)";

  private final Sweep sweep;
  private final Outbox outbox;
  private final Coverage coverage;
  private final PlanRules rules;

  PlanClock(Sweep sweep, Outbox outbox, Coverage coverage, PlanRules rules) {
    this.sweep = sweep;
    this.outbox = outbox;
    this.coverage = coverage;
    this.rules = rules;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endSuspensions() {
    return sweep.each(
        BackupPlan.class, SUSPENSION_OVER, (plan, now) -> decide(plan, List.of(plan.resume(now))));
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findMisses() {
    return sweep.each(BackupPlan.class, OVERDUE, (plan, now) -> decide(plan, plan.miss(now)));
  }

  private Uni<Void> decide(BackupPlan plan, List<PlanEvent> decided) {
    return outbox.append(plan, decided).chain(() -> coverage.judge(plan.state().asset()));
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endExceptions() {
    return sweep.each(
        BackupException.class,
        EXCEPTION_OVER,
        (exception, now) ->
            outbox
                .append(exception, exception.expire(now))
                .chain(() -> coverage.judge(exception.state().asset())));
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findOldRuns() {
    return sweep.each(AssetCoverage.class, TOO_OLD, (asset, now) -> coverage.judge(asset));
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> judge() {
    return sweep.each(
        AssetCoverage.class, TO_JUDGE, Map.of("rules", rules.digest()), coverage::judge);
  }
}
