package io.vigie.incident.clock;

/** What became of a clock; all ends are final. */
public enum ClockState {
  RUNNING,
  NOTIFIED,
  /** By decision of the CISO, with a reason. */
  NOT_NOTIFIED,
  /** The CISO said, with a reason, that the agency became aware at another time. */
  SUPERSEDED
}
