package io.vigie.asset.document;

/** Where a document is in its life. */
public enum DocumentState {
  /** No version is approved yet. */
  DRAFT,
  IN_FORCE,
  /** For good: it binds nobody any more. */
  WITHDRAWN
}
