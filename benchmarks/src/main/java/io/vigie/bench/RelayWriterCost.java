package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.vigie.kernel.outbox.RelayForBenchmarks;

/**
 * What a relay leaves to those whose facts it sends: transactions per second of writers that do
 * nothing else, beside the kernel's relay, woken after each commit, and beside Debezium tuned for
 * throughput. The clock stops when the broker has the last fact, so that a relay that falls behind
 * gains nothing by it, and there is no figure where more and more waits on either side. Debezium's
 * writers are spared the deletion of what it has read, and once more they remove each fact in the
 * transaction that writes it, as is usual where the database's log is what is read. The limit is
 * the same writers while nothing relays. What removing and telling alone leave, done plainly, is
 * shown by facts that are removed ten milliseconds after they came, while the broker gets as many
 * made up in memory.
 */
final class RelayWriterCost implements Benchmark {

  /** The backlog may grow by this part of what is written: what is on its way varies. */
  private static final double KEPT_UP = 0.01;

  /** Both per second. */
  private record Written(double transactions, double growth) {}

  @Override
  public String name() {
    return "relay-writer-cost";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    Sides speed = new Sides(bed.rounds());
    Sides removed = new Sides(bed.rounds());
    Sides limit = new Sides(bed.rounds());
    Sides told = new Sides(bed.rounds());
    Sides backlog = new Sides(bed.rounds());
    bed.only();
    bed.logicalReplication();
    for (int round = 0; round < bed.rounds(); round++) {
      Written vigie = vigie(bed);
      speed.set(round, vigie.transactions(), debezium(bed, false).transactions());
      removed.set(round, vigie.transactions(), debezium(bed, true).transactions());
      limit.set(round, vigie.transactions(), alone(bed));
      told.set(round, vigie.transactions(), told(bed));
      backlog.set(round, vigie.growth(), vigie.transactions());
    }
    return List.of(
        speed.row(
            name(), "transactions/s", "the same writers beside Debezium", Goal.ratioAtLeast(1.2)),
        removed
            .row(
                name() + "-removed",
                "transactions/s",
                "beside Debezium, each fact removed as it is written",
                Goal.ratioAtLeast(1.2))
            .notJudged("the goal is for the same transactions"),
        limit
            .row(
                name() + "-limit",
                "transactions/s",
                "the same writers by themselves",
                Goal.ratioAtLeast(1))
            .notJudged("nothing relays: a limit, not a goal"),
        told.row(
                name() + "-told",
                "transactions/s",
                "the same writers while facts are removed and as many told that were never read",
                Goal.ratioAtLeast(1))
            .notJudged("what removing and telling alone leave, done plainly: no goal"),
        backlog
            .row(
                name() + "-backlog",
                "rows/s that the outbox grows by",
                "rows/s written",
                Goal.ratioAtMost(KEPT_UP))
            .notJudged("where it is more there is no figure at all, but in a quick run"));
  }

