package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/**
 * Ends rights whose time is over, suspended ones too. One that somebody has locked is passed over
 * until the next run.
 */
@ApplicationScoped
class Expiry {

  private final Outbox outbox;
  private final RightsObservers observers;
  private final Relay relay;
  private final Clock clock;

  Expiry(Outbox outbox, RightsObservers observers, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> expireOverdue() {
    Instant now = clock.instant();
    return Overdue.workAll(
            "right", (last, limit) -> overdue(now, last, limit), id -> expire(id, now))
        .invoke(relay::wake);
  }

  private static Uni<List<UUID>> overdue(Instant now, UUID last, int limit) {
    return Right.find(
            "select id from Right where state in ?1 and validUntil <= ?2 and id > ?3 order by id",
            RightState.HELD,
            now,
            last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  private Uni<Void> expire(UUID id, Instant now) {
    return take(id, now)
        .onItem()
        .ifNotNull()
        .transformToUni(
            right ->
                outbox
                    .append(right, right.expire(now))
                    .chain(() -> observers.tell(Set.of(right.person()))));
  }

  /** Null where its time is not over, and while somebody else has it locked. */
  private static Uni<Right> take(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Right where id = ?1 and state in ?2 and validUntil <= ?3",
                        Right.class)
                    .setParameter(1, id)
                    .setParameter(2, RightState.HELD)
                    .setParameter(3, now)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
