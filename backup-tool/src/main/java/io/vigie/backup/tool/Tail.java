package io.vigie.backup.tool;

import java.nio.charset.StandardCharsets;

/** The end of what a command writes, however much that is. Two streams may write to it. */
final class Tail {

  /** As long as the platform takes a message. */
  static final int CHARACTERS = 4_000;

  private static final int BYTES = 4 * CHARACTERS; // of UTF-8, at most four each

  private final byte[] ring = new byte[BYTES];
  private long written;

  synchronized void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (written++ % BYTES)] = bytes[i];
    }
  }

  /** As text of whole characters, without NUL, which no platform takes. */
  synchronized String text() {
    int length = (int) Math.min(written, BYTES);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((written - length + i) % BYTES)];
    }
    String text = new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    int from = Math.max(0, text.length() - CHARACTERS);
    if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }
}
