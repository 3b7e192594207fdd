package io.vigie.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.HdrHistogram.Histogram;

/**
 * Registrations of assets over HTTP, each with a token to check, a contract to keep and an event to
 * tell. Beside asset-service and its peer only the database, the broker and the identity provider
 * run; the one that is not measured is idle. First as fast as it goes, then at quarters of what the
 * slower of the two can, at the same rate for both. Then beside JPA with Envers, which the peer is
 * held against, too, and beside what the statements cost by themselves.
 */
final class RestWrite implements Benchmark {

  private static final int[] PERCENT = {25, 50, 75};
  private static final String PLAIN = "entity without trail";
  private static final String ENVERS = "JPA with Envers";

  /** What a registration of the benchmark leaves, in the sizes of its texts. */
  private static final String REGISTRATION =
      """
      begin;
      insert into asset
        (id, version, event_number, published_state, name, kind, serial_number, production, state, registered_at)
      values
        (uuidv7(), 0, 1, repeat('s', 180), 'Bench machine', 'SERVER', gen_random_uuid()::text, true, 'IN_STOCK', now());
      insert into outbox
        (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      values
        (uuidv7(), 'asset.registered.v1', repeat('i', 42), repeat('i', 36), 1, repeat('p', 330), repeat('a', 36), now());
      commit;
      """;

  @Override
  public String name() {
    return "rest-write";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    WriteLimit.requireProgram();
    bed.fresh(); // where there is no log yet, asset-service begins at once
    bed.logicalReplication();
    bed.only("asset");
    try (Register service = Register.ofService(bed)) {
      List<Row> rows = new ArrayList<>();
      service.warmUp();
      try (Register plain = Register.plain(bed)) {
        plain.warmUp();
        rows.addAll(besidePlain(service, plain, bed));
        double half = rows.get(0).figures().figure() / 2; // of the service's peak
        rows.addAll(told(plain, half, bed));
        try (Register envers = Register.envers(bed)) {
          envers.warmUp();
          rows.addAll(besideEnvers(service, plain, envers, bed));
        }
      }
      rows.add(besideLimit(service, new WriteLimit(bed, "asset", "select 1"), bed));
      return rows;
    }
  }

