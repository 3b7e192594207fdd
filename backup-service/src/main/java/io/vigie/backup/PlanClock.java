package io.vigie.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/**
 * What the passing of time does to plans: a suspension ends, an owed run is missed.
 *
 * <p>Each batch is one transaction that locks its plans and passes over those that are locked, so
 * that replicas share the work and neither publishes what the other did; a plan that a run report
 * holds just now is looked at the next time. A batch that fails changes nothing, and is tried again
 * the next time too.
 */
@ApplicationScoped
class PlanClock {

  static final int BATCH = 100;

  private static final String SUSPENSION_OVER =
      "from BackupPlan where state = SUSPENDED and suspendedUntil <= ?1 order by suspendedUntil";

  private static final String NEWLY_OVERDUE =
      """
      from BackupPlan
      where state = ACTIVE and missedSince is null and assetState is null and overdueAt < ?1
      order by overdueAt""";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  PlanClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return toAll(SUSPENSION_OVER, BackupPlan::resume)
        .chain(() -> toAll(NEWLY_OVERDUE, BackupPlan::miss));
  }

  private Uni<Void> toAll(String query, BiFunction<BackupPlan, Instant, BackupEvent> decision) {
    Instant now = clock.instant();
    return Panache.withTransaction(
            () -> lock(query, now).call(plans -> decide(plans, decision, now)))
        .invoke(relay::wake)
        .chain(
            plans -> plans.size() < BATCH ? Uni.createFrom().voidItem() : toAll(query, decision));
  }

  private static Uni<List<BackupPlan>> lock(String query, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(query, BackupPlan.class)
                    .setParameter(1, now)
                    .setMaxResults(BATCH)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList());
  }

  private Uni<Void> decide(
      List<BackupPlan> plans, BiFunction<BackupPlan, Instant, BackupEvent> decision, Instant now) {
    return Multi.createFrom()
        .iterable(plans)
        .onItem()
        .transformToUniAndConcatenate(plan -> outbox.append(plan, decision.apply(plan, now)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
