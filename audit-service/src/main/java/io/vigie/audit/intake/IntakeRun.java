package io.vigie.audit.intake;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vigie.audit.intake.LogWriter.Move;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * One tenure of the intake: <em>poll → write → poll</em>, one batch at a time. Any failure ends it.
 *
 * <p>The broker's offsets are never used: a partition is read from where the database says, and
 * what is expected of the database afterwards is what it said then. An offset may lie beyond the
 * last record plus one: transactions leave markers behind that no reader sees.
 */
final class IntakeRun implements ConsumerRebalanceListener {

  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final LogWriter writer;
  private final IntakeMetrics metrics;
  private final Map<TopicPartition, Long> stored = new HashMap<>();

  IntakeRun(Consumer<byte[], byte[]> consumer, LogWriter writer, IntakeMetrics metrics) {
    this.consumer = consumer;
    this.writer = writer;
    this.metrics = metrics;
  }

  void start(List<String> topics) {
    consumer.subscribe(topics, this);
  }

  /**
   * Reads and logs one batch; waits a moment when there is none.
   *
   * @throws SQLException when the batch could not be logged, or its fate is unknown
   * @throws KafkaException when the broker has lost records that are not logged, or is away for
   *     good
   */
  void step() throws SQLException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    metrics.lag(consumer);
    if (records.isEmpty()) {
      return;
    }
    List<Arrival> arrivals = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      arrivals.add(RecordReader.read(record));
    }
    List<Move> moves = new ArrayList<>();
    for (TopicPartition partition : records.partitions()) {
      moves.add(new Move(partition, stored.get(partition), consumer.position(partition)));
    }
    long start = System.nanoTime();
    LogWriter.Outcome outcome = writer.write(arrivals, moves);
    moves.forEach(move -> stored.put(move.partition(), move.next()));
    metrics.wrote(outcome, Duration.ofNanos(System.nanoTime() - start));
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

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    partitions.forEach(stored::remove);
  }
}
