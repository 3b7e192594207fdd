package io.vigie.backup.plan;

import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** What depends on how an asset is backed up, beside its coverage. */
public interface BackupWatcher {

  /**
   * Something about the asset, its plans or the rules may have changed. Called in the transaction
   * that changes it, which holds the asset.
   *
   * @param isPlanned whether an active plan backs it up
   */
  Uni<Void> judged(UUID asset, AssetFacts facts, boolean isPlanned);
}
