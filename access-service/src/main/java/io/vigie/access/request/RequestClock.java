package io.vigie.access.request;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightEvent;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * What happens to requests when nobody does anything: those that nobody decided lapse, and
 * emergencies of which nobody said why in time are told, and end where they still last.
 */
@ApplicationScoped
class RequestClock {

  private static final String WAITING =
      "(state = REQUESTED or state = APPROVED and asked.renewalUntil is not null) and asked.at <= ?1";

  private static final String OWED =
      "emergency.justifyBy <= ?1 and emergency.justified.at is null and emergency.missedAt is null";

  private final ApprovalPaths paths;
  private final Outbox outbox;
  private final RightsObservers observers;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  RequestClock(
      ApprovalPaths paths,
      Outbox outbox,
      RightsObservers observers,
      Relay relay,
      Actor actor,
      Clock clock) {
    this.paths = paths;
    this.outbox = outbox;
    this.observers = observers;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = clock.instant();
    Instant asked = now.minus(paths.lapseAfter());
    return Overdue.workAll(
            "request", (last, limit) -> due(WAITING, asked, last, limit), id -> lapse(id, asked))
        .chain(
            () ->
                Overdue.workAll(
                    "emergency", (last, limit) -> due(OWED, now, last, limit), id -> tell(id, now)))
        .invoke(relay::wake);
  }

  private static Uni<List<UUID>> due(String which, Instant until, UUID last, int limit) {
    return Right.find(
            "select id from Right where " + which + " and id > ?2 order by id", until, last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  /** The right, locked, if it is still as {@code which} says; null otherwise. */
  private static Uni<Right> take(UUID id, String which, Instant until) {
    return Right.<Right>find("from Right where " + which + " and id = ?2", until, id)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResult();
  }

  private Uni<Void> lapse(UUID id, Instant asked) {
    return take(id, WAITING, asked)
        .onItem()
        .ifNotNull()
        .transformToUni(right -> outbox.append(right, right.lapse(clock.instant())));
  }

  private Uni<Void> tell(UUID id, Instant now) {
    return take(id, OWED, now)
        .onItem()
        .ifNotNull()
        .transformToUni(
            right ->
                outbox
                    .append(right, unjustified(right, now))
                    .chain(() -> observers.tell(Set.of(right.person()))));
  }

  private List<RightEvent> unjustified(Right right, Instant now) {
    RightEvent told = right.unjustified(now);
    Right.State state = right.state();
    return state.state() == RightState.APPROVED && state.validUntil().isAfter(now)
        ? List.of(
            told,
            right.revoke(new Act(actor.system(), now, "Nobody said in time what it was for.")))
        : List.of(told);
  }
}
