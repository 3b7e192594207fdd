package io.vigie.audit.intake;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

import io.vigie.audit.payload.PersonKeys;
import io.vigie.bench.Events;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * The log's writer by itself: records as a broker would have handed them over go into a database,
 * and nothing is published. In this package because outside of the service nobody may write.
 */
public final class Appender {

  private static final Seal NOBODY =
      new Seal() {
        @Override
        public void requireUnbroken(Connection connection) {}

        @Override
        public void logGrew() {}
      };

  private final TopicPartition partition = new TopicPartition(Events.TOPIC, 0);
  private final LogWriter writer;
  private final Events events;
  private long offset;

  /** Appends to the log in this database, which nobody else writes to. */
  public Appender(DataSource database, PersonKeys keys, Events events) throws SQLException {
    this.writer = new LogWriter(database, keys, Clock.systemUTC(), NOBODY);
    this.events = events;
    this.offset = writer.offsets(List.of(partition)).get(partition);
  }

  /**
   * Appends one batch: it is read, checked against its contract and committed.
   *
   * @return how long that took, in nanoseconds; making the events is not part of it
   */
  public long append(int batch) throws IOException, SQLException {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      Events.Event event = events.next();
      records.add(
          new ConsumerRecord<>(
              Events.TOPIC,
              0,
              offset + i,
              0,
              TimestampType.CREATE_TIME,
              event.key().length,
              event.value().length,
              event.key(),
              event.value(),
              event.headers(),
              Optional.empty()));
    }
    long start = System.nanoTime();
    List<Arrival> arrivals = new ArrayList<>(batch);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      arrivals.add(RecordReader.read(record));
    }
    LogWriter.Outcome outcome =
        writer.write(arrivals, List.of(new LogWriter.Move(partition, offset, offset + batch)));
    long took = System.nanoTime() - start;
    offset += batch;
    if (outcome.logged() != batch || !outcome.alerts().isEmpty()) {
      throw new IllegalStateException("of %d events %s".formatted(batch, outcome));
    }
    return took;
  }
}
