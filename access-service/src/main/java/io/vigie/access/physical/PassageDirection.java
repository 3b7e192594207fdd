package io.vigie.access.physical;

/** Into the zone or out of it. */
public enum PassageDirection {
  IN,
  OUT
}
