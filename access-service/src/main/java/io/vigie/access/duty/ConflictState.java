package io.vigie.access.duty;

import java.util.List;

/** What becomes of a conflict. */
public enum ConflictState {
  /** It waits for somebody to take a right away, or for an exception. */
  FOUND,
  /** The CISO accepts it for a time, or accepts beforehand that it will come. */
  EXCEPTED,
  /** The rights are gone, the exception was not needed, or the CISO said what was done. */
  RESOLVED;

  /** The states in which it is not over. */
  static final List<ConflictState> LIVE = List.of(FOUND, EXCEPTED);
}
