package io.vigie.kernel.outbox;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps one {@link RelayRun} alive: whichever replica gets the database's advisory lock relays, the
 * others wait for it. A run that fails, for whatever reason, ends with its connection and its
 * producer; the next one starts from what the database says was in flight.
 *
 * <p>Two fences keep a paused former holder harmless. All of a run's statements use the connection
 * that holds the lock, and the database ends that connection when it stays idle for the take-over
 * time; and the next holder's {@code initTransactions} shuts the former producers out.
 */
@ApplicationScoped
public class Relay {

  private static final Logger LOG = Logger.getLogger(Relay.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final RelayDatabase.Source database;
  private final RelayMetrics metrics;
  private final Clock clock;
  private final Map<String, Object> kafka;
  private final String service;
  private final String topic;
  private final int batch;
  private final Duration takeOver;
  private final boolean enabled;

  private final Semaphore wakeUps = new Semaphore(0);
  private volatile boolean running;
  private Thread thread;

  Relay(
      RelayDatabase.Source database,
      RelayMetrics metrics,
      Clock clock,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "vigie.name") String service,
      @ConfigProperty(name = "vigie.topic") String topic,
      @ConfigProperty(name = "vigie.relay.batch") int batch,
      @ConfigProperty(name = "vigie.relay.take-over") Duration takeOver,
      @ConfigProperty(name = "vigie.relay.enabled", defaultValue = "true") boolean enabled) {
    this.database = database;
    this.metrics = metrics;
    this.clock = clock;
    this.kafka = kafka;
    this.service = service;
    this.topic = topic;
    this.batch = batch;
    this.takeOver = takeOver;
    this.enabled = enabled;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    if (enabled) {
      running = true;
      thread = new Thread(this::keepRelaying, "outbox-relay");
      thread.setDaemon(true);
      thread.start();
    }
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    if (thread != null) {
      running = false;
      wake();
      thread.join(TimeUnit.SECONDS.toMillis(5));
    }
  }

  /** Says that facts were committed just now. Cheap, never blocks; the poll covers a lost call. */
  public void wake() {
    if (wakeUps.availablePermits() == 0) {
      wakeUps.release();
    }
  }

  private void keepRelaying() {
    while (running) {
      try (RelayDatabase db = database.connect(takeOver)) {
        if (db.lock()) {
          relay(db);
        } else {
          standBy(db);
        }
      } catch (Exception | Error e) {
        // An Error as well: a relay that ended silently would hold every fact back.
        if (running) {
          metrics.failed();
          LOG.warnf("the relay starts again: %s", e.toString());
          LOG.debug("the relay's failure", e);
          rest();
        }
      }
    }
  }

  /** Another replica relays: wait for the lock on the same connection. */
  private void standBy(RelayDatabase db) throws SQLException {
    while (running && !db.lock()) {
      rest();
    }
    if (running) {
      relay(db);
    }
  }

  private void relay(RelayDatabase db) throws SQLException {
    LOG.infof("relaying %s", topic);
    try (RelayRun run = new RelayRun(db, producers(), service, topic, batch, clock, metrics)) {
      run.start();
      while (running) {
        if (run.step() == 0) {
          pause(RelayRun.POLL);
        }
      }
    }
  }

  /** A pause that no write cuts short; a stop does, a second late. */
  private void rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  private void pause(Duration time) {
    try {
      if (wakeUps.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  private IntFunction<Producer<String, byte[]>> producers() {
    return place ->
        new KafkaProducer<>(
            producerConfig(kafka, service, place),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /**
   * The waits of one batch (for metadata, delivery and commit) together are shorter than the
   * take-over time, so that a holder whose broker is away gives up before the database ends its
   * connection.
   */
  static Map<String, Object> producerConfig(Map<String, Object> kafka, String service, int place) {
    Map<String, Object> config = new HashMap<>(kafka);
    String id = "vigie-" + service + "-relay" + (place == 0 ? "" : "-" + place);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3_500);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    return config;
  }
}
