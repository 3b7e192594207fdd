package io.vigie.access.physical;

/** What is wrong with the use of a badge. */
public enum BadgeMisuse {
  /** No badge has this number. */
  UNKNOWN_BADGE,
  /** The badge was not issued yet, or lost, revoked or returned before. */
  NOT_ACTIVE,
  /** Its holder has no right on the zone. */
  NO_RIGHT
}
