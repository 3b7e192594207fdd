package io.vigie.audit.intake;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps one {@link IntakeRun} alive, for ever: a run that fails, for whatever reason, ends with its
 * consumer, and the next one starts from the offsets that the database has. While the database or
 * the broker is away nothing is lost: the records wait in their topics.
 *
 * <p>A consumer of our own and not a messaging channel: what was read ahead is dropped with the run
 * when the batch before it fails. Left in a queue, it could pass for one that follows a
 * transaction's hole.
 */
@ApplicationScoped
class Intake {

  private static final Logger LOG = Logger.getLogger(Intake.class);

  /** A pause grows with each failure, up to so many times the first one. */
  private static final int LONGEST = 20;

  private final LogWriter writer;
  private final IntakeMetrics metrics;
  private final Map<String, Object> kafka;
  private final List<String> sources;
  private final String group;
  private final int batch;
  private final Duration firstPause;
  private final int sessionMillis;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private Thread thread;
  private volatile KafkaConsumer<byte[], byte[]> consumer;

  Intake(
      LogWriter writer,
      IntakeMetrics metrics,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "vigie.log.sources") List<String> sources,
      @ConfigProperty(name = "vigie.log.group") String group,
      @ConfigProperty(name = "vigie.log.batch") int batch,
      @ConfigProperty(name = "vigie.log.first-pause") Duration firstPause,
      @ConfigProperty(name = "vigie.kafka-session-ms") int sessionMillis) {
    this.writer = writer;
    this.metrics = metrics;
    this.kafka = kafka;
    this.sources = sources;
    this.group = group;
    this.batch = batch;
    this.firstPause = firstPause;
    this.sessionMillis = sessionMillis;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    start();
  }

  void start() {
    thread = new Thread(this::keepReading, "log-intake");
    thread.setDaemon(true);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stop();
  }

  /** Ends after the batch in hand, at most 5 seconds. */
  void stop() throws InterruptedException {
    stopping.countDown();
    KafkaConsumer<byte[], byte[]> reading = consumer;
    if (reading != null) {
      reading.wakeup();
    }
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }

  /** The topic on which a service tells its events. */
  static String topic(String source) {
    return "vigie." + source + ".events";
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void keepReading() {
    Duration pause = firstPause;
    while (!isStopping()) {
      try {
        writer.offsets(List.of()); // no consumer joins the group before the database answers
        read();
      } catch (Exception | Error e) {
        // An Error as well: a log that falls silent is worse than one that tries in vain.
        metrics.failed(e);
        if (!isStopping()) {
          LOG.warnf("the log's intake starts again in %s: %s", pause, e.toString());
          LOG.debug("the intake's failure", e);
        }
      }
      pause = metrics.hasProgressed() ? firstPause : longer(pause);
      await(pause);
    }
  }

  private Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    Duration longest = firstPause.multipliedBy(LONGEST);
    return twice.compareTo(longest) > 0 ? longest : twice;
  }

  private void await(Duration pause) {
    try {
      stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }

  private void read() throws Exception {
    try (KafkaConsumer<byte[], byte[]> opened =
            new KafkaConsumer<>(
                config(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        IntakeRun run = new IntakeRun(opened, writer, metrics)) {
      consumer = opened;
      run.start(sources.stream().map(Intake::topic).toList());
      while (!isStopping()) {
        run.step();
      }
    } catch (WakeupException e) {
      LOG.debug("woken to stop");
    } finally {
      consumer = null;
    }
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none"); // lost records alarm, they are not skipped
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, true);
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batch);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    config.put(
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        sessionMillis); // after a crash, the next one waits this long
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    return config;
  }
}
