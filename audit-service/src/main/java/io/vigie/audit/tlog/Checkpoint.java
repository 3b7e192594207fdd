package io.vigie.audit.tlog;

import io.vigie.audit.merkle.Edge;

/**
 * A state of the log that it has signed.
 *
 * @param size entries in it, those that are published
 * @param root root hash of their tree
 * @param note the signed text (c2sp.org/tlog-checkpoint)
 */
public record Checkpoint(long size, byte[] root, String note) {

  /** Nothing is published yet. */
  static final Checkpoint NONE = new Checkpoint(0, Edge.EMPTY.root(), "");
}
