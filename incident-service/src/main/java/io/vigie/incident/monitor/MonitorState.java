package io.vigie.incident.monitor;

/** Whether a monitor is at work. */
public enum MonitorState {
  ACTIVE,
  PAUSED,
  /** For ever. */
  RETIRED
}
