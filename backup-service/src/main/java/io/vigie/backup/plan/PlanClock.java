package io.vigie.backup.plan;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * What the passing of time does: a suspension ends, owed runs are missed, an exception is over; and
 * assets are judged by rules of a new version, or because what their copies are on has moved.
 *
 * <p>Each look comes to all that are due, {@value #BATCH} ids at a time, by an index and never by
 * the runs. Each has a transaction of its own, which locks it, so that of two replicas one
 * publishes what happened. One that fails is logged and one that somebody has locked is passed
 * over; both are tried again by the next look, and hold up no other.
 */
@ApplicationScoped
class PlanClock {

  static final int BATCH = 100;

  private static final Logger LOG = Logger.getLogger(PlanClock.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String SUSPENSION_OVER = "state = SUSPENDED and suspendedUntil <= :now";

  private static final String OVERDUE =
      "state = ACTIVE and assetState is null and overdueAt < :now";

  private static final String EXCEPTION_OVER = "stage in (REQUESTED, APPROVED) and endsAt <= :now";

  /** Two ranges, for the index: few or none were judged by other rules. */
  private static final String TO_JUDGE = "(judgedBy < :rules or judgedBy > :rules)";

  private final Outbox outbox;
  private final Coverage coverage;
  private final PlanRules rules;
  private final Relay relay;
  private final Clock clock;

  PlanClock(Outbox outbox, Coverage coverage, PlanRules rules, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.coverage = coverage;
    this.rules = rules;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endSuspensions() {
    Instant now = clock.instant();
    return toAll(
        BackupPlan.class,
        SUSPENSION_OVER,
        Map.of("now", now),
        plan -> decide(plan, List.of(plan.resume(now))),
        BEFORE_ALL);
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findMisses() {
    Instant now = clock.instant();
    return toAll(
        BackupPlan.class,
        OVERDUE,
        Map.of("now", now),
        plan -> decide(plan, plan.miss(now)),
        BEFORE_ALL);
  }

  private Uni<Void> decide(BackupPlan plan, List<PlanEvent> decided) {
    return outbox.append(plan, decided).chain(() -> coverage.judge(plan.state().asset()));
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endExceptions() {
    Instant now = clock.instant();
    return toAll(
        BackupException.class,
        EXCEPTION_OVER,
        Map.of("now", now),
        exception ->
            outbox
                .append(exception, exception.expire(now))
                .chain(() -> coverage.judge(exception.state().asset())),
        BEFORE_ALL);
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> judge() {
    return toAll(
        AssetCoverage.class,
        TO_JUDGE,
        Map.of("rules", rules.digest()),
        coverage::judge,
        BEFORE_ALL);
  }

  private <T> Uni<Void> toAll(
      Class<T> type,
      String condition,
      Map<String, Object> values,
      Function<T, Uni<Void>> act,
      UUID last) {
    return Panache.withSession(() -> due(type, condition, values, last))
        .call(ids -> toEach(ids, type, condition, values, act))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : toAll(type, condition, values, act, ids.get(BATCH - 1)));
  }

  private static <T> Uni<Void> toEach(
      List<UUID> ids,
      Class<T> type,
      String condition,
      Map<String, Object> values,
      Function<T, Uni<Void>> act) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(
            id ->
                Panache.withTransaction(
                        () ->
                            take(type, condition, values, id)
                                .onItem()
                                .ifNotNull()
                                .transformToUni(act::apply))
                    .onFailure()
                    .invoke(
                        failure ->
                            LOG.errorf(
                                failure, "the clock cannot move %s %s", type.getSimpleName(), id))
                    .onFailure()
                    .recoverWithNull())
        .collect()
        .last();
  }

  private static Uni<List<UUID>> due(
      Class<?> type, String condition, Map<String, Object> values, UUID last) {
    return Panache.getSession()
        .chain(
            session ->
                bound(
                        session.createSelectionQuery(
                            "select id from %s where %s and id > :last order by id"
                                .formatted(type.getSimpleName(), condition),
                            UUID.class),
                        values)
                    .setParameter("last", last)
                    .setMaxResults(BATCH)
                    .getResultList());
  }

  /** The one of this id, locked, if it is still due and nobody else has it locked; or null. */
  private static <T> Uni<T> take(
      Class<T> type, String condition, Map<String, Object> values, UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                bound(
                        session.createSelectionQuery(
                            "from %s where %s and id = :id"
                                .formatted(type.getSimpleName(), condition),
                            type),
                        values)
                    .setParameter("id", id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }

  private static <R> Mutiny.SelectionQuery<R> bound(
      Mutiny.SelectionQuery<R> query, Map<String, Object> values) {
    values.forEach(query::setParameter);
    return query;
  }
}
