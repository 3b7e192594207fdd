package io.vigie.access.physical;

import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** Who may enter which zone. */
public interface ZoneRights {

  /** Whether the person has a right on the zone now. */
  Uni<Boolean> mayEnter(UUID person, UUID zone);
}
