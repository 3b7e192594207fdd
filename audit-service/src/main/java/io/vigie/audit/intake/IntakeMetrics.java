package io.vigie.audit.intake;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vigie.audit.intake.LogWriter.Outcome;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * The intake in figures: {@code vigie_log_logged_total}, {@code vigie_log_duplicates_total}, {@code
 * vigie_log_alerts_total} by kind, {@code vigie_log_failures_total}, {@code
 * vigie_log_batch_seconds}, and {@code vigie_log_lag} (records not yet read) by topic.
 */
@ApplicationScoped
class IntakeMetrics {

  private static final Duration RECENT = Duration.ofSeconds(30);

  private static final String READ_ANEW =
      " Where the topic was lost or put back, or its records expired, have it read from its"
          + " beginning: ./vigie log reset-offsets, POST /v1/log/offset-reset.";

  private final MeterRegistry registry;
  private final Counter logged;
  private final Counter duplicates;
  private final Counter failures;
  private final Timer batch;
  private final Map<String, AtomicLong> lagByTopic = new ConcurrentHashMap<>();
  private volatile boolean progressed;
  private volatile Failure failure;

  private record Failure(String cause, long nanoTime) {}

  IntakeMetrics(MeterRegistry registry) {
    this.registry = registry;
    logged = registry.counter("vigie.log.logged");
    duplicates = registry.counter("vigie.log.duplicates");
    failures = registry.counter("vigie.log.failures");
    batch = registry.timer("vigie.log.batch");
    for (Alert alert : Alert.values()) {
      registry.counter("vigie.log.alerts", "kind", alert.text());
    }
  }

  void wrote(Outcome outcome, Duration time) {
    logged.increment(outcome.logged());
    duplicates.increment(outcome.duplicates());
    outcome
        .alerts()
        .forEach(alert -> registry.counter("vigie.log.alerts", "kind", alert.text()).increment());
    batch.record(time);
    progressed = true;
  }

  void failed(Throwable cause) {
    failures.increment();
    String remedy = cause instanceof OffsetOutOfRangeException ? READ_ANEW : "";
    failure = new Failure(cause + remedy, System.nanoTime());
  }

  /** Whether anything was written since the last call. */
  boolean hasProgressed() {
    boolean was = progressed;
    progressed = false;
    return was;
  }

  /** Why a run ended within the last half minute (a lasting cause comes again sooner), or null. */
  String failure() {
    Failure last = failure;
    return last == null || System.nanoTime() - last.nanoTime > RECENT.toNanos() ? null : last.cause;
  }

  void lag(Consumer<?, ?> consumer) {
    Map<String, Long> lags = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      lags.merge(partition.topic(), consumer.currentLag(partition).orElse(0), Long::sum);
    }
    for (String topic : lags.keySet()) {
      lagByTopic.computeIfAbsent(
          topic, t -> registry.gauge("vigie.log.lag", Tags.of("topic", t), new AtomicLong()));
    }
    // Of a topic that another replica reads now, nothing lags here.
    lagByTopic.forEach((topic, lag) -> lag.set(lags.getOrDefault(topic, 0L)));
  }
}
