package io.vigie.audit.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The right edge of a tree: its size and the roots of the complete subtrees it falls into, the
 * largest first. All that an append has to know of the past.
 *
 * @param size leaves in the tree
 * @param subtrees one hash for each bit set in {@code size}
 */
public record Edge(long size, List<byte[]> subtrees) {

  /** The edge of the tree without leaves. */
  public static final Edge EMPTY = new Edge(0, List.of());

  /**
   * Checks that the number of hashes fits the size.
   *
   * @throws IllegalArgumentException when it does not
   */
  public Edge {
    if (size < 0 || subtrees.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "a tree of " + size + " leaves has no edge of " + subtrees.size() + " hashes");
    }
    subtrees = List.copyOf(subtrees);
  }

  /**
   * Reads back what {@link #bytes()} wrote.
   *
   * @throws IllegalArgumentException when the bytes are no edge of a tree of that size
   */
  public static Edge of(long size, byte[] bytes) {
    if (bytes.length % TreeHash.LENGTH != 0) {
      throw new IllegalArgumentException(
          "an edge is made of whole hashes, not of " + bytes.length + " bytes");
    }
    List<byte[]> subtrees = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += TreeHash.LENGTH) {
      subtrees.add(Arrays.copyOfRange(bytes, at, at + TreeHash.LENGTH));
    }
    return new Edge(size, subtrees);
  }

  /** The hashes one after the other. */
  public byte[] bytes() {
    byte[] bytes = new byte[subtrees.size() * TreeHash.LENGTH];
    for (int i = 0; i < subtrees.size(); i++) {
      System.arraycopy(subtrees.get(i), 0, bytes, i * TreeHash.LENGTH, TreeHash.LENGTH);
    }
    return bytes;
  }

  /** The root of the tree. */
  public byte[] root() {
    return MerkleTree.fold(new TreeHash(), subtrees);
  }
}
