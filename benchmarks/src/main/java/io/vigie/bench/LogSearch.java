package io.vigie.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.vigie.audit.search.Outcome;
import io.vigie.audit.search.WordList;

/**
 * Filtered search over HTTP: by actor (the busiest and any), object, type, source, time, words,
 * outcome, pairs of them, and what nobody did. The other side is plain SQL for the same questions,
 * prepared, on a connection of its own. Late pages are held against the first one of the same
 * filter, and against those that count from the beginning.
 */
final class LogSearch implements Benchmark {

  private static final int PAGE = 50;
  private static final int LATE = 10_000;
  private static final long GOAL = 10_000_000;

  /** So large, a log still answers nearly as fast. */
  private static final long GROWN = 3 * GOAL;

  /** What plain SQL may take for an answer; where it takes longer, this is its time. */
  private static final int PATIENCE_MILLIS = 1_000;

  /**
   * It is asked every so many times, since it takes so long for some; no divisor of the filters.
   */
  private static final int SELDOM = 11;

  private static final String IN_ROWS =
      "index in (select index + behind from search_text, unnest(array[0::int2] || more) behind where word = ?)";

  /** Searches a second. */
  private static final int RATE = 50;

  @Override
  public String name() {
    return "search";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.freshUnlessQuick("audit");
    double[] small = null;
    if (!bed.quick()) {
      BigLog.growTo(GOAL / 10, bed);
      small = searches(bed, new ArrayList<>());
    }
    BigLog.growTo(bed.quick() ? GOAL / 100 : GOAL, bed);
    List<Double> plain = new ArrayList<>();
    double[] mixed = searches(bed, plain);
    double[] byHand = plain.stream().mapToDouble(Double::doubleValue).toArray();
    List<Row> rows = new ArrayList<>();
    for (double share : new double[] {0.5, 0.99}) {
      Row row =
          new Row(
              name() + "-mixed-p" + Math.round(share * 100),
              Samples.percentiles(mixed, share),
              "ms at %d/s".formatted(RATE),
              "plain SQL by hand, given up after " + PATIENCE_MILLIS + " ms",
              Samples.percentiles(byHand, share),
              Goal.atMost(50, "ms"));
      rows.add(bed.quick() ? row.notJudged("the goal is for 10 M entries") : row);
    }
    if (small != null) {
      rows.add(
          new Row(
                  name() + "-growth",
                  Samples.percentiles(mixed, 0.99),
                  "ms at %d/s, p99".formatted(RATE),
                  "a tenth of the entries",
                  Samples.percentiles(small, 0.99),
                  Goal.ratioAtMost(1.3))
              .notJudged("the goal is for three times as many entries, from 10 M on"));
    }
    rows.addAll(latePages(bed));
    if (!bed.quick()) {
      rows.addAll(grown(bed, mixed));
    }
    return rows;
  }

  private List<Row> grown(Bed bed, double[] before) throws Exception {
    double[] scatteredBefore = scattered(bed);
    BigLog.growTo(GROWN, bed);
    double[] after = searches(bed, new ArrayList<>());
    return List.of(
        threefold("", "p99 at 30 M", before, after),
        threefold(
                "-limit",
                "p99 of 50 entries by their indexes, at 30 M",
                scatteredBefore,
                scattered(bed))
            .notJudged("what any answer takes whose entries are scattered: a limit, not a goal"));
  }

  private Row threefold(String suffix, String what, double[] before, double[] after) {
    return new Row(
        name() + "-growth-threefold" + suffix,
        Samples.percentiles(after, 0.99),
        "ms at %d/s, %s".formatted(RATE, what),
        "at 10 M entries",
        Samples.percentiles(before, 0.99),
        Goal.ratioAtMost(1.3));
  }

  /** The times that a page of entries anywhere in the log takes by plain SQL, in ms. */
  private static double[] scattered(Bed bed) throws SQLException {
    long size = bed.size();
    Random random = new Random(2);
    double[] millis = new double[1_000];
    try (Connection connection = bed.log();
        PreparedStatement query =
            connection.prepareStatement(
                "select canonical, leaf from entry where index = any (?)")) {
      Pace pace = new Pace(RATE);
      for (int i = 0; i < millis.length; i++) {
        Object[] indexes = random.longs(PAGE, 0, size).boxed().toArray();
        long start = pace.next();
        query.setArray(1, connection.createArrayOf("bigint", indexes));
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            rows.getBytes(1);
          }
        }
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    return millis;
  }

