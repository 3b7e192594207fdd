package io.vigie.access.entitlement;

/** What somebody has a right for. */
public enum Ground {
  /** A business profile that they hold gives it. */
  PROFILE,
  /** Somebody asked for it, and somebody else approved. */
  REQUEST,
  /** It was taken in an emergency. */
  BREAK_GLASS
}
