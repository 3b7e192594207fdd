package io.vigie.verifier;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The hashes of RFC 6962 section 2.1, SHA-256. Not safe for use by several threads at once. */
final class TreeHash {

  /** Bytes in a hash. */
  static final int LENGTH = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha256 = sha256();

  /** SHA-256 as such. */
  static MessageDigest sha256() {
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

  /**
   * {@code SHA-256(salt || payload)}: what an entry says about a payload that it does not hold. The
   * caller has seen to it that the salt is as long as salts are.
   */
  byte[] commitment(byte[] salt, byte[] payload) {
    sha256.update(salt);
    return sha256.digest(payload);
  }

  /** The root of a tree without leaves: the hash of nothing. */
  byte[] empty() {
    return sha256.digest();
  }

  /**
   * The leaf hash of the {@code length} bytes at {@code from} of a buffer, written at {@code to} of
   * another: nothing is allocated.
   */
  void leaf(byte[] buffer, int from, int length, byte[] hashes, int to) {
    sha256.update(LEAF);
    sha256.update(buffer, from, length);
    digest(hashes, to);
  }

  /**
   * The root over {@code count} hashes that stand one after the other, at least 1. Level by level:
   * an odd last hash moves up as it is, which gives the tree that RFC 6962 defines.
   */
  byte[] root(byte[] hashes, int count) {
    byte[] level = Arrays.copyOf(hashes, count * LENGTH);
    for (int width = count; width > 1; width = (width + 1) / 2) {
      for (int pair = 0; pair < width / 2; pair++) {
        sha256.update(NODE);
        sha256.update(level, 2 * pair * LENGTH, 2 * LENGTH);
        digest(level, pair * LENGTH);
      }
      if (width % 2 == 1) {
        System.arraycopy(level, (width - 1) * LENGTH, level, width / 2 * LENGTH, LENGTH);
      }
    }
    return Arrays.copyOf(level, LENGTH);
  }

  private void digest(byte[] into, int at) {
    try {
      sha256.digest(into, at, LENGTH);
    } catch (DigestException e) {
      throw new IllegalArgumentException("no room for a hash at " + at, e);
    }
  }
}
