package io.vigie.audit.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962 section 2.1. Not safe for use by several threads at once. */
public final class TreeHash {

  /** Bytes in a hash. */
  public static final int LENGTH = 32;

  private final MessageDigest sha256;

  /** Starts without state: one hash never depends on another. */
  public TreeHash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** {@code SHA-256(0x00 || entry)}. */
  public byte[] leaf(byte[] entry) {
    sha256.update((byte) 0);
    return sha256.digest(entry);
  }

  /** {@code SHA-256(salt || payload)}. */
  public byte[] commitment(byte[] salt, byte[] payload) {
    sha256.update(salt);
    return sha256.digest(payload);
  }

  /** {@code SHA-256(0x01 || left || right)}. */
  byte[] node(byte[] left, byte[] right) {
    sha256.update((byte) 1);
    sha256.update(left);
    return sha256.digest(right);
  }

  /** The root of the tree without leaves. */
  byte[] empty() {
    return sha256.digest();
  }
}
