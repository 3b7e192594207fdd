package io.vigie.audit.tlog;

import io.vigie.audit.merkle.Edge;

/**
 * A tree that the log has signed.
 *
 * @param size entries in it, those that are published
 * @param root its root hash
 */
public record SignedTree(long size, byte[] root) {

  /** Nothing is published yet. */
  static final SignedTree NONE = new SignedTree(0, Edge.EMPTY.root());
}
