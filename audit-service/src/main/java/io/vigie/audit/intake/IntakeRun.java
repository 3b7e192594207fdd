package io.vigie.audit.intake;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vigie.audit.intake.LogWriter.Move;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/**
 * One tenure of the intake: while one batch is written the next one is read and understood, but
 * handed on only once the one before it is committed; what comes meanwhile joins it, until it is
 * large enough. Any failure ends the tenure, and what was read ahead is read again by the next.
 *
 * <p>The same way a batch is sealed while the next one is stored, which is committed only then:
 * each ends in a checkpoint of its own. A seal that takes longer than {@code 5 s} is not waited
 * for, and the next one covers both.
 *
 * <p>The broker's offsets are never used: a partition is read from where the database says, and
 * what is expected of the database afterwards is what it said then. An offset may lie beyond the
 * last record plus one: transactions leave markers behind that no reader sees.
 */
final class IntakeRun implements ConsumerRebalanceListener, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(IntakeRun.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** While a batch is written, so that its end or its failure is seen in time. */
  private static final Duration SHORT_POLL = Duration.ofMillis(50);

  /** For what else may join a batch; so long it may be handed on late. */
  private static final Duration SHORTEST_POLL = Duration.ofMillis(5);

  /** Bytes with which a batch waits for nothing more: some hundred events. */
  private static final long ENOUGH = 1 << 20;

  /** Bytes that an event takes which has nothing in it. */
  private static final int EMPTY = 500;

  private static final int SEALED_WITHIN_SECONDS = 5;

  private final Consumer<byte[], byte[]> consumer;
  private final LogWriter writer;
  private final IntakeMetrics metrics;
  private final Map<TopicPartition, Long> stored = new HashMap<>();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(2, work -> new Thread(work, "log-writer"));

  /** The next batch, and the bytes that were read for it. */
  private final Map<TopicPartition, List<Arrival>> next = new LinkedHashMap<>();

  private long bytes;

  /** The batch that is being written, null when there is none. */
  private Future<Void> writing;

  /** The seal of the batch before it. Of the thread that writes. */
  private Future<?> sealing = CompletableFuture.completedFuture(null);

  IntakeRun(Consumer<byte[], byte[]> consumer, LogWriter writer, IntakeMetrics metrics) {
    this.consumer = consumer;
    this.writer = writer;
    this.metrics = metrics;
  }

  void start(List<String> topics) {
    consumer.subscribe(topics, this);
  }

  /**
   * Reads one batch, sees the one before it committed, and begins to write it; waits a moment when
   * there is nothing to do.
   *
   * @throws SQLException when the batch before could not be logged, or its fate is unknown
   * @throws KafkaException when the broker has lost records that are not logged, or is away for
   *     good
   */
  void step() throws SQLException {
    read();
    awaitCommit();
    if (next.isEmpty()) {
      return;
    }
    List<Arrival> arrivals = next.values().stream().flatMap(List::stream).toList();
    List<Move> moves = new ArrayList<>();
    for (TopicPartition partition : next.keySet()) {
      moves.add(new Move(partition, stored.get(partition), consumer.position(partition)));
    }
    next.clear();
    bytes = 0;
    moves.forEach(move -> stored.put(move.partition(), move.next()));
    writing = threads.submit(() -> write(arrivals, moves));
  }

  /**
   * What there is to read next. What the broker has waiting comes in many pieces, of which a poll
   * that does not wait takes one and returns nothing: while a batch is written this waits for the
   * next one, until the former is done. What else comes until then would wait for a whole batch
   * otherwise.
   */
  private void read() {
    do {
      poll(writing == null ? POLL : SHORT_POLL);
    } while (next.isEmpty() && isWriting());
    while (bytes < ENOUGH && isWriting()) {
      poll(SHORTEST_POLL);
    }
  }

  private boolean isWriting() {
    return writing != null && !writing.isDone();
  }

  private void poll(Duration patience) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      next.computeIfAbsent(
              new TopicPartition(record.topic(), record.partition()), first -> new ArrayList<>())
          .add(RecordReader.read(record));
      bytes += size(record);
    }
    metrics.lag(consumer);
  }

  private static long size(ConsumerRecord<byte[], byte[]> record) {
    long size = EMPTY + record.serializedKeySize() + record.serializedValueSize();
    for (Header header : record.headers()) {
      size += header.value() == null ? 0 : header.value().length;
    }
    return size;
  }

  private Void write(List<Arrival> arrivals, List<Move> moves) throws SQLException {
    long start = System.nanoTime();
    LogWriter.Outcome outcome = writer.log(arrivals, moves, this::awaitSealed);
    if (outcome.logged() > 0) {
      sealing = threads.submit(writer::seal);
    }
    metrics.wrote(outcome, Duration.ofNanos(System.nanoTime() - start));
    return null;
  }

  private void awaitSealed() {
    try {
      sealing.get(SEALED_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debugf("the batch before is sealed later: %s", e);
    }
  }

  private void awaitCommit() throws SQLException {
    if (writing == null) {
      return;
    }
    Future<Void> last = writing;
    writing = null;
    try {
      last.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    try {
      writer
          .offsets(partitions)
          .forEach(
              (partition, offset) -> {
                stored.put(partition, offset);
                consumer.seek(partition, offset);
              });
    } catch (SQLException e) {
      throw new KafkaException("the database does not say where to read on", e);
    }
  }

  /** Who reads them next finds in the database all that was read here. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    try {
      awaitCommit();
    } catch (SQLException e) {
      throw new KafkaException("the last batch could not be written", e);
    }
    for (TopicPartition partition : partitions) {
      stored.remove(partition);
      next.remove(partition);
    }
  }

  /** Lets the batch that is being written come to its end, at most {@code 5 s}. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
