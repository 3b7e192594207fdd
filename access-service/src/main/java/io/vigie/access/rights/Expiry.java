package io.vigie.access.rights;

import java.time.Clock;
import java.time.Instant;
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
 * Ends approved rights whose time is over, the longest overdue first, up to {@value #BATCH} a run.
 * Each ends in a transaction of its own: one that fails is logged and tried again by the next run,
 * and holds up no other.
 */
@ApplicationScoped
class Expiry {

  private static final Logger LOG = Logger.getLogger(Expiry.class);
  private static final int BATCH = 200;

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  Expiry(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "{vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> expireOverdue() {
    Instant now = clock.instant();
    return Panache.withSession(() -> Right.overdue(now, BATCH))
        .onItem()
        .transformToMulti(ids -> Multi.createFrom().iterable(ids))
        .onItem()
        .transformToUniAndConcatenate(id -> expire(id, now))
        .collect()
        .last()
        .invoke(relay::wake);
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
