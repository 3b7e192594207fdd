package io.vigie.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * What the passing of time does to plans: a suspension ends, an owed run is missed.
 *
 * <p>Each look, for one or the other, comes to all plans concerned, {@value #BATCH} ids at a time.
 * Each plan has a transaction of its own, which locks it, so that of two replicas one publishes
 * what happened. A plan that fails is logged and one that somebody has locked is passed over; both
 * are tried again by the next look, and hold up no other.
 */
@ApplicationScoped
class PlanClock {

  static final int BATCH = 100;

  private static final Logger LOG = Logger.getLogger(PlanClock.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String SUSPENSION_OVER = "state = SUSPENDED and suspendedUntil <= ?1";

  private static final String NEWLY_OVERDUE =
      "state = ACTIVE and missedSince is null and assetState is null and overdueAt < ?1";

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
  Uni<Void> endSuspensions() {
    return toAll(SUSPENSION_OVER, BackupPlan::resume, clock.instant(), BEFORE_ALL);
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findMisses() {
    return toAll(NEWLY_OVERDUE, BackupPlan::miss, clock.instant(), BEFORE_ALL);
  }

  private Uni<Void> toAll(
      String condition,
      BiFunction<BackupPlan, Instant, BackupEvent> decision,
      Instant now,
      UUID last) {
    return Panache.withSession(() -> due(condition, now, last))
        .call(ids -> toEach(ids, condition, decision, now))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : toAll(condition, decision, now, ids.get(BATCH - 1)));
  }

  private Uni<Void> toEach(
      List<UUID> ids,
      String condition,
      BiFunction<BackupPlan, Instant, BackupEvent> decision,
      Instant now) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id -> to(id, condition, decision, now))
        .collect()
        .last();
  }

  private Uni<Void> to(
      UUID id,
      String condition,
      BiFunction<BackupPlan, Instant, BackupEvent> decision,
      Instant now) {
    return Panache.withTransaction(
            () ->
                take(id, condition, now)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(plan -> outbox.append(plan, decision.apply(plan, now))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "the clock cannot move plan %s", id))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<List<UUID>> due(String condition, Instant now, UUID last) {
    return BackupPlan.find(
            "select id from BackupPlan where " + condition + " and id > ?2 order by id", now, last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  /** The plan, locked, if the condition still holds and nobody else has it locked; or null. */
  private static Uni<BackupPlan> take(UUID id, String condition, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from BackupPlan where " + condition + " and id = ?2", BackupPlan.class)
                    .setParameter(1, now)
                    .setParameter(2, id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
