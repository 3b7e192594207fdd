package io.vigie.asset.disposal;

/** How deep a medium is sanitised, in ascending order (NIST SP 800-88). */
public enum Method {
  CLEAR,
  PURGE,
  DESTROY;

  boolean isAtLeast(Method other) {
    return compareTo(other) >= 0;
  }
}
