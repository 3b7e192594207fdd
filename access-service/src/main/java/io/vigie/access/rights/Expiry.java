package io.vigie.access.rights;

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
import org.jboss.logging.Logger;

/**
 * Ends approved rights whose time is over: all of them in each run, {@value #BATCH} ids at a time.
 * Each ends in a transaction of its own. One that fails is logged and one that somebody has locked
 * is passed over; both are tried again by the next run, and hold up no other.
 */
@ApplicationScoped
class Expiry {

  private static final Logger LOG = Logger.getLogger(Expiry.class);
  static final int BATCH = 50;

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  Expiry(Outbox outbox, Relay relay, Clock clock) {
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
    return Panache.withSession(() -> Right.overdue(now, last, BATCH))
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
                Right.takeOverdue(id, now)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(right -> outbox.append(right, right.expire(now))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "right %s is overdue and did not expire", id))
        .onFailure()
        .recoverWithNull();
  }
}
