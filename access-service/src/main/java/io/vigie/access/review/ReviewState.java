package io.vigie.access.review;

/** What became of a right in a campaign. */
public enum ReviewState {
  PENDING,
  CERTIFIED,
  /** Kept, with an earlier end. */
  REDUCED,
  REVOKED
}