  /** The times of a mix of searches, in turn, in ms; then some of them by hand, too. */
  private static double[] searches(Bed bed, List<Double> plain) throws Exception {
    long size = bed.size();
    Instant beginning;
    try (Connection connection = bed.log()) {
      beginning = BigLog.beginning(connection);
    }
    LogApi api = new LogApi(bed);
    Random random = new Random(1);
    int searches = bed.quick() ? 150 : 5_000;
    int[] asked = {0};
    api.warmUp(() -> filtered(asked[0]++, size, beginning, random).path());
    double[] mixed = new double[searches];
    List<Map.Entry<Question, LogApi.Timed>> again = new ArrayList<>();
    api.pace(RATE);
    for (int i = 0; i < searches; i++) {
      Question question = filtered(i, size, beginning, random);
      LogApi.Timed page = api.get(question.path());
      mixed[i] = page.millis();
      if (i % SELDOM == 0) {
        again.add(Map.entry(question, page));
      }
    }
    try (Connection connection = bed.log()) {
      for (Map.Entry<Question, LogApi.Timed> each : again) {
        ByHand byHand = byHand(connection, each.getKey());
        plain.add(byHand.millis());
        if (byHand.found() != null) {
          requireSame(each.getKey().path(), each.getValue(), byHand.found());
        }
      }
    }
    return mixed;
  }

  /**
   * A page is what SQL finds; one that goes on after it was cut short is the beginning of that.
   *
   * @throws IllegalStateException when it is not
   */
  static void requireSame(String path, LogApi.Timed page, List<Long> found) {
    List<Long> items = new ArrayList<>();
    page.body().path("items").forEach(item -> items.add(item.path("index").asLong()));
    int compared = page.goesOn() ? Math.min(items.size(), found.size()) : found.size();
    if (!items.equals(found.subList(0, compared))) {
      throw new IllegalStateException("%s finds %s, and SQL %s".formatted(path, items, found));
    }
  }

  /**
   * @param found null where it was given up
   */
  private record ByHand(double millis, List<Long> found) {}

