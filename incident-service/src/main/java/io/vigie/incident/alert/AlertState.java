package io.vigie.incident.alert;

/** Where an alert stands. */
public enum AlertState {
  /** It is so, and nobody said that they look after it. */
  FIRING,
  /** It is so, and somebody looks after it. */
  ACKNOWLEDGED,
  /** It is over; FIRING again where it comes back soon. */
  RESOLVED
}
