package io.vigie.access.physical;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/**
 * Forgets where people were when the policy says so ({@code
 * contracts/policy/premises-retention.json}): deletes what doors told, {@value #BATCH} in a
 * transaction, and takes the names off visits. Each leaves an event that names nobody.
 */
@ApplicationScoped
class PremisesRetention {

  static final int BATCH = 5_000;

  private record Table(Period passages, Period visitors) {}

  private static final String PURGE =
      """
      delete from passage where id in
        (select id from passage where passed_at < ?1 order by passed_at, id limit ?2)""";

  private static final String NAMED =
      """
      visitor is not null and state in :over
      and coalesce(leftAt, case when state in :stopped then decidedAt end, plannedUntil)
        < :before""";

  private static final List<VisitState> STOPPED = List.of(VisitState.REFUSED, VisitState.CANCELLED);
  private static final List<VisitState> OVER =
      List.of(VisitState.LEFT, VisitState.REFUSED, VisitState.CANCELLED, VisitState.EXPIRED);

  private final Table table = PolicyTable.read("premises-retention", Table.class);
  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;

  PremisesRetention(Outbox outbox, Relay relay, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
  }

  /** What passed a door before then is not kept. */
  Instant passagesSince() {
    return before(table.passages());
  }

  /** For how long a passage is kept. */
  Period passages() {
    return table.passages();
  }

  private Instant before(Period kept) {
    return clock.instant().atOffset(ZoneOffset.UTC).minus(kept).toInstant();
  }

  @Scheduled(
      every = "${vigie.access.retention-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant before = before(table.visitors());
    return purgeAll()
        .chain(
            () ->
                Overdue.workAll(
                    "the retention of visit",
                    (last, limit) -> named(before, last, limit),
                    id -> forgetVisitor(id, before)))
        .invoke(relay::wake);
  }

  private Uni<Void> purgeAll() {
    return Panache.withTransaction(this::purge)
        .chain(purged -> purged < BATCH ? Uni.createFrom().voidItem() : purgeAll());
  }

  private Uni<Integer> purge() {
    Instant before = passagesSince();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(PURGE)
                    .setParameter(1, OffsetDateTime.ofInstant(before, ZoneOffset.UTC))
                    .setParameter(2, BATCH)
                    .executeUpdate())
        .call(
            purged ->
                purged == 0
                    ? Uni.createFrom().voidItem()
                    : outbox.appendFact(
                        "passage",
                        "purge",
                        actor.system(),
                        new PassageEvent.Purged(Ids.next(), purged, before, clock.instant())));
  }

  private static Uni<List<UUID>> named(Instant before, UUID last, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "select id from Visit where %s and id > :last order by id".formatted(NAMED),
                        UUID.class)
                    .setParameter("over", OVER)
                    .setParameter("stopped", STOPPED)
                    .setParameter("before", before)
                    .setParameter("last", last)
                    .setMaxResults(limit)
                    .getResultList());
  }

  /** Nothing for a visit that another replica has locked. */
  private Uni<Void> forgetVisitor(UUID id, Instant before) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Visit where %s and id = :id".formatted(NAMED), Visit.class)
                    .setParameter("over", OVER)
                    .setParameter("stopped", STOPPED)
                    .setParameter("before", before)
                    .setParameter("id", id)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .transformToUni(visit -> outbox.append(visit, visit.forgetVisitor(clock.instant())));
  }
}
