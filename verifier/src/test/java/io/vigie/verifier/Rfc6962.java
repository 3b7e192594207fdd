package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The definitions of RFC 6962 section 2.1, word for word and recursive: slow, plainly right, and
 * independent of the code under test.
 */
final class Rfc6962 {

  private Rfc6962() {}

  static byte[] leaf(byte[] entry) {
    return sha256(new byte[] {0}, entry);
  }

  /** MTH(D[n]) over leaf hashes. */
  static byte[] root(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return sha256();
    }
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int k = split(leaves.size());
    return sha256(
        new byte[] {1}, root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
  }

  /** PATH(m, D[n]). */
  static List<byte[]> path(int m, List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return new ArrayList<>();
    }
    int k = split(leaves.size());
    List<byte[]> left = leaves.subList(0, k);
    List<byte[]> right = leaves.subList(k, leaves.size());
    List<byte[]> path = m < k ? path(m, left) : path(m - k, right);
    path.add(m < k ? root(right) : root(left));
    return path;
  }

  /** PROOF(m, D[n]). */
  static List<byte[]> proof(int m, List<byte[]> leaves) {
    return subproof(m, leaves, true);
  }

  private static List<byte[]> subproof(int m, List<byte[]> leaves, boolean whole) {
    if (m == leaves.size()) {
      return whole ? new ArrayList<>() : new ArrayList<>(List.of(root(leaves)));
    }
    int k = split(leaves.size());
    List<byte[]> left = leaves.subList(0, k);
    List<byte[]> right = leaves.subList(k, leaves.size());
    List<byte[]> proof = m <= k ? subproof(m, left, whole) : subproof(m - k, right, false);
    proof.add(m <= k ? root(right) : root(left));
    return proof;
  }

  /** The largest power of two smaller than n. */
  private static int split(int n) {
    return Integer.highestOneBit(n - 1);
  }

  static byte[] sha256(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    try {
      return MessageDigest.getInstance("SHA-256").digest(joined.toByteArray());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
