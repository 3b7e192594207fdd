package io.vigie.access.approval;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Overdue;
import io.vigie.access.person.PersonObserver;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * Ends delegations with their time, and with the departure of either person. What counts is the
 * time and not this: a delegation whose time is over gives nothing, whether or not it was noted.
 */
@ApplicationScoped
class DelegationEnds implements PersonObserver {

  private static final String LEFT = "The person left.";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  DelegationEnds(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endOverdue() {
    Instant now = clock.instant();
    return Overdue.workAll(
            "delegation", (last, limit) -> overdue(now, last, limit), id -> end(id, now))
        .invoke(relay::wake);
  }

  private static Uni<List<UUID>> overdue(Instant now, UUID last, int limit) {
    return Delegation.find(
            "select id from Delegation where state = ?1 and validUntil <= ?2 and id > ?3 order by id",
            DelegationState.OPEN,
            now,
            last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  private Uni<Void> end(UUID id, Instant now) {
    return Delegation.<Delegation>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .chain(
            delegation ->
                delegation.state().state() == DelegationState.OPEN
                    ? outbox.append(delegation, delegation.end(now))
                    : Uni.createFrom().voidItem());
  }

  @Override
  public Uni<Void> changed(List<Change> changes) {
    return Multi.createFrom()
        .iterable(changes)
        .filter(Change::isDeparture)
        .onItem()
        .transformToUniAndConcatenate(this::revokeAll)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> revokeAll(Change leaver) {
    return Delegation.<Delegation>find(
            "(person = ?1 or substitute = ?1) and state = ?2 order by id",
            leaver.person(),
            DelegationState.OPEN)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(
            open ->
                Multi.createFrom()
                    .iterable(open)
                    .onItem()
                    .transformToUniAndConcatenate(
                        each -> outbox.append(each, each.revoke(LEFT, leaver.at())))
                    .collect()
                    .last()
                    .replaceWithVoid());
  }
}
