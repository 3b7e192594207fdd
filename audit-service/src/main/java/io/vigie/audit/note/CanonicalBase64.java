package io.vigie.audit.note;

import java.util.Base64;

/**
 * Bytes of base64 in its one canonical form: Java's decoder passes over missing padding and over
 * bits of the last character that no byte has, so that a changed text could mean the same.
 */
final class CanonicalBase64 {

  private CanonicalBase64() {}

  /**
   * Reads.
   *
   * @throws IllegalArgumentException when the text is not what these bytes are written as; the
   *     message does not repeat it
   */
  static byte[] decode(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException("base64 that is not in its canonical form");
    }
    return bytes;
  }
}
