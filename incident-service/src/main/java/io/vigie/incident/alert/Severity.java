package io.vigie.incident.alert;

/** How bad it is, as the policy ranks what sources say; the worst first. */
public enum Severity {
  CRITICAL,
  WARNING,
  INFO
}
