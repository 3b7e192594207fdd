package io.vigie.backup.plan;

/** Why an asset can be backed up no more; the names are those of asset-service. */
public enum AssetState {
  /** Somebody must decide how long its copies are kept. */
  RETIRED,
  /** Its copies may be all that is left of it: they are on hold. */
  LOST
}
