package io.vigie.access.physical;

/** How much harm a stranger can do in a zone. */
public enum ZoneSensitivity {
  NORMAL,
  SENSITIVE,
  RESTRICTED
}
