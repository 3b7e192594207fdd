package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads lines that end in a line feed, as bytes, none longer than a limit. */
final class Lines {

  /** Ample for the largest record a broker takes (1 MiB), in base64 twice over. */
  static final int MAX_LENGTH = 8 << 20;

  /** A line is longer than any export holds. */
  static final class TooLong extends Exception {
    TooLong() {
      super("a line longer than " + MAX_LENGTH + " bytes", null, false, false);
    }
  }

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;

  Lines(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its line feed, which only the last line may lack; null when there is
   * none.
   *
   * @throws TooLong when the line exceeds {@link #MAX_LENGTH}
   */
  byte[] next() throws IOException, TooLong {
    ByteArrayOutputStream line = null;
    while (true) {
      if (start == end) {
        start = 0;
        end = in.read(buffer);
        if (end <= 0) {
          end = 0;
          return line == null ? null : line.toByteArray();
        }
      }
      line = line == null ? new ByteArrayOutputStream(1024) : line;
      int from = start;
      while (start < end && buffer[start] != '\n') {
        start++;
      }
      line.write(buffer, from, start - from);
      if (line.size() > MAX_LENGTH) {
        throw new TooLong();
      }
      if (start < end) {
        start++;
        return line.toByteArray();
      }
    }
  }
}
