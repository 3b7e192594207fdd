package io.vigie.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

import io.vigie.kernel.outbox.RelayForBenchmarks;

/**
 * From the time at which a transaction was to begin, at a set rate, until a reader of what is
 * committed has its record out of Kafka; so what waits behind something slow counts as slow. The
 * kernel's relay runs in the process of the writers, as it does in a service, and is woken after
 * each commit; the same writers commit the same transactions beside Debezium, which looks for
 * changes every ten milliseconds. Every event must have come once and in its order.
 */
final class RelayLatency implements Benchmark {

  private static final List<Integer> RATES = List.of(200, 1_000);
  private static final int WARM_UP = 15_000;

  @Override
  public String name() {
    return "relay-latency";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    Latencies vigie = new Latencies();
    Latencies debezium = new Latencies();
    Latencies broker = new Latencies();
    bed.only();
    bed.logicalReplication();
    if (!bed.quick()) {
      vigie(bed, new Latencies()); // what writes for all sides begins uncompiled
    }
    for (int round = 0; round < bed.rounds(); round++) {
      vigie(bed, vigie);
      debezium(bed, debezium);
      broker(bed, broker);
    }
    List<Row> rows = new ArrayList<>();
    for (int rate : RATES) {
      rows.add(row(rate, 0.5, vigie, debezium, Goal.ratioAtMost(0.5)));
      rows.add(row(rate, 0.99, vigie, debezium, Goal.ratioAtMost(0.25)));
      rows.add(
          new Row(
                  "%s-%d-commit-p99".formatted(name(), rate),
                  percentile(vigie.committed.get(rate), 0.99),
                  "ms",
                  "commits beside Debezium",
                  percentile(debezium.committed.get(rate), 0.99),
                  Goal.ratioAtMost(1))
              .notJudged("what passes before any relay can see the fact"));
      rows.add(
          new Row(
                  "%s-%d-broker-p99".formatted(name(), rate),
                  percentile(vigie.arrived.get(rate), 0.99),
                  "ms",
                  "the broker's transactions alone",
                  percentile(broker.arrived.get(rate), 0.99),
                  Goal.ratioAtMost(1))
              .notJudged("what is left without a database: a limit, not a goal"));
    }
    return rows;
  }

  /** By rate, one sample set for each round. */
  private static final class Latencies {
    private final Map<Integer, List<Samples>> arrived = new TreeMap<>();
    private final Map<Integer, List<Samples>> committed = new TreeMap<>();

    void add(int rate, double[] arrived, double[] committed) {
      this.arrived.computeIfAbsent(rate, each -> new ArrayList<>()).add(new Samples(arrived));
      this.committed.computeIfAbsent(rate, each -> new ArrayList<>()).add(new Samples(committed));
    }
  }

  private Row row(int rate, double share, Latencies vigie, Latencies debezium, Goal goal) {
    return new Row(
        "%s-%d-p%.0f".formatted(name(), rate, share * 100),
        percentile(vigie.arrived.get(rate), share),
        "ms",
        "Debezium, polling every 10 ms",
        percentile(debezium.arrived.get(rate), share),
        goal);
  }

  private static Samples percentile(List<Samples> rounds, double share) {
    return new Samples(rounds.stream().mapToDouble(round -> round.percentile(share)).toArray());
  }

  private static void vigie(Bed bed, Latencies latencies) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_latency");
        RelayForBenchmarks relay = own.relay(topic);
        Writers writers = new Writers(own, relay::wake)) {
      measure(bed, writers::write, arrivals, latencies);
    }
  }

  private static void broker(Bed bed, Latencies latencies) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        BareTransactions facts = new BareTransactions(bed, topic)) {
      measure(bed, facts::write, arrivals, latencies);
    }
  }

  private static void debezium(Bed bed, Latencies latencies) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_latency");
        Debezium relay = new Debezium(bed, own.forDebezium(), topic, Debezium.PROMPT);
        Writers writers = new Writers(own, () -> {})) {
      measure(bed, writers::write, arrivals, latencies);
    }
  }

  /** Has a fact written for each place when it is due, and says when that is done. */
  private interface Source {
    void write(int count, IntToLongFunction due, IntConsumer done) throws Exception;
  }

  private static void measure(Bed bed, Source source, Arrivals arrivals, Latencies latencies)
      throws Exception {
    measure(source, arrivals, 1_000, bed.quick() ? 1_000 : WARM_UP, new Latencies());
    int seconds = bed.quick() ? 1 : 20;
    for (int rate : RATES) {
      measure(source, arrivals, rate, rate * seconds, latencies);
    }
  }

  private static void measure(
      Source source, Arrivals arrivals, int rate, int count, Latencies latencies) throws Exception {
    double[] arrived = new double[count];
    double[] committed = new double[count];
    long start = System.nanoTime();
    long apart = TimeUnit.SECONDS.toNanos(1) / rate;
    IntToDoubleFunction late = place -> (System.nanoTime() - start - place * apart) / 1e6;
    CompletableFuture<Long> reader =
        CompletableFuture.supplyAsync(
            () ->
                arrivals.read(
                    count,
                    true,
                    (key, number) -> {
                      int place = Writers.place(key, number);
                      arrived[place] = late.applyAsDouble(place);
                    }));
    source.write(
        count,
        place -> start + place * apart,
        place -> committed[place] = late.applyAsDouble(place));
    reader.get();
    latencies.add(rate, arrived, committed);
  }

  private static String topic() {
    return "bench.latency." + UUID.randomUUID();
  }
}
