package io.vigie.access.entitlement;

import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** Whoever knows whose data stands on which asset, and who may touch it (R10.3). */
public interface EntrustedData {

  /** The clients whose data a person would reach by an entitlement, and may not touch now. */
  Uni<Set<UUID>> barred(UUID person, Entitlement entitlement);
}
