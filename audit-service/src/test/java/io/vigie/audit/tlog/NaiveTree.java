package io.vigie.audit.tlog;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * RFC 6962 section 2.1 word for word, slow and by itself: it shares no line with what it checks.
 */
final class NaiveTree {

  private final List<byte[]> entries;
  private final Map<List<Integer>, byte[]> known = new HashMap<>();

  NaiveTree(List<byte[]> entries) {
    this.entries = entries;
  }

  /** MTH(D[start:end]). */
  byte[] hash(int start, int end) {
    if (start == end) {
      return sha256();
    }
    byte[] hash = known.get(List.of(start, end));
    if (hash == null) {
      hash =
          end - start == 1
              ? sha256(new byte[] {0}, entries.get(start))
              : sha256(
                  new byte[] {1},
                  hash(start, start + split(end - start)),
                  hash(start + split(end - start), end));
      known.put(List.of(start, end), hash);
    }
    return hash;
  }

  /** PATH(m, D[n]). */
  List<byte[]> path(int m, int n) {
    return path(m, 0, n);
  }

  private List<byte[]> path(int m, int start, int end) {
    if (end - start == 1) {
      return new ArrayList<>();
    }
    int middle = start + split(end - start);
    List<byte[]> path =
        start + m < middle ? path(m, start, middle) : path(start + m - middle, middle, end);
    path.add(start + m < middle ? hash(middle, end) : hash(start, middle));
    return path;
  }

  /** PROOF(m, D[n]). */
  List<byte[]> consistency(int m, int n) {
    return subproof(m, 0, n, true);
  }

  private List<byte[]> subproof(int m, int start, int end, boolean isWhole) {
    if (m == end - start) {
      return isWhole ? new ArrayList<>() : new ArrayList<>(List.of(hash(start, end)));
    }
    int k = split(end - start);
    List<byte[]> proof =
        m <= k ? subproof(m, start, start + k, isWhole) : subproof(m - k, start + k, end, false);
    proof.add(m <= k ? hash(start + k, end) : hash(start, start + k));
    return proof;
  }

  /** The largest power of two smaller than n. */
  private static int split(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
