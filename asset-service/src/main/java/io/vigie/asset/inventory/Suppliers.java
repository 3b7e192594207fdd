package io.vigie.asset.inventory;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** Who supplies assets: those whom the register of suppliers has. */
public interface Suppliers {

  /** Those of these ids that no supplier has. */
  Uni<Set<UUID>> unknown(Collection<UUID> ids);
}
