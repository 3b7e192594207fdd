package io.vigie.incident.finding;

/** What is known of a finding. */
public enum FindingState {
  OPEN,
  /** It may stay until an end, by the decision of somebody else than who asked. */
  ACCEPTED,
  /** Somebody looked and says why it is none; it stays so when it is seen again. */
  FALSE_POSITIVE,
  /** A later complete scan did not see it, or its asset is no more. */
  GONE
}
