package io.vigie.incident;

/** What became of a reported security event; each decision is final. */
public enum SecurityEventState {
  REPORTED,
  PROMOTED,
  MERGED,
  DISMISSED
}
