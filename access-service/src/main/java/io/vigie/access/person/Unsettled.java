package io.vigie.access.person;

import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** What must be over before it is forgotten who a leaver was, as told by those who know of it. */
public interface Unsettled {

  /** Fails with 409, and what to do, while there is any of it. */
  Uni<Void> requireNone(UUID person);
}
