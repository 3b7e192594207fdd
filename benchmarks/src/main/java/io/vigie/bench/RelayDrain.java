package io.vigie.bench;

import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A backlog in the outbox, drained to Kafka by asset-service's relay, by Debezium as it is
 * delivered and as tuned for throughput, and by a poller of a few lines. Each has warmed up on a
 * part of the work; it is frozen while the backlog is written, thawed, and the clock stops when the
 * broker has the last record. Every event must have come once, those of an object in their order
 * (which the poller does not promise), and Vigie's source numbers without a hole. The limit is a
 * producer that has as many facts in memory.
 */
final class RelayDrain implements Benchmark {

  private static final String TOPIC = "bench.drain";

  /** One part in so many of what is measured passes before. */
  private static final int WARM_UP_PART = 10;

  /**
   * Facts per second, and per second of processor time of the relay and the database.
   *
   * @param busy percent of the machine's processors that were in use, whoever used them
   */
  private record Drained(double perSecond, double perProcessorSecond, double busy) {}

  @Override
  public String name() {
    return "relay-drain";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int facts = bed.quick() ? 10_000 : 500_000;
    List<Drained> vigie = new ArrayList<>();
    List<Drained> asDelivered = new ArrayList<>();
    List<Drained> tuned = new ArrayList<>();
    List<Drained> poller = new ArrayList<>();
    double[] limit = new double[bed.rounds()];
    bed.only();
    bed.logicalReplication();
    for (int round = 0; round < bed.rounds(); round++) {
      vigie.add(vigie(bed, facts));
      asDelivered.add(debezium(bed, facts, Map.of()));
      tuned.add(debezium(bed, facts, Debezium.TUNED));
      poller.add(poller(bed, facts));
      limit[round] = sending(bed, facts);
    }
    List<Row> rows = new ArrayList<>();
    rows.add(row("", vigie, "Debezium, tuned", tuned, Goal.ratioAtLeast(2)));
    rows.add(row("-delivered", vigie, "Debezium, as delivered", asDelivered, Goal.ratioAtLeast(2)));
    rows.add(row("-poller", vigie, "a poller without order", poller, Goal.ratioAtLeast(0.9)));
    rows.add(
        new Row(
                name() + "-limit",
                speed(vigie),
                "events/s",
                "a producer with no database",
                new Samples(limit),
                Goal.ratioAtLeast(0.9))
            .notJudged("it is the limit"));
    rows.add(
        new Row(
                name() + "-processor",
                processor(vigie),
                "events/processor-second",
                "Debezium, tuned",
                processor(tuned),
                Goal.ratioAtLeast(2))
            .notJudged("the goal is for the time that passes"));
    rows.add(
        new Row(
                name() + "-busy",
                busy(vigie),
                "% of all processors in use",
                "Debezium, tuned",
                busy(tuned),
                Goal.ratioAtLeast(1))
            .notJudged("how much of the machine is left: a limit, not a goal"));
    return rows;
  }

  private Row row(
      String suffix, List<Drained> vigie, String against, List<Drained> peer, Goal goal) {
    return new Row(name() + suffix, speed(vigie), "events/s", against, speed(peer), goal);
  }

  private static Samples speed(List<Drained> rounds) {
    return new Samples(rounds.stream().mapToDouble(Drained::perSecond).toArray());
  }

  private static Samples processor(List<Drained> rounds) {
    return new Samples(rounds.stream().mapToDouble(Drained::perProcessorSecond).toArray());
  }

  private static Samples busy(List<Drained> rounds) {
    return new Samples(rounds.stream().mapToDouble(Drained::busy).toArray());
  }

  /** On a topic of its own: the log would read along. */
  private static Drained vigie(Bed bed, int facts) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        Connection outbox = bed.stack().superuser("asset")) {
      Process service = bed.start("asset", Map.of("VIGIE_TOPIC", topic));
      return drain(outbox, arrivals, facts, service);
    } finally {
      bed.stop("asset");
    }
  }

  private static Drained debezium(Bed bed, int facts, Map<String, String> settings)
      throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_drain");
        Debezium debezium = new Debezium(bed, own.forDebezium(), topic, settings);
        Connection outbox = own.connect()) {
      return drain(outbox, arrivals, facts, debezium.process());
    }
  }

  private static Drained drain(Connection outbox, Arrivals arrivals, int facts, Process relay)
      throws Exception {
    int warmUp = facts / WARM_UP_PART;
    Facts.insert(outbox, warmUp);
    arrivals.await(warmUp, relay);
    arrivals.read(warmUp, true);
    Processor processor = new Processor(outbox, relay.pid());
    signal(relay, "STOP");
    Facts.insert(outbox, facts);
    double used = processor.seconds();
    Processor.Machine before = Processor.machine();
    long start = System.currentTimeMillis();
    signal(relay, "CONT");
    arrivals.await(facts, relay);
    double busy = Processor.machine().busySince(before);
    used = processor.seconds() - used;
    double seconds = (arrivals.read(facts, true) - start) / 1e3;
    return new Drained(facts / seconds, facts / used, busy);
  }

  private static Drained poller(Bed bed, int facts) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        OwnOutbox own = new OwnOutbox(bed, "bench_drain");
        Connection outbox = own.connect();
        Poller poller = new Poller(bed, own, topic)) {
      Facts.insert(outbox, facts / WARM_UP_PART);
      poller.drain();
      arrivals.read(facts / WARM_UP_PART, false);
      Processor processor = new Processor(outbox, ProcessHandle.current().pid());
      Facts.insert(outbox, facts);
      double used = processor.seconds();
      Processor.Machine before = Processor.machine();
      long start = System.currentTimeMillis();
      poller.drain();
      double busy = Processor.machine().busySince(before);
      used = processor.seconds() - used;
      double seconds = (arrivals.read(facts, false) - start) / 1e3;
      return new Drained(facts / seconds, facts / used, busy);
    }
  }

  private static double sending(Bed bed, int facts) throws Exception {
    String topic = topic();
    try (Arrivals arrivals = new Arrivals(bed, topic);
        Sending sending = new Sending(bed, topic)) {
      sending.send(facts / WARM_UP_PART);
      arrivals.read(facts / WARM_UP_PART, true);
      long start = System.currentTimeMillis();
      sending.send(facts);
      return facts * 1e3 / (arrivals.read(facts, true) - start);
    }
  }

  private static String topic() {
    return TOPIC + "." + UUID.randomUUID();
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }
}
