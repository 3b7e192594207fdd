package io.vigie.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Filtered search over HTTP: by actor (the busiest and any), object, type, source, time, words,
 * outcome, pairs of them, and what nobody did. A late page is held against the first one of the
 * same filter.
 */
final class LogSearch implements Benchmark {

  private static final int LATE = 10_000;
  private static final int PAGE = 50;

  @Override
  public String name() {
    return "search";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    long size = bed.quick() ? 1_000_000 : 10_000_000;
    BigLog.growTo(size, bed);
    LogApi api = new LogApi(bed);
    Random random = new Random(1);
    int searches = bed.quick() ? 1_000 : 5_000;
    for (int i = 0; i < searches / 5; i++) {
      api.get(filtered(i, size, random));
    }
    double[] mixed = new double[searches];
    double[] bare = new double[searches];
    for (int i = 0; i < searches; i++) {
      mixed[i] = api.get(filtered(i, size, random)).millis();
      bare[i] = api.get("/q/health/live").millis();
    }
    List<Row> rows = new ArrayList<>();
    Row p99 =
        new Row(
            name() + "-mixed-p99",
            new Samples(new Samples(mixed).percentile(0.99)),
            "ms",
            "an answer without a search, p99",
            new Samples(new Samples(bare).percentile(0.99)),
            Goal.atMost(50, "ms"));
    rows.add(bed.quick() ? p99.notJudged("the goal is for 10 M entries") : p99);
    rows.add(latePage(bed, api, size));
    return rows;
  }

  /** Pages of one type: one entry in eight has it, so page 10,000 ends near entry 4 million. */
  private Row latePage(Bed bed, LogApi api, long size) throws Exception {
    long after = Math.min(size - 1_000, 8L * PAGE * LATE);
    String first = "/v1/log/entries?type=" + BigLog.type(0) + "&limit=" + PAGE;
    String late = first + "&after=" + after;
    int times = 300;
    double[] lates = new double[bed.rounds()];
    double[] firsts = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      lates[round] = median(api, late, times);
      firsts[round] = median(api, first, times);
    }
    Row row =
        new Row(
            name() + "-page-10000",
            new Samples(lates),
            "ms",
            "page 1",
            new Samples(firsts),
            Goal.ratioAtMost(1.2));
    return size < 8L * PAGE * LATE ? row.notJudged("there is no page 10,000 yet") : row;
  }

  private static double median(LogApi api, String path, int times) throws Exception {
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      LogApi.Timed page = api.get(path);
      if (page.body().get("items").size() != PAGE) {
        throw new IllegalStateException(path + " is no full page");
      }
      millis[i] = page.millis();
    }
    return new Samples(millis).median();
  }

  private static String filtered(int i, long size, Random random) {
    String after = "&after=" + random.nextLong(size);
    String from =
        java.time.Instant.ofEpochSecond(1_767_225_600L + random.nextLong(size)).toString();
    String filter =
        switch (i % 14) {
          case 0 -> "actor=" + BigLog.busiest();
          case 1 -> "actor=" + BigLog.actor(random.nextInt(2_000));
          case 2 -> "subject=" + BigLog.object(random.nextInt(1_000_000));
          case 3 -> "type=" + BigLog.type(random.nextInt(8)) + after;
          case 4 -> "source=/vigie/bench" + after;
          case 5 -> "from=" + from;
          case 6 -> "type=" + BigLog.type(1) + "&actor=" + BigLog.busiest() + after;
          case 7 -> "actor=" + BigLog.actor(random.nextInt(2_000)) + "&from=" + from;
          case 8 -> "object=" + BigLog.object(random.nextInt(1_000_000));
          case 9 -> "q=" + BigLog.wordOfOneIn(1) + after;
          case 10 -> "q=" + BigLog.wordOfOneIn(10_000) + "&order=desc";
          case 11 -> "q=" + BigLog.wordOfOneIn(100) + "&actor=" + BigLog.busiest() + after;
          case 12 -> "outcome=refused" + after;
          default -> "actor=nobody" + random.nextInt(1_000);
        };
    return "/v1/log/entries?" + filter;
  }
}
