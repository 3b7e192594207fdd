package io.vigie.access.client;

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
 * Ends accesses, and requests, whose time or whose contract's is over: all of them in each run,
 * {@value #BATCH} ids at a time. Each ends in a transaction of its own. One that fails is logged
 * and one that somebody has locked is passed over; both are tried again by the next run, and hold
 * up no other.
 */
@ApplicationScoped
class ClientAccessExpiry {

  private static final Logger LOG = Logger.getLogger(ClientAccessExpiry.class);
  private static final int BATCH = 50;
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  /**
   * Its own time is over by ?1, or that of the contract whose clause it rests on: also replaced.
   */
  private static final String OVERDUE =
      """
      from ClientAccess a where a.state in (REQUESTED, APPROVED) and (a.period.validUntil <= ?1
        or a.purpose.ground = CLAUSE and exists
          (select 1 from Client c where c.id = a.client
            and (c.contractOver <= ?1 or c.contract.file <> a.purpose.file)))""";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  ClientAccessExpiry(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> expireOverdue() {
    return expireAfter(BEFORE_ALL, clock.instant());
  }

  private Uni<Void> expireAfter(UUID last, Instant now) {
    return Panache.withSession(() -> overdue(now, last))
        .call(ids -> expireEach(ids, now))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : expireAfter(ids.get(BATCH - 1), now));
  }

  private Uni<Void> expireEach(List<UUID> ids, Instant now) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id -> expire(id, now))
        .collect()
        .last();
  }

  private Uni<Void> expire(UUID id, Instant now) {
    return Panache.withTransaction(
            () ->
                takeOverdue(id, now)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(access -> outbox.append(access, access.expire(now))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "access %s is overdue and did not expire", id))
        .onFailure()
        .recoverWithNull();
  }

  /** The ids of the first of them after {@code last}, in order. */
  private static Uni<List<UUID>> overdue(Instant now, UUID last) {
    return ClientAccess.find("select a.id " + OVERDUE + " and a.id > ?2 order by a.id", now, last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  /** The access, locked, if its time is still over; or null, also while another has it locked. */
  private static Uni<ClientAccess> takeOverdue(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(OVERDUE + " and a.id = ?2", ClientAccess.class)
                    .setParameter(1, now)
                    .setParameter(2, id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
