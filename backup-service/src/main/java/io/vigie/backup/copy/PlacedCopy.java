package io.vigie.backup.copy;

import java.util.UUID;

/**
 * A plan's newest copy and where it is now.
 *
 * @param copy what the plan says of it; null where it says nothing
 * @param site the asset of the kind PREMISES where it is; null where nobody knows
 * @param dedicated whether what keeps it is known, and serves nothing else
 * @param flaw why it counts for nothing, or null
 */
public record PlacedCopy(UUID plan, Copy copy, UUID site, boolean dedicated, Flaw flaw) {

  /** Why a copy counts for nothing. */
  public enum Flaw {
    /** No run has succeeded yet. */
    NEVER_MADE,
    /** A run was missed, and none has made up for it. */
    OUT_OF_DATE,
    /** People have deleted it, or proven that it is gone. */
    DELETED,
    /** The last test of a restore of it failed. */
    UNUSABLE,
    /** It is kept by the asset that it is a copy of. */
    ON_THE_ASSET,
    /** The tape that it is on, or the server that keeps it, is lost or retired. */
    CARRIER_GONE
  }

  public boolean counts() {
    return flaw == null;
  }

  /** Whether it is known to be elsewhere than the asset. */
  public boolean isOffSite(UUID siteOfAsset) {
    return site != null && siteOfAsset != null && !site.equals(siteOfAsset);
  }

  boolean isOn(Medium medium) {
    return copy != null && copy.medium() == medium;
  }

  boolean isProtected() {
    return copy != null && copy.protection() != Protection.NONE;
  }
}
