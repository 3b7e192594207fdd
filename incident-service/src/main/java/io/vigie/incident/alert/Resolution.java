package io.vigie.incident.alert;

/** Who says that an alert is over. */
public enum Resolution {
  SOURCE,
  OPERATOR
}
