package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;

/** First and last days come by themselves: people start, and leave with all that it entails. */
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

  /** Who leaves before they start does not start. */
  @Scheduled(
      every = "${vigie.access.expire-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return Overdue.workAll(
            "the departure of person",
            (last, limit) ->
                ids(
                    "state <> ?1 and least(details.endsOn, lastDay) < ?2",
                    PersonState.LEFT,
                    today,
                    last,
                    limit),
            id -> take(id, Person::leaveIfOver))
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

  private static Uni<List<UUID>> ids(
      String condition, PersonState state, LocalDate today, UUID last, int limit) {
    return Person.find(
            "select id from Person where " + condition + " and id > ?3 order by id",
            state,
            today,
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
                  : outbox
                      .append(person, events)
                      .chain(
                          () ->
                              observers.tell(
                                  List.of(
                                      Change.of(person, person.details().businessProfile(), now))));
            });
  }
}
