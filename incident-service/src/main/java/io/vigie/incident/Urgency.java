package io.vigie.incident;

/** How soon the harm grows; {@code contracts/policy/incident-severity.json}. */
public enum Urgency {
  LOW,
  MEDIUM,
  HIGH
}
