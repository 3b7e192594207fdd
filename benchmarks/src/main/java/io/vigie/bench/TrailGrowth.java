package io.vigie.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The way from the answer to a registration into the signed log, as in {@link TrailLatency}, where
 * the log is ten and a hundred times as large: by the law it takes as long.
 */
final class TrailGrowth implements Benchmark {

  @Override
  public String name() {
    return "trail-growth";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.freshUnlessQuick("asset", "audit"); // how large the log is at first is up to this one
    try (Register service = Register.ofService(bed)) {
      service.warmUp();
      Samples small = medians(bed, service);
      long size = bed.size();
      List<Row> rows = new ArrayList<>();
      rows.add(grown("-tenfold", 10 * size, bed, service, size, small));
      if (!bed.quick()) {
        rows.add(grown("-hundredfold", 100 * size, bed, service, size, small));
      }
      return rows;
    }
  }

  private Row grown(String suffix, long size, Bed bed, Register service, long before, Samples small)
      throws Exception {
    BigLog.growTo(size, bed);
    Row row =
        new Row(
            name() + suffix,
            medians(bed, service),
            "ms, p50 at %,d entries".formatted(size),
            "at %,d entries".formatted(before),
            small,
            Goal.ratioAtMost(1.2));
    return bed.quick() ? row.notJudged("the goal is for the whole size") : row;
  }

  private static Samples medians(Bed bed, Register service) throws Exception {
    if (!bed.quick()) {
      TrailLatency.measure(bed, service); // the log has what was registered by then
    }
    double[] medians = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      medians[round] = TrailLatency.measure(bed, service).whole().percentile(0.5);
    }
    return new Samples(medians);
  }
}
