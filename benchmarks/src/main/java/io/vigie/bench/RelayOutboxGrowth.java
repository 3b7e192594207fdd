package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vigie.kernel.outbox.RelayForBenchmarks;

/**
 * Whether the outbox stays as small as what waits in it, though every row that was ever there was
 * deleted again: the largest that table and indexes became after the first tenth of the events,
 * against the largest during that tenth, but for its own first tenth, which that is held against in
 * turn; beside each what its thirds had. Rows are written as fast as the kernel's relay sends them;
 * no more than so many wait. And whether a backlog leaves it as fast as it leaves an outbox that a
 * tenth of the events went through, in turn.
 */
final class RelayOutboxGrowth implements Benchmark {

  private static final int A_TIME = 1_000;
  private static final int WAITING = 20_000;
  private static final long PATIENCE_SECONDS = 1_800;

  @Override
  public String name() {
    return "relay-outbox-growth";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only();
    int tenth = bed.quick() ? 20_000 : 1_000_000;
    int backlog = tenth / 5;
    List<double[]> thirds;
    Sides drained = new Sides(bed.rounds());
    try (OwnOutbox old = new OwnOutbox(bed, "bench_growth");
        OwnOutbox young = new OwnOutbox(bed, "bench_growth_young")) {
      thirds = pass(bed, old, tenth / 10, tenth, 10 * tenth);
      pass(bed, young, tenth);
      for (int round = 0; round < bed.rounds(); round++) {
        drained.set(round, drain(bed, old, backlog), drain(bed, young, backlog));
      }
    }
    Row largest = row("", 9 * tenth, thirds.get(2), tenth / 10 * 9, thirds.get(1));
    Row before = row("-before", tenth / 10 * 9, thirds.get(1), tenth / 10, thirds.get(0));
    Row drain =
        drained.row(
            name() + "-drain",
            "events/s out of a backlog of %,d, after %,d events".formatted(backlog, 10 * tenth),
            "after %,d".formatted(tenth),
            Goal.ratioAtLeast(0.9));
    return Stream.of(largest, before, drain)
        .map(row -> bed.quick() ? row.notJudged("the goal is for ten million events") : row)
        .toList();
  }

  /** Lets the events up to each of these numbers pass; the largest in the thirds of each part. */
  private static List<double[]> pass(Bed bed, OwnOutbox own, int... numbers) throws Exception {
    String topic = topic();
    List<double[]> parts = new ArrayList<>();
    int passed = 0;
    try (Arrivals arrivals = new Arrivals(bed, topic);
        RelayForBenchmarks relay = own.relay(topic);
        Connection outbox = own.connect()) {
      for (int number : numbers) {
        parts.add(thirds(outbox, relay, passed, number));
        passed = number;
      }
      arrivals.readNumbers(passed);
    }
    return parts;
  }

  /** Facts per second, from the start of a relay that finds them all until the broker has them. */
  private static double drain(Bed bed, OwnOutbox own, int facts) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        Connection outbox = own.connect()) {
      Facts.insert(outbox, facts);
      long start = System.currentTimeMillis();
      try (RelayForBenchmarks relay = own.relay(topic)) {
        arrivals.await(facts, null);
        return facts * 1e3 / (arrivals.read(facts, true) - start);
      }
    }
  }

  private static String topic() {
    return "bench.growth." + UUID.randomUUID();
  }

  /** Of the largest in each third. These are no rounds: where the outbox grows, they differ. */
  Row row(String suffix, int events, double[] rest, int before, double[] first) {
    return new Row(
        name() + suffix,
        new Samples(new Samples(rest).max()),
        "MB at most in %,d events, by thirds %s".formatted(events, told(rest)),
        "the %,d before, by thirds %s".formatted(before, told(first)),
        new Samples(new Samples(first).max()),
        Goal.ratioAtMost(2));
  }

  private static String told(double[] thirds) {
    return Arrays.stream(thirds).mapToObj(Report::number).collect(Collectors.joining(" / "));
  }

  /** The largest in each third of the events between these numbers. */
  private static double[] thirds(Connection outbox, RelayForBenchmarks relay, int from, int to)
      throws SQLException {
    double[] largest = new double[3];
    int times = (to - from) / A_TIME;
    for (int i = 0; i < largest.length; i++) {
      int begin = from + times * i / largest.length * A_TIME;
      int end = from + times * (i + 1) / largest.length * A_TIME;
      largest[i] = largest(outbox, relay, begin, end);
    }
    return largest;
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
