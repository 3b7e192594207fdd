package io.vigie.access.training;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Overdue;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/** Tells who fell overdue, and when that is over, once each. */
@ApplicationScoped
class TrainingClock {

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  TrainingClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.training-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    LocalDate today = LocalDate.now(clock);
    return Overdue.workAll(
            "the training of person",
            (last, limit) -> Standings.unnoticed(today, last, limit),
            this::fallOverdue)
        .chain(
            () ->
                Overdue.workAll(
                    "training", (last, limit) -> Standings.overcome(today, last, limit), this::end))
        .invoke(relay::wake);
  }

  /** Looked at again under the lock: another replica may have told, or an attendance come in. */
  private Uni<Void> fallOverdue(UUID person) {
    return lock(person)
        .chain(
            () ->
                Lapse.<Lapse>list("person = ?1 and stage = ?2", person, Lapse.Stage.OVERDUE)
                    .map(told -> told.stream().map(Lapse::course).collect(Collectors.toSet())))
        .chain(
            told ->
                Standings.of(person, LocalDate.now(clock)).chain(all -> fallOverdue(all, told)));
  }

  private static Uni<Void> lock(UUID person) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "training/" + person)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private Uni<Void> fallOverdue(List<Standing> standings, Set<UUID> told) {
    Instant now = clock.instant();
    return Multi.createFrom()
        .iterable(standings)
        .filter(standing -> standing.due() == TrainingDue.OVERDUE)
        .filter(standing -> !told.contains(standing.course()))
        .map(standing -> new Lapse(standing.person(), standing.course(), standing.dueOn(), now))
        .onItem()
        .transformToUniAndConcatenate(lapse -> outbox.append(lapse, lapse.overdue()))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** Nothing for a lapse that somebody else has locked: they end it, or the next look does. */
  private Uni<Void> end(UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery("from Lapse where id = ?1 and stage = ?2", Lapse.class)
                    .setParameter(1, id)
                    .setParameter(2, Lapse.Stage.OVERDUE)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .transformToUni(
            lapse ->
                Standings.of(lapse.person(), lapse.course(), LocalDate.now(clock))
                    .chain(standing -> end(lapse, standing)));
  }

  private Uni<Void> end(Lapse lapse, Standing standing) {
    if (standing != null && standing.due() == TrainingDue.OVERDUE) {
      return Uni.createFrom().voidItem();
    }
    Instant now = clock.instant();
    return outbox.append(
        lapse,
        standing != null && standing.covers(LocalDate.now(clock))
            ? lapse.renew(standing.validUntil(), now)
            : lapse.lift(now));
  }
}
