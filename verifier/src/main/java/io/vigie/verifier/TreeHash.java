package io.vigie.verifier;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962 section 2.1, SHA-256. Not safe for use by several threads at once. */
final class TreeHash {

  /** Bytes in a hash. */
  static final int LENGTH = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha256 = sha256();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "This Java runtime lacks SHA-256, which every one must have", e);
    }
  }

  /** {@code SHA-256(0x00 || entry)}. */
  byte[] leaf(byte[] entry) {
    sha256.update(LEAF);
    return sha256.digest(entry);
  }

  /** {@code SHA-256(0x01 || left || right)}. */
  byte[] node(byte[] left, byte[] right) {
    sha256.update(NODE);
    sha256.update(left);
    return sha256.digest(right);
  }

  /** {@code SHA-256(salt || payload)}: what an entry says about a payload that it does not hold. */
  byte[] commitment(byte[] salt, byte[] payload) {
    sha256.update(salt);
    return sha256.digest(payload);
  }

  /** The root of a tree without leaves: the hash of nothing. */
  byte[] empty() {
    return sha256.digest();
  }
}
