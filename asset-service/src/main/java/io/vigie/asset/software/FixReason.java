package io.vigie.asset.software;

/** How a vulnerability came to its end. */
public enum FixReason {
  /** The asset holds the component no more. */
  COMPONENT_GONE,
  /** The advisory names the component's version no more. */
  OUT_OF_RANGE,
  /** The asset was retired or lost. */
  ASSET_GONE,
  /** Somebody says so. */
  BY_HAND
}
