package io.vigie.backup.restore;

/** How much of a restore was tested; each is more than the one before. */
enum Depth {
  /** The repository's checksums. */
  L0,
  /** A sample of files, compared with the manifest. */
  L1,
  /** All of it, restored into a sandbox. */
  L2,
  /** An application worked on what was restored. */
  L3;

  boolean isAtLeast(Depth other) {
    return compareTo(other) >= 0;
  }
}
