package io.vigie.asset;

/** Where an asset is in its life. */
public enum AssetState {
  IN_STOCK,
  IN_SERVICE,
  RETIRED,
  LOST;

  /** Whether it is still ours to use: a retired or lost asset changes no more. */
  boolean isHeld() {
    return this == IN_STOCK || this == IN_SERVICE;
  }
}