  private List<Row> besidePlain(Register service, Register plain, Bed bed) throws Exception {
    Duration time = time(bed);
    Sides peak = new Sides(bed.rounds());
    Sides thrift = new Sides(bed.rounds());
    Sides told = new Sides(bed.rounds());
    Sides[] late = {new Sides(bed.rounds()), new Sides(bed.rounds()), new Sides(bed.rounds())};
    for (int round = 0; round < bed.rounds(); round++) {
      Register.Peak ours = service.peak(time);
      Register.Peak theirs = plain.peak(time);
      peak.set(round, ours.perSecond(), theirs.perSecond());
      thrift.set(round, ours.perProcessorSecond(), theirs.perProcessorSecond());
      told.set(round, plain.peakWithFacts(time).perSecond(), theirs.perSecond());
      double slower = Math.min(ours.perSecond(), theirs.perSecond());
      for (int i = 0; i < PERCENT.length; i++) {
        double rate = slower * PERCENT[i] / 100;
        late[i].set(round, p99(service, rate, time), p99(plain, rate, time));
      }
    }
    List<Row> rows = new ArrayList<>();
    rows.add(peak.row(name() + "-plain", "1/s", PLAIN, Goal.ratioAtLeast(0.7)));
    rows.add(
        thrift
            .row(name() + "-thrift", "per s of processor", PLAIN, Goal.ratioAtLeast(0.7))
            .notJudged("the goal is for what callers see"));
    rows.add(
        told.row(
                name() + "-outbox",
                "1/s, " + PLAIN + " but a row for it",
                PLAIN,
                Goal.ratioAtLeast(0.7))
            .notJudged("what is left where nobody reads that row: a limit, not a goal"));
    for (int i = 0; i < PERCENT.length; i++) {
      Row row =
          late[i].row(
              name() + "-p99-" + PERCENT[i], "ms", PLAIN + ", same rate", Goal.ratioAtMost(1.5));
      if (PERCENT[i] != 50) {
        row = row.notJudged("the goal is for half of the peak");
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * The plain peer with the same promise kept in the usual way, at its peak and at this rate. While
   * nothing is to be told there is no Debezium, which reads along whatever the database writes.
   */
  private List<Row> told(Register plain, double rate, Bed bed) throws Exception {
    Duration time = time(bed);
    Sides told = new Sides(bed.rounds());
    Sides late = new Sides(bed.rounds());
    for (int round = 0; round < bed.rounds(); round++) {
      double untold = plain.peak(time).perSecond();
      double untoldP99 = p99(plain, rate, time);
      String topic = "bench.told." + UUID.randomUUID();
      try (Arrivals arrivals = new Arrivals(bed, topic);
          Debezium relay = new Debezium(bed, plain.facts(), topic, Debezium.TUNED)) {
        for (int i = 0; i < bed.rounds(); i++) {
          plain.peakWithFacts(time, arrivals); // its compiler begins with nothing
        }
        told.set(round, plain.peakWithFacts(time, arrivals).perSecond(), untold);
        late.set(round, p99(plain.atWithFacts(rate, time, arrivals)), untoldP99);
      }
    }
    String why = "what is left where the broker is told, and nothing checked: a limit, not a goal";
    String who = ", " + PLAIN + " but a row that Debezium tells of";
    return List.of(
        told.row(name() + "-told", "1/s" + who, PLAIN, Goal.ratioAtLeast(0.7)).notJudged(why),
        late.row(
                name() + "-told-p99-50",
                "ms at %.0f/s".formatted(rate) + who,
                PLAIN + ", same rate",
                Goal.ratioAtMost(1.5))
            .notJudged(why));
  }

  private List<Row> besideEnvers(Register service, Register plain, Register envers, Bed bed)
      throws Exception {
    Duration time = time(bed);
    Sides peak = new Sides(bed.rounds());
    Sides thrift = new Sides(bed.rounds());
    Sides limit = new Sides(bed.rounds());
    for (int round = 0; round < bed.rounds(); round++) {
      Register.Peak ours = service.peak(time);
      Register.Peak theirs = envers.peak(time);
      peak.set(round, ours.perSecond(), theirs.perSecond());
      thrift.set(round, ours.perProcessorSecond(), theirs.perProcessorSecond());
      limit.set(round, plain.peak(time).perSecond(), theirs.perSecond());
    }
    return List.of(
        peak.row(name() + "-envers", "1/s", ENVERS, Goal.ratioAtLeast(1.5)),
        thrift
            .row(name() + "-envers-thrift", "per s of processor", ENVERS, Goal.ratioAtLeast(1.5))
            .notJudged("the goal is for what callers see"),
        limit
            .row(name() + "-envers-plain", "1/s, " + PLAIN, ENVERS, Goal.ratioAtLeast(1.5))
            .notJudged("what is left where nothing is told: a limit, not a goal"));
  }

  private Row besideLimit(Register service, WriteLimit limit, Bed bed) throws Exception {
    Sides peak = new Sides(bed.rounds());
    for (int round = 0; round < bed.rounds(); round++) {
      peak.set(round, service.peak(time(bed)).perSecond(), limit.rate(REGISTRATION, time(bed)));
    }
    return peak.row(
            name() + "-limit", "1/s", "the same statements by pgbench", Goal.ratioAtLeast(0.5))
        .notJudged("what the database could do if nothing else were to be done");
  }

  private static Duration time(Bed bed) {
    return bed.quick() ? Duration.ofMillis(500) : Duration.ofSeconds(10);
  }

  private static double p99(Register register, double rate, Duration time) throws Exception {
    return p99(register.at(rate, time, answer -> {}));
  }

  private static double p99(Histogram times) {
    return times.getValueAtPercentile(99) / 1e6;
  }
}
