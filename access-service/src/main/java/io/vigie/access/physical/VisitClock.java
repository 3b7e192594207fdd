package io.vigie.access.physical;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/** Tells of visits whose planned time is over: nobody came, or somebody is still there. */
@ApplicationScoped
class VisitClock {

  private static final String OVER =
      """
      plannedUntil <= :now and overstayedAt is null
      and state in (PLANNED, APPROVED, PRESENT)""";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  VisitClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.visit-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = clock.instant();
    return Overdue.workAll(
            "the end of visit", (last, limit) -> over(now, last, limit), id -> end(id, now))
        .invoke(relay::wake);
  }

  private static Uni<List<UUID>> over(Instant now, UUID last, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "select id from Visit where %s and id > :last order by id".formatted(OVER),
                        UUID.class)
                    .setParameter("now", now)
                    .setParameter("last", last)
                    .setMaxResults(limit)
                    .getResultList());
  }

  /** Nothing for a visit that somebody else has locked: they tell of it, or the next look does. */
  private Uni<Void> end(UUID id, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Visit where %s and id = :id".formatted(OVER), Visit.class)
                    .setParameter("now", now)
                    .setParameter("id", id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .transformToUni(visit -> outbox.append(visit, visit.timeOver(now)));
  }
}
