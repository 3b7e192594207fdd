package io.vigie.incident.monitor;

/** What a monitor tries. */
public enum MonitorType {
  /** A page answers, with the expected status and content, in time. */
  HTTP,
  /** A port takes connections. */
  TCP,
  /** A port takes none: it must not be reachable from where this service runs (R11.5). */
  EXPOSURE
}
