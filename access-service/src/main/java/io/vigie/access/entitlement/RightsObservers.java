package io.vigie.access.entitlement;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/** Tells all observers of rights, one after the other. */
@ApplicationScoped
public class RightsObservers {

  private final List<RightsObserver> observers;

  RightsObservers(@All List<RightsObserver> observers) {
    this.observers = observers;
  }

  public Uni<Void> tell(Set<UUID> people) {
    return people.isEmpty()
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(observers)
            .onItem()
            .transformToUniAndConcatenate(observer -> observer.changed(people))
            .collect()
            .last()
            .replaceWithVoid();
  }
}
