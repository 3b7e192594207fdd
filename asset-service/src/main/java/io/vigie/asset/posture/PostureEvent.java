package io.vigie.asset.posture;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact about an asset's protection; the id is the asset's. */
public sealed interface PostureEvent extends DomainEvent {

  /**
   * The asset no longer does what a rule asks, or another fact breaks a rule that was broken
   * already.
   *
   * @param policy the clause that the rule is for
   * @param found what broke it; null where nothing is known
   * @param graceUntil when the breach begins to count
   */
  record Breached(
      UUID aggregateId, String rule, String policy, String found, Instant graceUntil, Instant at)
      implements PostureEvent {
    @Override
    public String type() {
      return "posture.breached.v1";
    }
  }

  /** Why a breach is over. */
  enum Reason {
    COMPLIES,
    /** The asset left service, where rules judge nothing. */
    OUT_OF_SERVICE,
    /** The rule asks nothing of such an asset any more. */
    RULE_ENDED
  }

  /** A breach is over, {@code brokenSeconds} after it was found. */
  record Restored(
      UUID aggregateId, String rule, String policy, Reason reason, long brokenSeconds, Instant at)
      implements PostureEvent {
    @Override
    public String type() {
      return "posture.restored.v1";
    }
  }

  /**
   * By what is known, it cannot be said whether the asset keeps these rules. Told when it is judged
   * first, and when they, or the day of its patches, are others than before.
   *
   * @param patchedOn when the operating system was last patched; null where nothing is known
   */
  record Judged(UUID aggregateId, List<String> unknown, LocalDate patchedOn, Instant at)
      implements PostureEvent {
    @Override
    public String type() {
      return "posture.judged.v1";
    }
  }

  /** Which TCP ports may be open on it, and no others. */
  record PortsDeclared(UUID aggregateId, List<Integer> ports, Instant at) implements PostureEvent {
    @Override
    public String type() {
      return "posture.ports-declared.v1";
    }
  }
}
