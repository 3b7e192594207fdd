package io.vigie.verifier;

import java.io.IOException;

/** Where a log in the layout of C2SP tlog-tiles is read from. Safe for use by several threads. */
interface LogSource {

  /**
   * One of the log's files.
   *
   * @param path below the log's prefix, such as {@code tile/0/000}
   * @param limit the most bytes the file may have
   * @return its bytes, perhaps cut off somewhere past the limit; null when the log has no such file
   * @throws IOException when it cannot be told: the log cannot be reached, or refuses
   */
  byte[] read(String path, int limit) throws IOException;

  /** Whether the log shows its entries to this reader, and not its hashes alone. */
  boolean showsEntries(String firstBundle) throws IOException;
}
