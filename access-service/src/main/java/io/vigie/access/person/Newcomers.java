package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;

/** Registers people one by one. */
@ApplicationScoped
public class Newcomers {

  private final Outbox outbox;
  private final Observers observers;
  private final Actor actor;
  private final Clock clock;

  Newcomers(Outbox outbox, Observers observers, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.actor = actor;
    this.clock = clock;
  }

  /** Registers somebody else than the caller, in the caller's transaction. */
  public Uni<Person> register(Details details) {
    Instant now = clock.instant();
    Person person = new Person(details, actor.id(), now);
    return Relations.requireOfNewcomer(details)
        .chain(() -> Accounts.requireNoService(details.subject()))
        .chain(() -> outbox.append(person, person.joined(now)))
        .chain(() -> observers.tell(List.of(Change.of(person, null, now))))
        .replaceWith(person);
  }
}
