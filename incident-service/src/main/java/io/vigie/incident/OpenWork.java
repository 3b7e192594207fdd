package io.vigie.incident;

import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** What other features have to have done before an incident is closed. */
public interface OpenWork {

  /** Fails with a 409 that says what is still to be done, where something is. */
  Uni<Void> requireNone(UUID incident);
}
