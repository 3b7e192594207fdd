package io.vigie.access.client;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;

/** Ends accesses whose ground is gone, all of them in the transaction that takes it away. */
@ApplicationScoped
class CeasedAccess implements PersonObserver {

  private final Outbox outbox;
  private final Actor actor;

  CeasedAccess(Outbox outbox, Actor actor) {
    this.outbox = outbox;
    this.actor = actor;
  }

  @Override
  public Uni<Void> changed(List<Change> changes) {
    return Multi.createFrom()
        .iterable(changes.stream().filter(Change::isDeparture).toList())
        .onItem()
        .transformToUniAndConcatenate(
            change ->
                takeLive("person", change.person())
                    .chain(all -> cease(all, "The person left.", change.at())))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** The client, which is locked, gives no ground any more. */
  Uni<Void> ending(Client client, String reason, Instant at) {
    return takeLive("client", client.id()).chain(all -> cease(all, reason, at));
  }

  /** By id, each locked until the transaction ends. */
  private static Uni<List<ClientAccess>> takeLive(String of, UUID id) {
    return ClientAccess.<ClientAccess>find(
            of + " = ?1 and state in ?2 order by id", id, ClientAccessState.LIVE)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  private Uni<Void> cease(List<ClientAccess> accesses, String reason, Instant at) {
    return Multi.createFrom()
        .iterable(accesses)
        .onItem()
        .transformToUniAndConcatenate(
            access -> outbox.append(access, access.cease(reason, actor.id(), at)))
        .collect()
        .last();
  }
}
