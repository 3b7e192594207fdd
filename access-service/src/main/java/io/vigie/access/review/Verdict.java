package io.vigie.access.review;

/** What a reviewer can say of a right. */
public enum Verdict {
  CERTIFY,
  /** Keep it until an earlier end. */
  REDUCE,
  REVOKE,
  /** Somebody else is to say. */
  DELEGATE;

  /** Whether the holder keeps it, for a while at least. */
  boolean keeps() {
    return this == CERTIFY || this == REDUCE;
  }
}
