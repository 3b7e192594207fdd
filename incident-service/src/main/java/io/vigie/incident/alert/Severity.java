package io.vigie.incident.alert;

/** How bad it is, as the policy ranks what sources say. */
public enum Severity {
  CRITICAL,
  WARNING,
  INFO
}
