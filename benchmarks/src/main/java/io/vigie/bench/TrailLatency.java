package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

import io.vertx.core.http.HttpClientResponse;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * From the answer to a registration until its event is in a checkpoint that the log serves, at 300
 * registrations a second. One outsider asks for the checkpoint over and over, with a pause of
 * {@value #PAUSE_MILLIS} ms in between, which is part of the figure; which entry an event became is
 * looked up after the clock has stopped, and so is when it passed from one part of the way to the
 * next: when the relay made its record, and when the log began to take it in. The other side is the
 * time after which the relay looks for what nobody woke it for, and one commit.
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
      Sides sent = new Sides(bed.rounds());
      Sides taken = new Sides(bed.rounds());
      Sides signed = new Sides(bed.rounds());
      for (int round = 0; round < bed.rounds(); round++) {
        Delays delays = measure(bed, service);
        double limit = POLL_MILLIS + commitMillis(bed);
        double median = delays.whole().percentile(0.5);
        half.set(round, median, limit);
        late.set(round, delays.whole().percentile(0.99), limit);
        sent.set(round, delays.sent().percentile(0.5), median);
        taken.set(round, delays.taken().percentile(0.5), median);
        signed.set(round, delays.signed().percentile(0.5), median);
      }
      String limit = "the relay's poll and one commit";
      return List.of(
          half.row(name() + "-p50", "ms", limit, Goal.atMost(60, "ms")),
          late.row(name() + "-p99", "ms", limit, Goal.atMost(250, "ms")),
          stage("-sent-p50", "ms from the answer to the record's time", sent),
          stage("-taken-p50", "ms from there until the log begins to take it in", taken),
          stage("-signed-p50", "ms from there to the checkpoint", signed));
    }
  }

  private Row stage(String suffix, String unit, Sides sides) {
    return sides
        .row(name() + suffix, unit, "the whole way, p50", Goal.ratioAtMost(1))
        .notJudged("where the time goes: a part, not a goal");
  }

  /** Milliseconds from each answer until a checkpoint that an outsider was served covers it. */
  static Delays measure(Bed bed, Register service) throws Exception {
    long before = bed.size();
    Map<UUID, Long> answered = new HashMap<>();
    long wall = nanos(Instant.now()) - System.nanoTime();
    try (Records records = new Records(bed);
        Watch watch = new Watch(bed.stack().url("audit").resolve("/log/checkpoint"))) {
      service.at(
          RATE,
          Duration.ofSeconds(bed.quick() ? 1 : 30),
          answer -> answered.put(event(answer), System.nanoTime() + wall));
      Map<UUID, Logged> entries = entries(bed, before, answered.keySet());
      long last = entries.values().stream().mapToLong(Logged::entry).max().orElseThrow();
      watch.awaitSize(last + 1);
      Map<UUID, Long> sent = records.times(answered.keySet());
      Delays delays = new Delays(answered.size());
      answered.forEach(
          (event, at) -> {
            Logged logged = entries.get(event);
            delays.add(at, sent.get(event), logged.at(), watch.seen(logged.entry()) + wall);
          });
      return delays;
    }
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }

  /** An event's entry, and when the log began to take it in, in nanoseconds since 1970. */
  private record Logged(long entry, long at) {}

  /** The whole way of each event and the parts of it, in milliseconds. */
  static final class Delays {
    private final double[][] parts;
    private int count;

    Delays(int events) {
      parts = new double[4][events];
    }

    void add(long answered, long sent, long taken, long signed) {
      long[] from = {answered, answered, sent, taken};
      long[] to = {signed, sent, taken, signed};
      for (int i = 0; i < parts.length; i++) {
        parts[i][count] = (to[i] - from[i]) / 1e6;
      }
      count++;
    }

    Samples whole() {
      return new Samples(parts[0]);
    }

    /** To the time of the record; a fact may be sent before its caller has the answer. */
    Samples sent() {
      return new Samples(parts[1]);
    }

    Samples taken() {
      return new Samples(parts[2]);
    }

    Samples signed() {
      return new Samples(parts[3]);
    }
  }

  /** The event that the answer names where it says how to prove it. */
  private static UUID event(HttpClientResponse answer) {
    String receipt = answer.getHeader("Vigie-Receipt");
    return UUID.fromString(receipt.substring(receipt.lastIndexOf('/') + 1));
  }

  /** Which entries of the log the events became, once it has all of them. */
  private static Map<UUID, Logged> entries(Bed bed, long from, Set<UUID> events)
      throws SQLException {
    Map<UUID, Logged> entries = new HashMap<>();
    long next = from;
    long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (entries.size() < events.size()) {
      try (Connection connection = bed.log();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "select index, event_id, logged_at from entry where index >= %d order by index"
                      .formatted(next))) {
        while (rows.next()) {
          next = rows.getLong(1) + 1;
          UUID event = rows.getObject(2, UUID.class);
          Logged logged =
              new Logged(next - 1, nanos(rows.getObject(3, OffsetDateTime.class).toInstant()));
          if (events.contains(event) && entries.put(event, logged) != null) {
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

  /** What the relay sends from now on; read after the clock has stopped. */
  private static final class Records implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;

    Records(Bed bed) throws SQLException {
      consumer =
          new KafkaConsumer<>(
              Map.of("bootstrap.servers", bed.stack().address("kafka")),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      List<TopicPartition> partitions =
          consumer.partitionsFor(Events.TOPIC).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position); // the end as it is now
    }

    /** When the relay made the record of each event, in nanoseconds since 1970. */
    Map<UUID, Long> times(Set<UUID> events) {
      Map<UUID, Long> times = new HashMap<>();
      long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
      while (times.size() < events.size()) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "%d of %d records can be read".formatted(times.size(), events.size()));
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          Header id = record.headers().lastHeader("ce_id");
          UUID event = UUID.fromString(new String(id.value(), StandardCharsets.US_ASCII));
          if (events.contains(event)) {
            times.put(event, record.timestamp() * 1_000_000);
          }
        }
      }
      return times;
    }

    @Override
    public void close() {
      consumer.close();
    }
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
