package io.vigie.incident.monitor;

import java.util.Set;

/** What a monitor tries. */
public enum MonitorType {
  /** A page answers, with the expected status and content, in time. */
  HTTP(Set.of("url"), Set.of("status", "contains", "withinMillis")),
  /** A port takes connections. */
  TCP(Set.of("host", "port"), Set.of("withinMillis")),
  /** A port takes none: it must not be reachable from where this service runs (R11.5). */
  EXPOSURE(Set.of("host", "port"), Set.of()),
  /** What a port offers over TLS has the required grade (R11.2). */
  TLS(Set.of("host", "port"), Set.of("web", "plainPort")),
  /** Nothing is tried: a job calls in time, or has failed. */
  HEARTBEAT(Set.of("graceSeconds"), Set.of("cron", "zone"));

  private final Set<String> needed;
  private final Set<String> possible;

  MonitorType(Set<String> needed, Set<String> possible) {
    this.needed = needed;
    this.possible = possible;
  }

  /** Whether a target must have this field. */
  boolean needs(String field) {
    return needed.contains(field);
  }

  /** Whether a target may have this field. */
  boolean takes(String field) {
    return needed.contains(field) || possible.contains(field);
  }
}
