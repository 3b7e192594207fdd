package io.vigie.backup.vault;

import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.AssetLock;
import io.vigie.kernel.Problem;

/**
 * Assets that are lost or stolen: their copies may be all that is left of them (R12.1), and are on
 * hold whatever retention says.
 */
final class LostAssets {

  private LostAssets() {}

  /** Fails with 409 while the asset is lost; it is not told to be so before what follows is. */
  static Uni<Void> requireNotLost(UUID asset) {
    return AssetLock.ofFate(asset)
        .chain(() -> isLost(asset))
        .invoke(
            lost -> {
              if (lost) {
                throw Problem.conflict("backups-held", refusal(asset));
              }
            })
        .replaceWithVoid();
  }

  static Uni<Boolean> isLost(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select count(*) from gone_asset
                        where asset_id = ?1 and asset_state = 'LOST'""",
                        Long.class)
                    .setParameter(1, asset)
                    .getSingleResult())
        .map(lost -> lost > 0);
  }

  /** What is said where the asset is lost. */
  static String refusal(UUID asset) {
    return "The asset %s is lost or stolen, and its copies may be all that is left of it. Keep this one until asset-service records that it was found: POST /v1/assets/%1$s/recovery."
        .formatted(asset);
  }
}
