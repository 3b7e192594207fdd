package io.vigie.verifier;

import java.security.MessageDigest;
import java.util.List;

/**
 * Inclusion proofs of RFC 9162 section 2.1.3: a leaf stands at an index of the tree that has a
 * given size and root.
 */
public final class InclusionProof {

  private InclusionProof() {}

  /**
   * Whether {@code proof} shows that the leaf is in the tree. False for everything else, malformed
   * input included; never throws.
   *
   * @param index the leaf's index, from 0 to {@code size - 1}
   * @param size the number of leaves in the tree, at least 1
   * @param leafHash {@code SHA-256(0x00 || entry)}, 32 bytes
   * @param proof the sibling hashes from the leaf up, 32 bytes each; null means none
   * @param root the root hash of the tree, 32 bytes
   */
  public static boolean verify(
      long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
    if (index < 0
        || index >= size
        || !Proofs.isHash(leafHash)
        || !Proofs.areHashes(proof)
        || !Proofs.isHash(root)) {
      return false;
    }
    TreeHash hash = new TreeHash();
    byte[] computed = leafHash;
    long node = index;
    long last = size - 1;
    for (byte[] sibling : Proofs.orEmpty(proof)) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        computed = hash.node(sibling, computed);
        // On the right edge a level without a sibling is skipped.
        int skipped = Long.numberOfTrailingZeros(node);
        node >>= skipped;
        last >>= skipped;
      } else {
        computed = hash.node(computed, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && MessageDigest.isEqual(computed, root);
  }
}
