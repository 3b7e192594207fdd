package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

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
  private byte[] buffer = new byte[1 << 16];
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
    int at = start;
    while (true) {
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      if (at - start > MAX_LENGTH) {
        throw new TooLong();
      }
      if (at < end) {
        byte[] line = Arrays.copyOfRange(buffer, start, at);
        start = at + 1;
        return line;
      }
      int searched = at - start;
      if (!fill()) {
        byte[] rest = start == end ? null : Arrays.copyOfRange(buffer, start, end);
        start = end;
        return rest;
      }
      at = start + searched;
    }
  }

  /** Reads more behind what is not yet taken; false at the end of the input. */
  private boolean fill() throws IOException {
    int kept = end - start;
    byte[] larger = kept == buffer.length ? new byte[2 * kept] : buffer;
    System.arraycopy(buffer, start, larger, 0, kept);
    buffer = larger;
    start = 0;
    end = kept;
    int read = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, read);
    return read > 0;
  }
}
