package io.vigie.backup.tool;

import java.nio.charset.StandardCharsets;

/** The end of what a command writes, however much that is. Two streams may write to it. */
final class Tail {

  private final int characters;
  private final byte[] ring;
  private long written;

  /** Of as many characters, at most. */
  Tail(int characters) {
    this.characters = characters;
    this.ring = new byte[4 * characters]; // UTF-8 has at most four bytes each
  }

  synchronized void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (written++ % ring.length)] = bytes[i];
    }
  }

  /** As text of whole characters, without NUL, which no platform takes. */
  synchronized String text() {
    int length = (int) Math.min(written, ring.length);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((written - length + i) % ring.length)];
    }
    String text = new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
    int from = Math.max(0, text.length() - characters);
    if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }
}
