package io.vigie.access.entitlement;

import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/**
 * Whoever keeps something that depends on what people may do. Told in the transaction in which
 * people get or lose a right, after the change is stored; what fails undoes the change.
 */
public interface RightsObserver {

  /** What these {@code people} may do has changed, of each at least one right. */
  Uni<Void> changed(Set<UUID> people);

  /** The same, where it is known that they lost nothing. */
  default Uni<Void> gained(Set<UUID> people) {
    return changed(people);
  }
}
