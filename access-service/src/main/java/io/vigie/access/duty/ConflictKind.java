package io.vigie.access.duty;

/** In what the duties of one person meet. */
public enum ConflictKind {
  /** In what they may do. */
  RIGHTS,
  /** In what they did. */
  HISTORY
}
