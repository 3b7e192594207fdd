package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/**
 * First and last days come by themselves: people start, and leave with all that it entails. So do
 * moves to another manager, site or profile.
 */
@ApplicationScoped
class PersonClock {

  private final Outbox outbox;
  private final Observers observers;
  private final Relay relay;
  private final Clock clock;

  PersonClock(Outbox outbox, Observers observers, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.relay = relay;
    this.clock = clock;
  }

  /**
   * In the order of the days: whoever left before somebody's move neither moves nor leads from then
   * on. Who leaves before they start does not start.
   */
  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return daysOfMoves(today)
        .chain(
            days ->
                Multi.createFrom()
                    .iterable(days)
                    .onItem()
                    .transformToUniAndConcatenate(day -> departures(day).chain(() -> moves(day)))
                    .collect()
                    .last())
        .chain(() -> departures(today))
        .chain(
            () ->
                Overdue.workAll(
                    "the first day of person",
                    (last, limit) ->
                        ids(
                            "state = ?1 and details.joinedOn <= ?2",
                            PersonState.ANNOUNCED,
                            today,
                            last,
                            limit),
                    id -> take(id, Person::start)))
        .invoke(relay::wake);
  }

  private static Uni<List<LocalDate>> daysOfMoves(LocalDate today) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createSelectionQuery(
                                """
                                select distinct plannedMove.movesOn from Person
                                where plannedMove.movesOn <= ?1 and plannedMove.refusedAt is null
                                order by 1""",
                                LocalDate.class)
                            .setParameter(1, today)
                            .getResultList()));
  }

  /** Of those whose last day was before {@code day}. */
  private Uni<Void> departures(LocalDate day) {
    return Overdue.workAll(
        "the departure of person",
        (last, limit) ->
            ids(
                "state <> ?1 and least(details.endsOn, lastDay) < ?2",
                PersonState.LEFT,
                day,
                last,
                limit),
        id -> take(id, Person::leaveIfOver));
  }

  private Uni<Void> moves(LocalDate day) {
    return Overdue.workAll(
        "the move of person",
        (last, limit) ->
            ids(
                "state <> ?1 and plannedMove.movesOn = ?2 and plannedMove.refusedAt is null",
                PersonState.LEFT,
                day,
                last,
                limit),
        id ->
            Relations.alone()
                .chain(() -> Person.takeAlone(id))
                .chain(person -> move(person, clock.instant())));
  }

  /** What cannot be is refused and waits for access managers; nothing of it is done. */
  private Uni<Void> move(Person person, Instant now) {
    if (!person.isToMove(now)) {
      return Uni.createFrom().voidItem();
    }
    PlannedMove move = person.plannedMove();
    String formerProfile = person.details().businessProfile();
    return Relations.requireToLead(person.id(), move.manager(), move.movesOn())
        .map(possible -> person.move(now))
        .onFailure(Problem.class)
        .recoverWithItem(problem -> person.refuseMove(((Problem) problem).code(), now))
        .chain(event -> keep(person, formerProfile, List.of(event), now))
        .chain(() -> Relations.requireNoCircle(List.of(person.id())));
  }

  private static Uni<List<UUID>> ids(
      String condition, PersonState state, LocalDate day, UUID last, int limit) {
    return Person.find(
            "select id from Person where " + condition + " and id > ?3 order by id",
            state,
            day,
            last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  private Uni<Void> take(UUID id, BiFunction<Person, Instant, List<PersonEvent>> step) {
    return Person.takeAlone(id)
        .chain(
            person -> {
              Instant now = clock.instant();
              List<PersonEvent> events = step.apply(person, now);
              return events.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : keep(person, person.details().businessProfile(), events, now);
            });
  }

  private Uni<Void> keep(
      Person person, String formerProfile, List<PersonEvent> events, Instant now) {
    return outbox
        .append(person, events)
        .chain(() -> observers.tell(List.of(Change.of(person, formerProfile, now))));
  }
}
