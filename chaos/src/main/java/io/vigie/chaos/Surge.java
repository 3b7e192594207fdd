package io.vigie.chaos;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Twice as many commands a second as a service can do, for a while. Callers do not wait for each
 * other: each request is sent when its time has come, and timed from then.
 */
final class Surge {

  private static final int AT_ONCE = 128; // vigie.http.at-once
  private static final int CALLERS = 24;
  private static final int MOST_AT_ONCE = 1_000;
  private static final Duration MEASURED = Duration.ofSeconds(8);
  private static final double RISES = 1.1;
  private static final int MOST_TURNS = 15;
  private static final int STEADY_TURNS = 3; // a compiler at work may cost a turn
  private static final Duration LASTS = Duration.ofSeconds(15);
  private static final long BOUND_MILLIS = 2_000;
  private static final Duration WELL_WITHIN = Duration.ofSeconds(10);
  private static final long WELL_MILLIS = 500;
  private static final int WELL_IN_A_ROW = 20;

  /**
   * What is asked for. It makes an object each time, whatever else there is.
   *
   * @param body of a request, by what is in no other
   */
  record Command(
      String account,
      String service,
      String path,
      String event,
      Function<String, Map<String, Object>> body) {}

  /** Of services that share nothing but the machine. */
  static final List<Command> COMMANDS =
      List.of(
          new Command(
              "asset-manager",
              "asset",
              "/v1/assets",
              "asset.registered.v1",
              serial ->
                  Map.of(
                      "name",
                      "surge",
                      "kind",
                      "LAPTOP",
                      "serialNumber",
                      serial,
                      "production",
                      false)),
          new Command(
              "sysadmin",
              "backup",
              "/v1/plans",
              "backup-plan.created.v1",
              name -> AssetJourney.plan(UUID.randomUUID().toString(), name)));

  /** Waits until the other services have worked all that this one told. */
  interface Rest {
    void await() throws SQLException, InterruptedException;
  }

  record Answer(int status, boolean saysWhen, long millis) {}

  private final Command command;
  private final Api api;
  private final Ledger ledger;
  private final Rest rest;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Difference> differences = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private long over;

  Surge(Command command, Api api, Ledger ledger, Rest rest) {
    this.command = command;
    this.api = api;
    this.ledger = ledger;
    this.rest = rest;
  }

  List<String> lines() {
    return lines;
  }

  List<Difference> differences() {
    return differences;
  }

  /** Finds what is not as it must be. */
  void run() throws SQLException, InterruptedException {
    int rate = sustained();
    long told = System.nanoTime();
    rest.await(); // a surge on top of what is left to do would be a larger one than is said
    say(
        "%s-service does %d of POST %s a second, of which all have read %d s later; now %d are asked for",
        command.service(),
        rate,
        command.path(),
        Duration.ofNanos(System.nanoTime() - told).toSeconds(),
        2 * rate);
    if (rate == 0) {
      require(false, "before a surge", "commands done", "none");
      return;
    }
    judge(atRate(2 * rate), answers, rate);
    recover();
  }

  private void say(String line, Object... values) {
    lines.add(String.format(Locale.ROOT, line, values));
  }

  /**
   * What it does a second once that has risen no more for some turns, on average of these: the most
   * that it did in one is more than it goes on with.
   */
  private int sustained() throws InterruptedException {
    int most = 0;
    int steady = 0;
    int sum = 0;
    for (int turn = 0; turn < MOST_TURNS && steady < STEADY_TURNS; turn++) {
      int rate = atWill(MEASURED);
      boolean rises = rate > most * RISES;
      steady = rises ? 0 : steady + 1;
      sum = rises ? 0 : sum + rate;
      most = Math.max(most, rate);
    }
    return steady == 0 ? most : sum / steady;
  }

