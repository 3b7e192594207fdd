package io.vigie.access.physical;

import java.util.List;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Right;
import io.vigie.access.person.PersonObserver;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.outbox.Outbox;

/**
 * A leaver's badge opens nothing from then on, and nobody comes to see them. Badges and keys that
 * they still have are tasks for access managers ({@link PremisesTasks}).
 */
@ApplicationScoped
class PremisesOfLeavers implements PersonObserver {

  private static final String REASON = "The person left.";

  private final Outbox outbox;
  private final Actor actor;

  PremisesOfLeavers(Outbox outbox, Actor actor) {
    this.outbox = outbox;
    this.actor = actor;
  }

  @Override
  public Uni<Void> changed(List<Change> changes) {
    List<Change> leavers = changes.stream().filter(Change::isDeparture).toList();
    return leavers.isEmpty()
        ? Uni.createFrom().voidItem()
        : Right.lockAllOf(leavers.stream().map(Change::person).toList())
            .chain(() -> departAll(leavers));
  }

  private Uni<Void> departAll(List<Change> leavers) {
    return Multi.createFrom()
        .iterable(leavers)
        .onItem()
        .transformToUniAndConcatenate(this::depart)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> depart(Change leaver) {
    return Badge.<Badge>find(
            "person = ?1 and state = ?2 order by id", leaver.person(), BadgeState.ACTIVE)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(badges -> each(badges, badge -> badge.revoke(REASON, actor.id(), leaver.at())))
        .chain(
            () ->
                Visit.<Visit>find(
                        "host = ?1 and state in ?2 order by id", leaver.person(), VisitState.AHEAD)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .list())
        .chain(visits -> each(visits, visit -> visit.cancel(REASON, actor.id(), leaver.at())));
  }

  private <A extends Aggregate> Uni<Void> each(
      List<A> some, Function<A, ? extends DomainEvent> decision) {
    return Multi.createFrom()
        .iterable(some)
        .onItem()
        .transformToUniAndConcatenate(one -> outbox.append(one, decision.apply(one)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
