package io.vigie.audit.audit;

/** How far a finding is. */
public enum FindingState {
  /** Its owner is to act. */
  OPEN,
  /** Its owner acted; somebody else is to verify it. */
  ACTED,
  /** Somebody else than who acted found that it is remedied. */
  VERIFIED,
  /** It stays as it is, for a reason. */
  ACCEPTED
}