  /** As many as callers that wait for each answer get done, a second. */
  private int atWill(Duration time) throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; i < CALLERS; i++) {
      callers.submit(
          () -> {
            while (System.nanoTime() < end) {
              if (send(System.nanoTime()).status() == 201) {
                done.incrementAndGet();
              }
            }
          });
    }
    callers.shutdown();
    callers.awaitTermination(1, TimeUnit.MINUTES);
    return (int) (done.get() / time.toSeconds());
  }

  /** Asks for so many; returns how many those were. */
  private long atRate(int perSecond) throws InterruptedException {
    ExecutorService callers = Executors.newFixedThreadPool(MOST_AT_ONCE);
    long start = System.nanoTime();
    long gap = 1_000_000_000L / perSecond;
    long sent = 0;
    while (sent * gap < LASTS.toNanos()) {
      long intended = start + sent * gap;
      LockSupport.parkNanos(intended - System.nanoTime());
      callers.submit(() -> answers.add(send(intended)));
      sent++;
    }
    over = System.nanoTime();
    callers.shutdown();
    callers.awaitTermination(2, TimeUnit.MINUTES);
    return sent;
  }

  private Answer send(long intended) {
    String mark = UUID.randomUUID().toString();
    Write write = ledger.begin(Write.marked(command.event(), mark));
    try {
      HttpResponse<String> answer =
          api.send(
              command.account(),
              "POST",
              command.service(),
              command.path(),
              command.body().apply(mark),
              request -> {});
      if (answer.statusCode() == 201) {
        String receipt = answer.headers().firstValue("Vigie-Receipt").orElseThrow();
        write.done(null, receipt.substring(receipt.lastIndexOf('/') + 1));
      } else if (answer.body().contains(":overloaded")) {
        write.refused(); // which says that nothing was done
      }
      return new Answer(
          answer.statusCode(),
          answer.headers().firstValue("Retry-After").isPresent(),
          Duration.ofNanos(System.nanoTime() - intended).toMillis());
    } catch (IOException e) {
      return new Answer(0, false, Duration.ofNanos(System.nanoTime() - intended).toMillis());
    }
  }

  /**
   * How long may take what is done: twice as long as all need that are worked on at once, as a
   * surge takes of the same processors.
   *
   * @param rate how many a second are done otherwise
   */
  static long bound(int rate) {
    return Math.max(BOUND_MILLIS, 2L * AT_ONCE * 1_000 / rate);
  }

  /**
   * What the service did about too much. It has to do half as many as otherwise at least: sending
   * the others away takes of the same processors.
   *
   * @param sent of how many requests; one without an answer here died of an exception
   * @param rate how many a second are done otherwise
   */
  void judge(long sent, Collection<Answer> answers, int rate) {
    List<Answer> accepted = answers.stream().filter(each -> each.status() == 201).toList();
    List<Answer> shed =
        answers.stream().filter(each -> each.status() == 503 || each.status() == 429).toList();
    long unsaid = shed.stream().filter(each -> !each.saysWhen()).count();
    long other = sent - accepted.size() - shed.size();
    long rateNow = accepted.size() / LASTS.toSeconds();
    long bound = bound(rate);
    long p99 = p99(accepted);
    long shedP99 = p99(shed);
    say(
        "of %d requests %d were done (p99 %d ms), %d told to come later (p99 %d ms), %d neither",
        sent, accepted.size(), p99, shed.size(), shedP99, other);
    require(
        !shed.isEmpty(), "a surge", "some are told to come later, as it is too much", "nobody is");
    require(
        shed.isEmpty() || shedP99 <= BOUND_MILLIS,
        "p99 of what was told to come later",
        BOUND_MILLIS + " ms at most",
        shedP99 + " ms");
    require(unsaid == 0, "refusals in a surge", "all say when to come again", unsaid + " do not");
    require(
        other == 0, "requests in a surge", "done, or told to come later", other + " are neither");
    require(
        2 * rateNow >= rate,
        "what is done in a surge",
        "half of %d a second at least".formatted(rate),
        rateNow + " a second");
    require(p99 <= bound, "p99 of what was done in a surge", bound + " ms at most", p99 + " ms");
  }

  /** The longest that one in a hundred took; no answer at all is the longest of all. */
  private static long p99(List<Answer> answers) {
    long[] millis = answers.stream().mapToLong(Answer::millis).sorted().toArray();
    return millis.length == 0 ? Long.MAX_VALUE : millis[(int) (millis.length * 0.99)];
  }

  /** Well again is a service that does some in a row in time, from the first of them on. */
  private void recover() {
    int inARow = 0;
    long wellSince = System.nanoTime();
    long deadline = wellSince + WELL_WITHIN.toNanos();
    while (inARow < WELL_IN_A_ROW && System.nanoTime() < deadline) {
      long asked = System.nanoTime();
      Answer answer = send(asked);
      boolean isWell = answer.status() == 201 && answer.millis() <= WELL_MILLIS;
      if (isWell && inARow == 0) {
        wellSince = asked;
      }
      inARow = isWell ? inARow + 1 : 0;
    }
    long took = Duration.ofNanos(wellSince - over).toMillis();
    say("afterwards %d in a row are done in time, from %d ms after the surge on", inARow, took);
    require(
        inARow == WELL_IN_A_ROW && took <= WELL_WITHIN.toMillis(),
        "after a surge",
        WELL_IN_A_ROW
            + " in a row are done within "
            + WELL_MILLIS
            + " ms each, from "
            + WELL_WITHIN.toSeconds()
            + " s after it on",
        inARow + ", from " + took + " ms on");
  }

  private void require(boolean is, String object, String expected, String found) {
    if (!is) {
      differences.add(new Difference(object, expected, found));
    }
  }
}
