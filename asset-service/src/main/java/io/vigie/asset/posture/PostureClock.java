package io.vigie.asset.posture;

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
 * What the passing of time does: facts become too old, exemptions end, and rules of a new version
 * are there.
 *
 * <p>Each look comes to all that are due, {@value #BATCH} ids at a time. Each has a transaction of
 * its own, which locks it, so that of two replicas one publishes what happened. One that fails is
 * logged and one that somebody has locked is passed over; both are tried again by the next look,
 * and hold up no other.
 */
@ApplicationScoped
class PostureClock {

  static final int BATCH = 100;

  private static final Logger LOG = Logger.getLogger(PostureClock.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  /** Two ranges, for the index: few or none were judged by other rules. */
  private static final String TO_JUDGE =
      "inService = true and (dueAt <= :now or judgedBy < :rules or judgedBy > :rules)";

  private static final String OVER = "stage in (REQUESTED, APPROVED) and endsAt <= :now";

  private final Postures postures;
  private final PostureRules rules;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  PostureClock(Postures postures, PostureRules rules, Outbox outbox, Relay relay, Clock clock) {
    this.postures = postures;
    this.rules = rules;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.asset.posture-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> judge() {
    return toAll(
        Posture.class,
        TO_JUDGE,
        Map.of("now", clock.instant(), "rules", rules.digest()),
        postures::judge,
        BEFORE_ALL);
  }

  @Scheduled(
      every = "${vigie.asset.posture-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endExemptions() {
    Instant now = clock.instant();
    return toAll(
        Exemption.class,
        OVER,
        Map.of("now", now),
        exemption ->
            outbox
                .append(exemption, exemption.expire(now))
                .chain(() -> postures.judge(exemption.state().asset()))
                .replaceWithVoid(),
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
