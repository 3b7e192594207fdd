package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.vigie.kernel.outbox.RelayForBenchmarks;

/**
 * What a relay leaves to those whose facts it sends: transactions per second of writers that do
 * nothing else, beside the kernel's relay, woken after each commit, and beside Debezium tuned for
 * throughput. The clock stops when the broker has the last fact, so that a relay that falls behind
 * gains nothing by it. Debezium's writers are spared the deletion of what it has read. And by how
 * much more waits in the outbox when the writers end than when they began.
 */
final class RelayWriterCost implements Benchmark {

  /** Both per second. */
  private record Written(double transactions, double left) {}

  @Override
  public String name() {
    return "relay-writer-cost";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    Sides speed = new Sides(bed.rounds());
    Sides backlog = new Sides(bed.rounds());
    bed.logicalReplication();
    for (int round = 0; round < bed.rounds(); round++) {
      Written vigie = vigie(bed);
      speed.set(round, vigie.transactions(), debezium(bed).transactions());
      backlog.set(round, vigie.left(), vigie.transactions());
    }
    return List.of(
        speed.row(
            name(), "transactions/s", "the same writers beside Debezium", Goal.ratioAtLeast(1.2)),
        // What is on its way when the writers end is no backlog.
        backlog.row(
            name() + "-backlog",
            "rows/s that the outbox grows by",
            "rows/s written",
            Goal.ratioAtMost(0.01)));
  }

  private static Written vigie(Bed bed) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        RelayForBenchmarks relay = own.relay(topic);
        Writers writers = new Writers(own, relay::wake);
        Connection outbox = own.connect()) {
      return measure(writers, arrivals, () -> waiting(outbox));
    }
  }

  private static Written debezium(Bed bed) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        Debezium relay = new Debezium(bed, own, topic, Debezium.TUNED);
        Writers writers = new Writers(own, () -> {})) {
      return measure(writers, arrivals, () -> 0L); // nobody deletes what it has read
    }
  }

  private static Written measure(Writers writers, Arrivals arrivals, Callable<Long> waiting)
      throws Exception {
    run(writers, arrivals, waiting, 5);
    return run(writers, arrivals, waiting, 20);
  }

  private static Written run(
      Writers writers, Arrivals arrivals, Callable<Long> waiting, int seconds) throws Exception {
    long before = waiting.call();
    long start = System.currentTimeMillis();
    int transactions = writers.writeUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    double left = waiting.call() - before;
    long last = arrivals.read(transactions, true);
    return new Written(transactions / ((last - start) / 1e3), left / seconds);
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
