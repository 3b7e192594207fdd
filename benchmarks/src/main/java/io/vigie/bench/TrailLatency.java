package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

import io.vertx.core.http.HttpClientResponse;
import org.HdrHistogram.Histogram;

/**
 * From the answer to a registration until its event is in a checkpoint that the log serves, at 300
 * registrations a second. One outsider asks for the checkpoint over and over, with a pause of
 * {@value #PAUSE_MILLIS} ms in between, which is part of the figure; which entry an event became is
 * looked up after the clock has stopped. The other side is the time after which the relay looks for
 * what nobody woke it for, and one commit.
 */
final class TrailLatency implements Benchmark {

  private static final int RATE = 300;
  private static final int PAUSE_MILLIS = 5;
  private static final int POLL_MILLIS = 100;
  private static final long PATIENCE_SECONDS = 300;

  @Override
  public String name() {
    return "trail-latency";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only("asset", "audit");
    try (Register service = Register.ofService(bed)) {
      service.warmUp();
      measure(bed, service); // the log then has what was registered while it was away
      Sides half = new Sides(bed.rounds());
      Sides late = new Sides(bed.rounds());
      for (int round = 0; round < bed.rounds(); round++) {
        Histogram delays = measure(bed, service);
        double limit = POLL_MILLIS + commitMillis(bed);
        half.set(round, delays.getValueAtPercentile(50) / 1e6, limit);
        late.set(round, delays.getValueAtPercentile(99) / 1e6, limit);
      }
      String limit = "the relay's poll and one commit";
      return List.of(
          half.row(name() + "-p50", "ms", limit, Goal.atMost(60, "ms")),
          late.row(name() + "-p99", "ms", limit, Goal.atMost(250, "ms")));
    } finally {
      bed.only("audit");
    }
  }

  /** Nanoseconds from each answer until a checkpoint that an outsider was served covers it. */
  private static Histogram measure(Bed bed, Register service) throws Exception {
    long before = bed.size();
    Map<UUID, Long> answered = new HashMap<>();
    try (Watch watch = new Watch(bed.stack().url("audit").resolve("/log/checkpoint"))) {
      service.at(
          RATE,
          Duration.ofSeconds(bed.quick() ? 10 : 30),
          answer -> answered.put(event(answer), System.nanoTime()));
      Map<UUID, Long> entries = entries(bed, before, answered.keySet());
      watch.awaitSize(Collections.max(entries.values()) + 1);
      Histogram delays = new Histogram(3);
      answered.forEach(
          (event, at) -> delays.recordValue(Math.max(0, watch.seen(entries.get(event)) - at)));
      return delays;
    }
  }

  /** The event that the answer names where it says how to prove it. */
  private static UUID event(HttpClientResponse answer) {
    String receipt = answer.getHeader("Vigie-Receipt");
    return UUID.fromString(receipt.substring(receipt.lastIndexOf('/') + 1));
  }

  /** Which entries of the log the events became, once it has all of them. */
  private static Map<UUID, Long> entries(Bed bed, long from, Set<UUID> events) throws SQLException {
    Map<UUID, Long> entries = new HashMap<>();
    long next = from;
    long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (entries.size() < events.size()) {
      try (Connection connection = bed.log();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "select index, event_id from entry where index >= " + next + " order by index")) {
        while (rows.next()) {
          next = rows.getLong(1) + 1;
          UUID event = rows.getObject(2, UUID.class);
          if (events.contains(event) && entries.put(event, next - 1) != null) {
            throw new IllegalStateException(event + " is in the log twice");
          }
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the log has %d of %d events".formatted(entries.size(), events.size()));
      }
      LockSupport.parkNanos(50_000_000);
    }
    return entries;
  }

  private static double commitMillis(Bed bed) throws SQLException {
    double[] times = new double[200];
    try (Connection connection = bed.log();
        Statement statement = connection.createStatement()) {
      statement.execute("create table bench_commit (at timestamptz)");
      for (int i = 0; i < times.length; i++) {
        long start = System.nanoTime();
        statement.execute("insert into bench_commit values (now())");
        times[i] = (System.nanoTime() - start) / 1e6;
      }
      statement.execute("drop table bench_commit");
    }
    return new Samples(times).median();
  }

  /** An outsider who asks for the newest checkpoint over and over. */
  private static final class Watch implements AutoCloseable {

    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private final NavigableMap<Long, Long> firstSeen = new ConcurrentSkipListMap<>();
    private final Thread thread = new Thread(this::watch, "watch");
    private volatile boolean ended;
    private volatile Exception failure;

    Watch(URI checkpoint) {
      request = HttpRequest.newBuilder(checkpoint).build();
      thread.start();
    }

    private void watch() {
      try {
        while (!ended) {
          HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
          // A log that has published nothing yet answers 404.
          if (answer.statusCode() == 200) {
            firstSeen.putIfAbsent(
                Long.valueOf(answer.body().lines().skip(1).findFirst().orElseThrow()),
                System.nanoTime());
          }
          LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000L);
        }
      } catch (IOException | InterruptedException | RuntimeException e) {
        failure = e;
      }
    }

    void awaitSize(long size) throws Exception {
      long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
      while (firstSeen.ceilingKey(size) == null) {
        if (failure != null || System.nanoTime() > deadline) {
          throw new IllegalStateException("no checkpoint of size " + size, failure);
        }
        LockSupport.parkNanos(10_000_000);
      }
    }

    /** When the entry was first seen covered, as {@link System#nanoTime} says it. */
    long seen(long entry) {
      return firstSeen.higherEntry(entry).getValue();
    }

    @Override
    public void close() throws InterruptedException {
      ended = true;
      thread.join();
    }
  }
}
