package io.vigie.asset.inventory;

/** Where an asset is in its life. */
public enum AssetState {
  /** Found on the network or by a tool, and nobody's yet: to be adopted or rejected (R3.1). */
  DISCOVERED,
  ORDERED,
  IN_STOCK,
  IN_SERVICE,
  IN_REPAIR,
  LOST,
  /** Out of use; what it holds is still on it. */
  RETIRED,
  /** What it held is gone, and there is evidence of that. */
  SANITISED,
  DISPOSED,
  /** What was discovered is not the agency's. */
  REJECTED;

  /** Whether it is ours to use, so that somebody must own it. */
  public boolean isHeld() {
    return this == ORDERED || this == IN_STOCK || this == IN_SERVICE || this == IN_REPAIR;
  }

  /** Whether somebody answers for it: it is ours to use, may turn out to be, or may come back. */
  public boolean isAnsweredFor() {
    return isHeld() || this == DISCOVERED || this == LOST;
  }
}
