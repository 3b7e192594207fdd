package io.vigie.asset.posture;

/** What a rule says of an asset at a moment. */
public enum Verdict {
  COMPLIANT,
  /** Broken, and there is time left to mend it. */
  IN_GRACE,
  /** Broken, and it counts. */
  BREACHED,
  /** Broken, and somebody approved that for a time. */
  EXEMPT,
  /** Nothing is known, and the rule does not mind. */
  UNKNOWN
}
