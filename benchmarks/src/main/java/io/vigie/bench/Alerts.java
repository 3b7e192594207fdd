package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

/**
 * What monitoring tells when much fails at once: 10,000 alerts that are not the same within a
 * minute, a call each, and 100,000 times the same one. Each at a rate that does not wait for
 * answers; beside a read of one alert at the same rate. Then how many mails come of the 10,000, and
 * of the same one in all of the rounds.
 */
final class Alerts implements Benchmark {

  private static final String SERVICE = "incident";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int DISTINCT = 10_000;
  private static final int REPEATS = 100_000;
  private static final int REPEATS_A_SECOND = 500;
  private static final int RULES = 10;
  private static final String SAME = "same";

  /** From one mail to the next of what is critical, as contracts/policy/alerting.json has it. */
  private static final Duration PACE = Duration.ofMinutes(15);

  private static final long PATIENCE_NANOS = 300_000_000_000L;

  private static final Map<String, String> SETTINGS =
      Map.of("VIGIE_NOTICES_MAILBOXES_SYSADMIN", "admins@bench.example");

  @Override
  public String name() {
    return "alerts";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only();
    bed.start(SERVICE, SETTINGS);
    try (Load load = new Load(bed.stack().url(SERVICE));
        Connection database = bed.stack().superuser(SERVICE);
        Statement statement = database.createStatement()) {
      load.use(bed.stack().toolToken());
      warmUp(bed, load, database);
      Sides distinct = new Sides(bed.rounds());
      Sides repeats = new Sides(bed.rounds());
      Sides mails = new Sides(bed.rounds());
      Duration minute = bed.quick() ? MINUTE.dividedBy(30) : MINUTE;
      Duration repeating =
          Duration.ofSeconds(REPEATS / REPEATS_A_SECOND / (bed.quick() ? 1_000 : bed.rounds()) + 1);
      long start = System.nanoTime();
      for (int round = 0; round < bed.rounds(); round++) {
        double rate = DISTINCT / (double) MINUTE.toSeconds();
        distinct.set(
            round,
            p99(bed, load, tell("round-" + round, Integer.MAX_VALUE), rate, minute),
            p99(bed, load, read(statement), rate, minute));
        repeats.set(
            round,
            p99(bed, load, tell(SAME, 1), REPEATS_A_SECOND, repeating),
            p99(bed, load, read(statement), REPEATS_A_SECOND, repeating));
        mails.set(
            round, mails(statement, round), count(statement, "rule like 'round-%s-%%'", round));
        requireSome(mails(statement, round));
      }
      Sides mailsOfSame = new Sides(1);
      mailsOfSame.set(0, mailsOfSame(statement), toldOfSame(statement));
      requireSome(mailsOfSame(statement));
      long paces = Duration.ofNanos(System.nanoTime() - start).dividedBy(PACE);
      List<Row> rows =
          List.of(
              distinct.row(
                  name() + "-distinct-p99",
                  "ms, 10,000 in a minute",
                  "one alert by id, same rate",
                  Goal.atMost(50, "ms")),
              repeats.row(
                  name() + "-repeats-p99",
                  "ms, 500 in a second",
                  "one alert by id, same rate",
                  Goal.atMost(50, "ms")),
              mails.row(
                  name() + "-mails",
                  "mails of %d groups".formatted(RULES),
                  "alerts",
                  Goal.atMost(RULES * 21, "mails")),
              mailsOfSame.row(
                  name() + "-repeats-mails",
                  "mails of one alert in all rounds",
                  "times that it was told",
                  Goal.atMost(1 + paces, "mails")));
      return bed.quick()
          ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
          : rows;
    } finally {
      bed.stop(SERVICE);
    }
  }

  /** No mail at all would be few, too. */
  private static void requireSome(double mails) {
    if (mails == 0) {
      throw new IllegalStateException("nobody was mailed");
    }
  }

  /** New alerts and the same again, until the compiler rests. */
  private static void warmUp(Bed bed, Load load, Connection database) throws Exception {
    Duration time = Duration.ofSeconds(bed.quick() ? 1 : 5);
    Supplier<Load.Request> others = tell("warm-up", Integer.MAX_VALUE);
    Supplier<Load.Request> same = tell("warm-up-same", 1);
    Callable<Long> both = () -> load.closed(others, time) + load.closed(same, time);
    if (bed.quick()) {
      both.call();
    } else {
      new Processor(database, bed.service(SERVICE).pid()).warmUp(both);
    }
  }

  /** Alerts of ten rules on so many machines, one after the other, and then again. */
  private static Supplier<Load.Request> tell(String rule, int distinct) {
    AtomicInteger next = new AtomicInteger();
    return () -> {
      int alert = next.getAndIncrement() % distinct;
      return new Load.Request(
          HttpMethod.POST,
          "/v1/alerts/alertmanager",
          Buffer.buffer(
              """
              {"version":"4","alerts":[{"status":"firing","labels":{"alertname":"%s-%d",
              "severity":"critical","instance":"web-%d:9100"},"annotations":{"summary":"full"}}]}"""
                  .formatted(rule, alert % RULES, alert)),
          200);
    };
  }

  private static Supplier<Load.Request> read(Statement statement) throws SQLException {
    String id;
    try (ResultSet row = statement.executeQuery("select id from alert limit 1")) {
      row.next();
      id = row.getString(1);
    }
    return () -> Load.Request.get("/v1/alerts/" + id);
  }

  private static double p99(
      Bed bed, Load load, Supplier<Load.Request> requests, double rate, Duration time)
      throws Exception {
    boolean isRead = requests.get().method() == HttpMethod.GET;
    load.use(isRead ? bed.token("responder") : bed.stack().toolToken());
    return load.open(requests, rate, time, answer -> {}).getValueAtPercentile(99) / 1e6;
  }

  /** How many were asked for, once each alert of the round has been looked at, the same one too. */
  private static double mails(Statement statement, int round) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    String due = "(rule like 'round-%s-%%' or rule = '" + SAME + "-0') and next_mail_at <= now()";
    while (count(statement, due, round) > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("mail was not asked for of all alerts");
      }
      LockSupport.parkNanos(500_000_000);
    }
    return number(
        statement,
        "select count(*) from notice where channel = 'MAIL' and parameters like '%round-"
            + round
            + "-%'");
  }

  /** By itself or with others: each mail names the alerts that it tells of one by one. */
  private static double mailsOfSame(Statement statement) throws SQLException {
    return number(
        statement,
        """
        select count(*) from notice, alert
        where channel = 'MAIL' and rule = '%s-0' and alerts like '%%' || alert.id || '%%'"""
            .formatted(SAME));
  }

  /** How often; it is one alert, whatever the round. */
  private static double toldOfSame(Statement statement) throws SQLException {
    String same = " from alert where rule = '" + SAME + "-0'";
    if (number(statement, "select count(*)" + same) != 1) {
      throw new IllegalStateException("repeats of one alert became several");
    }
    return number(statement, "select occurrences" + same);
  }

  private static double count(Statement statement, String condition, int round)
      throws SQLException {
    return number(statement, "select count(*) from alert where " + condition.formatted(round));
  }

  private static double number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getDouble(1);
    }
  }
}
