package io.vigie.backup.copy;

import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Locks on an asset, held until the transaction ends: who takes one sees what those before have
 * committed. Who needs both takes that of its fate first.
 */
public final class AssetLock {

  private AssetLock() {}

  /** Nobody else tells meanwhile that the asset was retired, lost or found. */
  public static Uni<Mutiny.Session> ofFate(UUID asset) {
    return take("asset/" + asset);
  }

  /** Nobody else places a hold on the asset meanwhile, or has a copy of it tested. */
  public static Uni<Mutiny.Session> ofHolds(UUID asset) {
    return take("backup-hold/" + asset);
  }

  private static Uni<Mutiny.Session> take(String name) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, name)
                    .getSingleResult());
  }
}
