package io.vigie.backup.restore;

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
 * Tells once that no restore of an asset was tested in time. Each has a transaction of its own,
 * which locks it; one that fails is logged, one that somebody has locked is passed over, and both
 * are tried again by the next look.
 */
@ApplicationScoped
class RestoreClock {

  private static final int BATCH = 100;
  private static final Logger LOG = Logger.getLogger(RestoreClock.class);
  private static final String OVERDUE = "dueAt < ?1 and overdueSince is null";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  RestoreClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findOverdue() {
    return missAll(clock.instant(), new UUID(0, 0));
  }

  private Uni<Void> missAll(Instant now, UUID last) {
    return Panache.withSession(() -> overdue(now, last))
        .call(ids -> missEach(ids, now))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : missAll(now, ids.get(BATCH - 1)));
  }

  private Uni<Void> missEach(List<UUID> ids, Instant now) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id -> miss(id, now))
        .collect()
        .last();
  }

  private Uni<Void> miss(UUID id, Instant now) {
    return Panache.withTransaction(
            () ->
                take(id, now)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(duty -> outbox.append(duty, duty.miss(now))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "duty to test a restore of %s cannot be moved", id))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<List<UUID>> overdue(Instant now, UUID last) {
    return RestoreDuty.find(
            "select id from RestoreDuty where " + OVERDUE + " and id > ?2 order by id", now, last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  /** The duty, locked, if it is still to be told and nobody else has it locked; or null. */
  private static Uni<RestoreDuty> take(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from RestoreDuty where " + OVERDUE + " and id = ?2", RestoreDuty.class)
                    .setParameter(1, now)
                    .setParameter(2, id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
