package io.vigie.audit.intake;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

import io.vigie.audit.intake.LogWriter.Move;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.payload.PersonKeys;
import org.apache.kafka.common.TopicPartition;

/** Batches written as the intake writes them, into any database. */
public final class Batches {

  private static final TopicPartition PARTITION = new TopicPartition(Records.TOPIC, 0);

  private Batches() {}

  /** Logs the drafts where the database says that the partition goes on. */
  public static void write(DataSource database, PersonKeys keys, Seal seal, List<Draft> drafts)
      throws SQLException {
    LogWriter writer = new LogWriter(database, keys, Clock.systemUTC(), seal);
    long from = writer.offsets(List.of(PARTITION)).get(PARTITION);
    List<Arrival> arrivals =
        IntStream.range(0, drafts.size())
            .mapToObj(i -> RecordReader.read(drafts.get(i).at(0, from + i)))
            .toList();
    writer.write(arrivals, List.of(new Move(PARTITION, from, from + drafts.size())));
  }
}
