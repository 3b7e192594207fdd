package io.vigie.asset.deployment;

import java.util.Set;

/** How a deployment came out. */
public enum Outcome {
  SUCCEEDED,
  FAILED,
  ROLLED_BACK;

  /** What it may still turn out to be. */
  Set<Outcome> later() {
    return switch (this) {
      case SUCCEEDED -> Set.of(FAILED, ROLLED_BACK);
      case FAILED -> Set.of(ROLLED_BACK);
      case ROLLED_BACK -> Set.of();
    };
  }
}
