package io.vigie.incident.alert;

/** How a silence ended. */
public enum SilenceEnding {
  /** Its time is over. */
  EXPIRED,
  /** Somebody ended it before. */
  LIFTED
}
