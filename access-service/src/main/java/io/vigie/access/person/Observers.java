package io.vigie.access.person;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver.Change;

/** Tells all observers of people, one after the other. */
@ApplicationScoped
class Observers {

  private final List<PersonObserver> observers;

  Observers(@All List<PersonObserver> observers) {
    this.observers = observers;
  }

  Uni<Void> tell(List<Change> changes) {
    return Multi.createFrom()
        .iterable(observers)
        .onItem()
        .transformToUniAndConcatenate(observer -> observer.changed(changes))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
