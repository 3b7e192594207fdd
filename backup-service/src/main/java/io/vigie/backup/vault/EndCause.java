package io.vigie.backup.vault;

/** Why an access ended. */
public enum EndCause {
  TIME_UP,
  INCIDENT_CLOSED,
  /** Its holder needs it no more. */
  GIVEN_BACK,
  /** The CISO took it away. */
  REVOKED,
  /** Nobody decided on it in time. */
  NOT_DECIDED
}
