package io.vigie.verifier;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Consistency proofs of RFC 9162 section 2.1.4: a later tree has all the leaves of an earlier one,
 * at the same places.
 */
public final class ConsistencyProof {

  private ConsistencyProof() {}

  /**
   * Whether {@code proof} shows that the tree of {@code size2} leaves extends the tree of {@code
   * size1} leaves. False for everything else, malformed input included; never throws. An empty
   * first tree is refused: every log extends it, so such a proof would say nothing.
   *
   * @param size1 leaves of the earlier tree, at least 1
   * @param size2 leaves of the later tree, at least {@code size1}
   * @param proof the hashes of the proof, 32 bytes each; null means none
   * @param root1 root hash of the earlier tree
   * @param root2 root hash of the later tree
   */
  public static boolean verify(
      long size1, long size2, List<byte[]> proof, byte[] root1, byte[] root2) {
    if (size1 <= 0 || size2 < size1 || root1 == null || root2 == null || !Proofs.areHashes(proof)) {
      return false;
    }
    List<byte[]> path = new ArrayList<>(Proofs.orEmpty(proof));
    if (size1 == size2) {
      return path.isEmpty() && Arrays.equals(root1, root2);
    }
    if (path.isEmpty() || !Proofs.isHash(root1) || !Proofs.isHash(root2)) {
      return false;
    }
    boolean earlierTreeIsOneSubtree = Long.bitCount(size1) == 1;
    if (earlierTreeIsOneSubtree) {
      path.add(0, root1);
    }
    TreeHash hash = new TreeHash();
    int complete = Long.numberOfTrailingZeros(size1);
    long node = size1 - 1 >> complete;
    long last = size2 - 1 >> complete;
    byte[] earlier = path.get(0);
    byte[] later = path.get(0);
    for (byte[] sibling : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        earlier = hash.node(sibling, earlier);
        later = hash.node(sibling, later);
        int skipped = Long.numberOfTrailingZeros(node);
        node >>= skipped;
        last >>= skipped;
      } else {
        later = hash.node(later, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0
        && MessageDigest.isEqual(earlier, root1)
        && MessageDigest.isEqual(later, root2);
  }
}
