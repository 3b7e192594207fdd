package io.vigie.access.physical;

/** Where a key is. */
public enum KeyState {
  IN_SAFE,
  HANDED_OUT,
  /** Nobody knows where it is; the locks that it opens are not safe. */
  LOST,
  DESTROYED
}
