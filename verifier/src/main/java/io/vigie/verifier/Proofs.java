package io.vigie.verifier;

import java.util.List;

/** What both kinds of proof ask of their hashes. */
final class Proofs {

  /** No proof over 64-bit sizes is longer: one hash a level, and one more for consistency. */
  private static final int MAX_HASHES = Long.SIZE + 1;

  private Proofs() {}

  static boolean isHash(byte[] candidate) {
    return candidate != null && candidate.length == TreeHash.LENGTH;
  }

  static boolean areHashes(List<byte[]> proof) {
    return orEmpty(proof).size() <= MAX_HASHES && orEmpty(proof).stream().allMatch(Proofs::isHash);
  }

  static List<byte[]> orEmpty(List<byte[]> proof) {
    return proof == null ? List.of() : proof;
  }
}