  private static ByHand byHand(Connection connection, Question question) throws SQLException {
    try (Statement settings = connection.createStatement()) {
      settings.execute("set statement_timeout = " + PATIENCE_MILLIS);
    }
    List<Long> found = new ArrayList<>();
    long start = System.nanoTime();
    try (PreparedStatement query =
        connection.prepareStatement(
            "select index, canonical, leaf from entry where "
                + question.where()
                + " limit "
                + PAGE)) {
      for (int i = 0; i < question.values().size(); i++) {
        query.setObject(i + 1, question.values().get(i));
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          rows.getBytes(2);
          found.add(rows.getLong(1));
        }
      }
    } catch (SQLException e) {
      if (!"57014".equals(e.getSQLState())) {
        throw e;
      }
      found = null;
    }
    return new ByHand((System.nanoTime() - start) / 1e6, found);
  }

  /** Pages of one type: one entry in eight has it, so page 10,000 ends near entry 4 million. */
  private List<Row> latePages(Bed bed) throws Exception {
    long size = bed.size();
    LogApi api = new LogApi(bed);
    String first = "/v1/log/entries?type=" + BigLog.type(0) + "&limit=" + PAGE;
    double[] firsts = new double[bed.rounds()];
    double[] hundredths = new double[bed.rounds()];
    double[] lates = new double[bed.rounds()];
    double[] offsets = new double[bed.rounds()];
    double[] slopes = new double[bed.rounds()];
    long skipped = Math.min((long) (LATE - 1) * PAGE, size / 8 - PAGE);
    for (int round = 0; round < bed.rounds(); round++) {
      lates[round] = median(api, first + "&after=" + (8 * skipped - 1), 300);
      hundredths[round] = median(api, first + "&after=" + (8L * 99 * PAGE - 1), 300);
      firsts[round] = median(api, first, 300);
      offsets[round] = byOffset(bed, skipped);
      slopes[round] =
          Math.log(lates[round] / firsts[round]) / Math.log(skipped / (double) PAGE + 1);
    }
    List<Row> rows = new ArrayList<>();
    rows.add(page("-page-100", hundredths, "page 1", firsts, 1.2));
    rows.add(page("-page-" + LATE, lates, "page 1", firsts, 1.2));
    rows.add(
        page(
            "-page-" + LATE + "-offset",
            lates,
            "SQL with an offset, given up after " + PATIENCE_MILLIS + " ms",
            offsets,
            1));
    rows.add(
        new Row(
            name() + "-page-slope",
            new Samples(slopes),
            "log-log slope of the time by the page",
            "in proportion",
            new Samples(1),
            Goal.atMost(0.05, "(slope)")));
    return size < 8L * PAGE * LATE
        ? rows.stream().map(row -> row.notJudged("there is no page 10,000 yet")).toList()
        : rows;
  }

  private Row page(String suffix, double[] pages, String against, double[] others, double goal) {
    return new Row(
        name() + suffix,
        new Samples(pages),
        "ms",
        against,
        new Samples(others),
        Goal.ratioAtMost(goal));
  }

  private static double byOffset(Bed bed, long skipped) throws SQLException {
    Question page = new Question("", "type = ? order by index offset " + skipped, BigLog.type(0));
    double[] millis = new double[5];
    try (Connection connection = bed.log()) {
      for (int i = 0; i < millis.length; i++) {
        millis[i] = byHand(connection, page).millis();
      }
    }
    return new Samples(millis).median();
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

  /** What is searched for, over HTTP and by hand. */
  private record Question(String path, String where, List<Object> values) {
    Question(String path, String where, Object... values) {
      this(path, where, List.of(values));
    }

    /** Entries behind this one, in the order of the log. */
    Question after(long index) {
      return and("after=" + index, "index > ?", index);
    }

    Question and(String path, String where, Object value) {
      List<Object> more = new ArrayList<>(values);
      more.add(value);
      return new Question(this.path + "&" + path, this.where + " and " + where, more);
    }

    Question ordered(String order) {
      return new Question("/v1/log/entries?" + path, where + " order by index " + order, values);
    }
  }

  private static Question filtered(int i, long size, Instant beginning, Random random) {
    long after = random.nextLong(size);
    String time = beginning.plusSeconds(random.nextLong(size)).toString();
    String anybody = BigLog.actor(random.nextInt(2_000));
    String anything = BigLog.object(random.nextInt(1_000_000));
    Question question =
        switch (i % 14) {
          case 0 -> of("actor", BigLog.busiest());
          case 1 -> of("actor", anybody);
          case 2 -> of("subject", anything);
          case 3 -> of("type", BigLog.type(random.nextInt(8))).after(after);
          case 4 -> of("source", "/vigie/bench").after(after);
          case 5 -> since(time);
          case 6 ->
              of("type", BigLog.type(1))
                  .and("actor=" + BigLog.busiest(), IN_ROWS, WordList.by("actor", BigLog.busiest()))
                  .after(after);
          case 7 -> since(time).and("actor=" + anybody, IN_ROWS, WordList.by("actor", anybody));
          case 8 ->
              new Question(
                  "object=" + anything,
                  "(subject = ? or index in (select index from reference where object = ?))",
                  anything,
                  anything);
          case 9 -> saying(1).after(after);
          case 10 -> saying(10_000).and("order=desc", "index >= ?", 0L);
          case 11 ->
              saying(100)
                  .and("actor=" + BigLog.busiest(), IN_ROWS, WordList.by("actor", BigLog.busiest()))
                  .after(after);
          case 12 ->
              new Question("outcome=refused", "type = any (?)", (Object) refused()).after(after);
          default -> of("actor", "nobody" + random.nextInt(1_000));
        };
    return question.ordered(question.path().contains("order=desc") ? "desc" : "asc");
  }

  private static Question of(String field, String value) {
    return field.equals("actor") || field.equals("source")
        ? new Question(field + "=" + value, IN_ROWS, WordList.by(field, value))
        : new Question(field + "=" + value, field + " = ?", value);
  }

  private static Question since(String time) {
    return new Question("from=" + time, "event_time >= ?::timestamptz", time);
  }

  private static Question saying(int share) {
    String word = BigLog.wordOfOneIn(share);
    return new Question("q=" + word, IN_ROWS, word);
  }

  private static String[] refused() {
    return Outcome.REFUSED.types().toArray(String[]::new);
  }
}
