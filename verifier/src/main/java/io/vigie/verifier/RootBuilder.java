package io.vigie.verifier;

/**
 * Computes the root of RFC 6962 over leaves that arrive in order, keeping one hash for each
 * complete subtree: at most 64 hashes, whatever the size of the log.
 */
final class RootBuilder {

  private final TreeHash hash;
  private final byte[][] subtrees = new byte[Long.SIZE][];
  private long size;

  RootBuilder(TreeHash hash) {
    this.hash = hash;
  }

  void add(byte[] leafHash) {
    add(leafHash, 0);
  }

  /** Adds the root of a complete subtree of {@code 2^height} leaves, all of them at once. */
  void add(byte[] subtree, int height) {
    byte[] carried = subtree;
    int level = height;
    for (long occupied = size >> height; (occupied & 1) == 1; occupied >>= 1, level++) {
      carried = hash.node(subtrees[level], carried);
    }
    subtrees[level] = carried;
    size += 1L << height;
  }

  byte[] root() {
    return root(null);
  }

  /**
   * The root when one more hash stands at the right edge: that of an incomplete subtree of fewer
   * leaves than each hash added here stands for; null when there is none.
   */
  byte[] root(byte[] rightEdge) {
    byte[] root = rightEdge;
    for (int level = 0; level < subtrees.length; level++) {
      if ((size >> level & 1) == 1) {
        root = root == null ? subtrees[level] : hash.node(subtrees[level], root);
      }
    }
    return root == null ? hash.empty() : root.clone();
  }
}
