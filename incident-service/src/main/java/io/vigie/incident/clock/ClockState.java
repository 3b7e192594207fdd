package io.vigie.incident.clock;

/** What became of a clock; both ends are final. */
public enum ClockState {
  RUNNING,
  NOTIFIED,
  /** By decision of the CISO, with a reason. */
  NOT_NOTIFIED
}
