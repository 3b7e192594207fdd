package io.vigie.audit.merkle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Appends to, and proves things about, a tree of RFC 6962 whose hashes the caller keeps in tiles.
 *
 * <p>An append of n leaves computes n node hashes in the long run, whatever the size of the tree. A
 * proof reads at most two tiles a level, one level for each factor of 256 in the size.
 */
public final class MerkleTree {

  private MerkleTree() {}

  /**
   * Prepares the append of {@code count} leaves.
   *
   * @throws IllegalArgumentException when {@code count} is negative or the tree would outgrow 2^62
   *     leaves
   */
  public static Append append(Edge edge, int count) {
    if (count < 0 || edge.size() > (1L << 62) - count) {
      throw new IllegalArgumentException("cannot append " + count + " leaves to " + edge.size());
    }
    return new Append(edge, count);
  }

  /**
   * Prepares the proof that the leaf at {@code index} stands in the tree of the first {@code size}
   * leaves (RFC 9162 section 2.1.3.1).
   *
   * @throws IllegalArgumentException unless {@code 0 <= index < size}
   */
  public static Proof inclusion(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("the tree of size " + size + " has no leaf " + index);
    }
    List<Range> path = new ArrayList<>();
    Range within = new Range(0, size);
    while (within.count() > 1) {
      long middle = within.middle();
      boolean left = index < middle;
      path.add(left ? within.from(middle) : within.to(middle));
      within = left ? within.to(middle) : within.from(middle);
    }
    Collections.reverse(path);
    return new Proof(size, path);
  }

  /**
   * Prepares the proof that the tree of the first {@code size2} leaves extends that of the first
   * {@code size1} (RFC 9162 section 2.1.4.1).
   *
   * @throws IllegalArgumentException unless {@code 1 <= size1 <= size2}
   */
  public static Proof consistency(long size1, long size2) {
    if (size1 < 1 || size2 < size1) {
      throw new IllegalArgumentException(
          "no tree of size " + size2 + " extends one of size " + size1);
    }
    List<Range> path = new ArrayList<>();
    Range within = new Range(0, size2);
    while (within.end() != size1) {
      long middle = within.middle();
      boolean left = size1 <= middle;
      path.add(left ? within.from(middle) : within.to(middle));
      within = left ? within.to(middle) : within.from(middle);
    }
    // The verifier knows the earlier root already when that tree is a whole left part of the later
    // one.
    if (within.start() != 0) {
      path.add(within);
    }
    Collections.reverse(path);
    return new Proof(size2, path);
  }

  /**
   * Prepares the root of the tree of the first {@code size} leaves: a proof of one hash, or of none
   * for the empty tree.
   */
  public static Proof root(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("no tree has size " + size);
    }
    return new Proof(size, size == 0 ? List.of() : List.of(new Range(0, size)));
  }

  /**
   * Prepares the hash of the leaf at {@code index}: a proof of one hash.
   *
   * @throws IllegalArgumentException unless {@code 0 <= index < size}
   */
  public static Proof leaf(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("the tree of size " + size + " has no leaf " + index);
    }
    return new Proof(size, List.of(new Range(index, index + 1)));
  }

  /**
   * Prepares the roots of the complete subtrees that leaves {@code start} to {@code end - 1} are
   * made of, in order, each as large as can be, in the tree of the first {@code size} leaves.
   *
   * @throws IllegalArgumentException unless {@code 0 <= start <= end <= size}
   */
  public static Proof subtrees(long start, long end, long size) {
    if (start < 0 || end < start || size < end) {
      throw new IllegalArgumentException("no leaves " + start + " to " + end + " of " + size);
    }
    List<Range> subtrees = new ArrayList<>();
    for (long at = start; at < end; ) {
      long largest = Long.highestOneBit(end - at);
      long leaves = at == 0 ? largest : Math.min(largest, Long.lowestOneBit(at));
      subtrees.add(new Range(at, at + leaves));
      at += leaves;
    }
    return new Proof(size, subtrees);
  }

  /**
   * Joins the roots of neighbouring complete subtrees, the largest first, into the root of them
   * all.
   */
  static byte[] fold(TreeHash hash, List<byte[]> subtrees) {
    if (subtrees.isEmpty()) {
      return hash.empty();
    }
    byte[] root = subtrees.get(subtrees.size() - 1);
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      root = hash.node(subtrees.get(i), root);
    }
    return root;
  }

  /**
   * Leaves {@code start} to {@code end - 1}; {@code start} is a multiple of a power of two no
   * smaller than the count.
   */
  record Range(long start, long end) {

    long count() {
      return end - start;
    }

    /**
     * Where the definition of the tree splits these leaves: after the largest power of two smaller
     * than their count.
     */
    long middle() {
      return start + Long.highestOneBit(count() - 1);
    }

    Range from(long middle) {
      return new Range(middle, end);
    }

    Range to(long middle) {
      return new Range(start, middle);
    }
  }
}