  private static Written vigie(Bed bed) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        RelayForBenchmarks relay = own.relay(topic);
        Writers writers = new Writers(own, relay::wake);
        Connection outbox = own.connect()) {
      return measure(bed, writers, arrivals, () -> waiting(outbox));
    }
  }

  private static Written debezium(Bed bed, boolean removing) throws Exception {
    String topic = topic();
    LongAdder written = new LongAdder();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        Debezium relay = new Debezium(bed, own.forDebezium(), topic, Debezium.TUNED);
        Writers writers = new Writers(own, written::increment, removing)) {
      // What it has read stays, or went before: what waits is what the topic does not have.
      return measure(bed, writers, arrivals, () -> written.sum() - arrivals.end());
    }
  }

  private static int seconds(Bed bed) {
    return bed.quick() ? 3 : 20;
  }

  private static int warmUp(Bed bed) {
    return bed.quick() ? 1 : 15; // Debezium and the writers beside it begin uncompiled
  }

  private static long inSeconds(int seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  private static double told(Bed bed) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        BareTransactions facts = new BareTransactions(bed, topic);
        Emptying emptying = new Emptying(own, facts);
        Writers writers = new Writers(own, () -> {})) {
      alone(writers, warmUp(bed));
      return alone(writers, seconds(bed));
    }
  }

  private static double alone(Bed bed) throws Exception {
    try (OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        Writers writers = new Writers(own, () -> {})) {
      alone(writers, warmUp(bed));
      return alone(writers, seconds(bed));
    }
  }

  /**
   * Removes what waits by one statement every ten milliseconds, has as many facts told that are
   * made up, and vacuums as the relay does.
   */
  private static final class Emptying implements AutoCloseable {

    private static final int ROOM = 50_000;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final BareTransactions facts;
    private final Future<Void> work;
    private volatile boolean over;

    Emptying(OwnOutbox outbox, BareTransactions facts) {
      this.facts = facts;
      work =
          thread.submit(
              () -> {
                empty(outbox);
                return null;
              });
    }

    private void empty(OwnOutbox outbox) throws SQLException {
      try (Connection connection = outbox.connect();
          Statement statement = connection.createStatement()) {
        Pace pace = new Pace(100);
        int removed = 0;
        while (!over) {
          pace.next();
          int found = statement.executeUpdate("delete from outbox");
          facts.write(found, place -> System.nanoTime(), place -> {});
          removed += found;
          if (removed >= ROOM) {
            statement.execute("vacuum outbox");
            removed = 0;
          }
        }
      }
    }

    @Override
    public void close() throws Exception {
      over = true;
      thread.shutdown();
      work.get();
    }
  }

  private static double alone(Writers writers, int seconds) throws Exception {
    long start = System.nanoTime();
    int transactions = writers.writeUntil(start + TimeUnit.SECONDS.toNanos(seconds));
    return transactions / ((System.nanoTime() - start) / 1e9);
  }

  private static Written measure(
      Bed bed, Writers writers, Arrivals arrivals, Callable<Long> waiting) throws Exception {
    arrivals.read(writers.writeUntil(inSeconds(warmUp(bed))), true);
    Written written = run(writers, arrivals, waiting, seconds(bed));
    if (!bed.quick()) { // which is too short for what is on its way to be little beside it
      requireKeptUp(written.growth(), written.transactions());
    }
    return written;
  }

  /** Both per second. */
  static void requireKeptUp(double growth, double written) {
    if (growth > KEPT_UP * written) {
      throw new IllegalStateException(
          "the relay falls behind by %.0f of %.0f facts a second".formatted(growth, written));
    }
  }

  private static Written run(
      Writers writers, Arrivals arrivals, Callable<Long> waiting, int seconds) throws Exception {
    ExecutorService watcher = Executors.newSingleThreadExecutor();
    try {
      Future<double[]> watched = watcher.submit(() -> eachSecond(waiting, seconds));
      long start = System.currentTimeMillis();
      int transactions = writers.writeUntil(inSeconds(seconds));
      double growth = growth(watched.get());
      long last = arrivals.read(transactions, true);
      return new Written(transactions / ((last - start) / 1e3), growth);
    } finally {
      watcher.shutdown();
    }
  }

  private static double[] eachSecond(Callable<Long> waiting, int seconds) throws Exception {
    double[] backlog = new double[seconds];
    Pace pace = new Pace(1);
    for (int i = 0; i < seconds; i++) {
      pace.next();
      backlog[i] = waiting.call();
    }
    return backlog;
  }

  /** By how much a second, from the middle of the first third to that of the last. */
  static double growth(double[] eachSecond) {
    double[] thirds = Samples.thirds(eachSecond, Samples::median);
    return (thirds[2] - thirds[0]) / (eachSecond.length * 2 / 3.0);
  }

  private static long waiting(Connection outbox) throws SQLException {
    try (Statement statement = outbox.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from outbox")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String topic() {
    return "bench.writers." + UUID.randomUUID();
  }
}
