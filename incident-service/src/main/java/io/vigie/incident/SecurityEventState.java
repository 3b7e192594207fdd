package io.vigie.incident;

/** What became of a reported security event; the two decisions are final. */
public enum SecurityEventState {
  REPORTED,
  PROMOTED,
  DISMISSED
}
