package io.vigie.verifier;

import java.util.Base64;

/**
 * Numbers and bytes as text, in the one form that is allowed: what has two spellings could be
 * changed unseen.
 */
final class Canonical {

  private Canonical() {}

  /** A decimal of 0 to 2^63-1 without leading zeros, or -1. */
  static long number(String decimal) {
    if (decimal == null || !decimal.matches("0|[1-9][0-9]{0,18}")) {
      return -1;
    }
    try {
      return Long.parseLong(decimal);
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }

  static boolean isHash(String base64) {
    return Proofs.isHash(bytes(base64));
  }

  /** The bytes, or null when this is not base64 in its one canonical form. */
  static byte[] bytes(String base64) {
    if (base64 == null) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(base64);
      // The decoder ignores stray bits in the last character: a changed byte that would go unseen.
      return base64(decoded).equals(base64) ? decoded : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
