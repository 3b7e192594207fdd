package io.vigie.bench;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.vigie.kernel.outbox.RelayForBenchmarks;

/**
 * What a relay leaves to those whose facts it sends: transactions per second of writers that do
 * nothing else, beside the kernel's relay, woken after each commit, and beside Debezium tuned for
 * throughput. The clock stops when the broker has the last fact, so that a relay that falls behind
 * gains nothing by it. Debezium's writers are spared the deletion of what it has read.
 */
final class RelayWriterCost implements Benchmark {

  @Override
  public String name() {
    return "relay-writer-cost";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    double[] vigie = new double[bed.rounds()];
    double[] debezium = new double[bed.rounds()];
    bed.logicalReplication();
    for (int round = 0; round < bed.rounds(); round++) {
      vigie[round] = vigie(bed);
      debezium[round] = debezium(bed);
    }
    return List.of(
        new Row(
            name(),
            new Samples(vigie),
            "transactions/s",
            "the same writers beside Debezium",
            new Samples(debezium),
            Goal.ratioAtLeast(1.2)));
  }

  private static double vigie(Bed bed) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        RelayForBenchmarks relay = own.relay(topic);
        Writers writers = new Writers(own, relay::wake)) {
      return measure(writers, arrivals);
    }
  }

  private static double debezium(Bed bed) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_writers");
        Debezium relay = new Debezium(bed, own, topic, Debezium.TUNED);
        Writers writers = new Writers(own, () -> {})) {
      return measure(writers, arrivals);
    }
  }

  private static double measure(Writers writers, Arrivals arrivals) throws Exception {
    run(writers, arrivals, 5);
    return run(writers, arrivals, 20);
  }

  private static double run(Writers writers, Arrivals arrivals, int seconds) throws Exception {
    long start = System.currentTimeMillis();
    int transactions = writers.writeUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    long last = arrivals.read(transactions, true);
    return transactions / ((last - start) / 1e3);
  }

  private static String topic() {
    return "bench.writers." + UUID.randomUUID();
  }
}
