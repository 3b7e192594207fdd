package io.vigie.access.entitlement;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

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

  /** That these people got or lost something. */
  public Uni<Void> tell(Set<UUID> people) {
    return tell(people, RightsObserver::changed);
  }

  /** That these people got something, and lost nothing. */
  public Uni<Void> tellGained(Set<UUID> people) {
    return tell(people, RightsObserver::gained);
  }

  private Uni<Void> tell(Set<UUID> people, BiFunction<RightsObserver, Set<UUID>, Uni<Void>> what) {
    return people.isEmpty()
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(observers)
            .onItem()
            .transformToUniAndConcatenate(observer -> what.apply(observer, people))
            .collect()
            .last()
            .replaceWithVoid();
  }
}
