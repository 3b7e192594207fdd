package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import io.vigie.kernel.outbox.RelayForBenchmarks;

/**
 * Whether the outbox stays as small as what waits in it, though every row that was ever there was
 * deleted again: the largest that table and indexes became by ten times the events, against the
 * largest by the first tenth. Rows are written as fast as the kernel's relay sends them; no more
 * than so many wait.
 */
final class RelayOutboxGrowth implements Benchmark {

  private static final int A_TIME = 10_000;
  private static final int WAITING = 20_000;
  private static final long PATIENCE_SECONDS = 1_800;

  @Override
  public String name() {
    return "relay-outbox-growth";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int tenth = bed.quick() ? 50_000 : 1_000_000;
    String topic = "bench.growth." + UUID.randomUUID();
    double first;
    double all;
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_growth");
        RelayForBenchmarks relay = own.relay(topic);
        Connection outbox = own.connect()) {
      first = largest(outbox, relay, 0, tenth);
      all = Math.max(first, largest(outbox, relay, tenth, 10 * tenth));
      arrivals.await(10 * tenth, null);
    }
    Row row =
        new Row(
            name(),
            new Samples(all),
            "MB after %,d events".formatted(10 * tenth),
            "after %,d".formatted(tenth),
            new Samples(first),
            Goal.ratioAtMost(2));
    return List.of(bed.quick() ? row.notJudged("the goal is for ten million events") : row);
  }

  /** In megabytes, while the events between these numbers pass. */
  private static double largest(Connection outbox, RelayForBenchmarks relay, int from, int to)
      throws SQLException {
    long largest = 0;
    long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    int written = from;
    long sent;
    while ((sent = number(outbox, "select last_number from relay")) < to) {
      if (written < to && written - sent < WAITING) {
        Facts.insert(outbox, A_TIME);
        relay.wake();
        written += A_TIME;
        largest = Math.max(largest, number(outbox, "select pg_total_relation_size('outbox')"));
      } else if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the relay sent %,d of %,d facts".formatted(sent, to));
      } else {
        LockSupport.parkNanos(5_000_000);
      }
    }
    return largest / 1e6;
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
