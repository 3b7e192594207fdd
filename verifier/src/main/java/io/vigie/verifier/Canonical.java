package io.vigie.verifier;

import java.util.Arrays;
import java.util.Base64;

/**
 * Numbers and bytes as text, in the one form that is allowed: what has two spellings could be
 * changed unseen.
 */
final class Canonical {

  private Canonical() {}

  /** A decimal of 0 to 2^63-1 without leading zeros, or -1. */
  static long number(String decimal) {
    int length = decimal == null ? 0 : decimal.length();
    if (length == 0 || length > 19 || decimal.charAt(0) == '0' && length > 1) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = decimal.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    // 19 digits may exceed 2^63-1, but not by as much as to come round to a positive number again.
    return number < 0 ? -1 : number;
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
      return isCanonical(base64, decoded) ? decoded : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * The decoder ignores missing padding and stray bits in the last character: a changed byte that
   * would go unseen. All other characters can only be what they are.
   */
  private static boolean isCanonical(String base64, byte[] decoded) {
    int last = Math.max(0, (decoded.length - 1) / 3 * 3);
    String end = base64(Arrays.copyOfRange(decoded, last, decoded.length));
    return base64.length() == last / 3 * 4 + end.length() && base64.endsWith(end);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
