package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.kernel.outbox.SnapshotSource;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * Service accounts as people and time pass: a departure leaves nobody to answer for one, which
 * waits for access managers from then on; and one whose time is over ends.
 */
@ApplicationScoped
class ServiceAccounts implements PersonObserver, Task.Source, SnapshotSource {

  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  ServiceAccounts(Outbox outbox, Relay relay, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<Void> changed(List<Change> changes) {
    List<UUID> leavers = changes.stream().filter(Change::isDeparture).map(Change::person).toList();
    if (leavers.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Instant at = changes.get(0).at();
    return ServiceAccount.<ServiceAccount>find(
            "responsible in ?1 and state <> ?2 order by id", leavers, ServiceAccountState.ENDED)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(account -> outbox.append(account, account.orphan(at)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = clock.instant();
    return Overdue.workAll(
            "service account",
            (last, limit) ->
                ServiceAccount.find(
                        "select id from ServiceAccount where state <> ?1 and validUntil <= ?2"
                            + " and id > ?3 order by id",
                        ServiceAccountState.ENDED,
                        now,
                        last)
                    .project(UUID.class)
                    .range(0, limit - 1)
                    .list(),
            id ->
                ServiceAccount.take(id)
                    .chain(account -> outbox.append(account, account.endIfOver(now))))
        .invoke(relay::wake);
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return ServiceAccount.<ServiceAccount>find(
            "orphanedAt > ?1 or orphanedAt = ?1 and id > ?2 order by orphanedAt, id",
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(accounts -> accounts.stream().map(ServiceAccounts::takeOver).toList());
  }

  private static Task takeOver(ServiceAccount account) {
    return new Task(
        account.id(),
        "service-account.take-over",
        "service-account/" + account.id(),
        "/v1/service-accounts/" + account.id(),
        account.state().orphanedAt(),
        null);
  }

  @Override
  public Uni<List<ServiceAccount>> page(UUID after, int limit) {
    return ServiceAccount.<ServiceAccount>find(
            "id > ?1 order by id", after == null ? new UUID(0, 0) : after)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .range(0, limit - 1)
        .list();
  }
}
