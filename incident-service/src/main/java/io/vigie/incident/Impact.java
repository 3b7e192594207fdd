package io.vigie.incident;

/** How much harm an incident does, or could; {@code contracts/policy/incident-severity.json}. */
public enum Impact {
  LOW,
  MEDIUM,
  HIGH
}
