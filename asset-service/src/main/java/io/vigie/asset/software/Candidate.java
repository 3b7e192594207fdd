package io.vigie.asset.software;

import java.math.BigDecimal;
import java.util.UUID;

/**
 * A component of an asset, and a flaw in a package of its name.
 *
 * @param certain whether its version is in the flaw's range for certain; false where nobody can say
 * @param exposure where the asset stands
 */
record Candidate(
    Key key,
    String purl,
    boolean certain,
    Severity severity,
    BigDecimal score,
    boolean exploited,
    Exposure exposure) {

  /** What makes a vulnerability one of its own. */
  record Key(UUID advisory, String flaw, UUID component, UUID asset) {}

  /**
   * Who can reach an asset.
   *
   * @param exposed whether it is reached from outside: as a public web property, by its zone, or,
   *     an application, by way of such assets
   */
  record Exposure(boolean production, boolean exposed) {}

  /** Of two packages of one flaw, the one that is certain. */
  Candidate or(Candidate other) {
    return certain ? this : other;
  }
}
