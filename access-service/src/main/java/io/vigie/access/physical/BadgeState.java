package io.vigie.access.physical;

/** Where a badge is in its life. Only an active one opens doors. */
public enum BadgeState {
  ACTIVE,
  /** Nobody knows where it is. */
  LOST,
  /** It opens nothing, and its holder has it still. */
  REVOKED,
  /** It is back, and is given to nobody again. */
  RETURNED
}
