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
 * Ends accesses whose time is up, and requests that nobody decided on. Each has a transaction of
 * its own, which locks it; one that fails is logged, one that somebody has locked is passed over,
 * and both are tried again by the next look.
 */
@ApplicationScoped
class VaultClock {

  private static final int BATCH = 100;
  private static final Logger LOG = Logger.getLogger(VaultClock.class);
  private static final String OVER = "state in (REQUESTED, OPEN) and endsAt <= ?1";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  VaultClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endAccesses() {
    return endAll(clock.instant(), new UUID(0, 0));
  }

  private Uni<Void> endAll(Instant now, UUID last) {
    return Panache.withSession(() -> over(now, last))
        .call(ids -> endEach(ids, now))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH ? Uni.createFrom().voidItem() : endAll(now, ids.get(BATCH - 1)));
  }

  private Uni<Void> endEach(List<UUID> ids, Instant now) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id -> end(id, now))
        .collect()
        .last();
  }

  private Uni<Void> end(UUID id, Instant now) {
    return Panache.withTransaction(
            () ->
                take(id, now)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(access -> outbox.append(access, access.expire(now))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "access to backups %s cannot be ended", id))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<List<UUID>> over(Instant now, UUID last) {
    return BackupAccess.find(
            "select id from BackupAccess where " + OVER + " and id > ?2 order by id", now, last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  /** The access, locked, if it is still to be ended and nobody else has it locked; or null. */
  private static Uni<BackupAccess> take(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from BackupAccess where " + OVER + " and id = ?2", BackupAccess.class)
                    .setParameter(1, now)
                    .setParameter(2, id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
