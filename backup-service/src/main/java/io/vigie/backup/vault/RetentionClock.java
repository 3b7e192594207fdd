package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

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
 * Tells once that copies are to be gone, of which nobody has proven it. Each has a transaction of
 * its own, which locks it; one that fails is logged, one that somebody has locked is passed over,
 * and both are tried again by the next look.
 */
@ApplicationScoped
class RetentionClock {

  private static final int BATCH = 100;
  private static final Logger LOG = Logger.getLogger(RetentionClock.class);
  private static final String DUE =
      "keepUntil <= ?1 and dueSince is null and provenAt is null and endedAt is null";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  RetentionClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findDue() {
    return fallAllDue(clock.instant(), new UUID(0, 0));
  }

  private Uni<Void> fallAllDue(Instant now, UUID last) {
    return Panache.withSession(() -> past(now, last))
        .call(ids -> fallEachDue(ids, now))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : fallAllDue(now, ids.get(BATCH - 1)));
  }

  private Uni<Void> fallEachDue(List<UUID> ids, Instant now) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id -> fallDue(id, now))
        .collect()
        .last();
  }

  private Uni<Void> fallDue(UUID id, Instant now) {
    return Panache.withTransaction(
            () ->
                take(id, now)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(decision -> outbox.append(decision, decision.fallDue(now))))
        .onFailure()
        .invoke(
            failure ->
                LOG.errorf(failure, "decision until when copies are kept %s cannot be moved", id))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<List<UUID>> past(Instant now, UUID last) {
    return RetentionDecision.find(
            "select id from RetentionDecision where " + DUE + " and id > ?2 order by id", now, last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  /** The decision, locked, if it is still to be told and nobody else has it locked; or null. */
  private static Uni<RetentionDecision> take(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from RetentionDecision where " + DUE + " and id = ?2",
                        RetentionDecision.class)
                    .setParameter(1, now)
                    .setParameter(2, id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
