package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

import io.vigie.verifier.RootForBenchmarks;

/** What is checked of a log when its clocks have stopped. */
final class WholeLog {

  private static final int AT_ONCE = 10_000;

  private WholeLog() {}

  /**
   * Fails unless there is an entry for each index below the head's size, and its root is that of
   * RFC 6962 over those entries, computed by the offline verifier's code.
   *
   * @param log a connection for this alone
   */
  static void require(Connection log) throws SQLException {
    log.setNetworkTimeout(Runnable::run, (int) (Bed.PATIENCE_NANOS / 1_000_000));
    log.setAutoCommit(false); // otherwise all rows come at once
    try (Statement statement = log.createStatement()) {
      statement.setFetchSize(AT_ONCE);
      long size;
      byte[] root;
      try (ResultSet head = statement.executeQuery("select size, root from head")) {
        head.next();
        size = head.getLong(1);
        root = head.getBytes(2);
      }
      RootForBenchmarks entries = new RootForBenchmarks();
      long next = 0;
      try (ResultSet entry =
          statement.executeQuery(
              "select index, canonical from entry where index < %d order by index"
                  .formatted(size))) {
        while (entry.next() && entry.getLong(1) == next) {
          entries.add(entry.getBytes(2));
          next++;
        }
      }
      if (next != size || !Arrays.equals(root, entries.root())) {
        throw new IllegalStateException(
            next == size
                ? "the root of the log is not that of its %d entries".formatted(size)
                : "the log has no entry %d of %d".formatted(next, size));
      }
    }
  }
}
