package io.vigie.incident.alert;

/** Whether a silence holds. */
public enum SilenceState {
  ACTIVE,
  ENDED
}
