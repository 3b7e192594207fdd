package io.vigie.kernel.outbox;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.vigie.kernel.Contracts;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.RelayDatabase.Row;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;

/**
 * One tenure of the relay: batch by batch, <em>commit which rows and numbers → send in one Kafka
 * transaction → delete the rows and advance the number</em>.
 *
 * <p>A crash or a lost acknowledgement between any two of these sends the same rows again with the
 * same event ids and source numbers; readers drop what they have. Any failure ends the run: a later
 * batch must never pass one whose fate is unknown. A row that the broker refuses when sent alone is
 * blocked together with its key, before it used a number, so the source numbers stay gapless.
 */
final class RelayRun implements AutoCloseable {

  static final Duration POLL = Duration.ofMillis(100);
  private static final Duration HEARTBEAT = Duration.ofMinutes(1);

  private final RelayDatabase db;
  private final Producer<String, byte[]> producer;
  private final String service;
  private final String topic;
  private final int batch;
  private final Clock clock;
  private final RelayMetrics metrics;
  private long lastNumber;
  private Instant nextHeartbeat = Instant.MIN;

  RelayRun(
      RelayDatabase db,
      Supplier<Producer<String, byte[]>> producers,
      String service,
      String topic,
      int batch,
      Clock clock,
      RelayMetrics metrics) {
    this.db = db;
    this.producer = producers.get();
    this.service = service;
    this.topic = topic;
    this.batch = batch;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Shuts out any former producer, then finishes what a former run left in flight. */
  void start() throws SQLException {
    producer.initTransactions();
    lastNumber = db.lastNumber();
    List<Row> left = db.inFlight();
    if (!left.isEmpty()) {
      publish(left);
    }
  }

  /** Relays one batch, and the heartbeat when it is due. Returns how many facts left. */
  int step() throws SQLException {
    List<Row> rows = db.take(batch);
    if (!rows.isEmpty()) {
      publish(rows);
    }
    if (!clock.instant().isBefore(nextHeartbeat)) {
      send(List.of(heartbeat()));
      nextHeartbeat = clock.instant().plus(HEARTBEAT);
    }
    return rows.size();
  }

  private void publish(List<Row> rows) throws SQLException {
    try {
      send(records(rows));
      sent(rows);
    } catch (RefusedByBroker e) {
      publishOneByOne(rows);
    }
  }

  private void publishOneByOne(List<Row> rows) throws SQLException {
    List<Row> accepted = new ArrayList<>();
    for (Row row : rows) {
      try {
        send(List.of(record(row, lastNumber + accepted.size() + 1)));
        accepted.add(row);
      } catch (RefusedByBroker e) {
        sent(accepted);
        db.block(row, e.getMessage(), clock.instant());
        metrics.blocked();
        return; // what is left of the batch comes again, without this row's key
      }
    }
    sent(accepted);
  }

  private void sent(List<Row> rows) throws SQLException {
    db.sent(rows);
    lastNumber += rows.size();
    metrics.published(rows.size());
  }

  private List<ProducerRecord<String, byte[]>> records(List<Row> rows) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      records.add(record(rows.get(i), lastNumber + i + 1));
    }
    return records;
  }

  /** All of {@code records} or none, for whoever reads committed. */
  private void send(List<ProducerRecord<String, byte[]>> records) {
    producer.beginTransaction();
    List<Future<RecordMetadata>> answers = new ArrayList<>(records.size());
    try {
      records.forEach(record -> answers.add(producer.send(record)));
      producer.flush();
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      if (isAboutTheRecord(cause)) {
        producer.abortTransaction();
        throw new RefusedByBroker(cause);
      }
      throw new KafkaException(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
    producer.commitTransaction();
  }

  /** Whether sending it again can never succeed: the record itself is what the broker refuses. */
  private static boolean isAboutTheRecord(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException
          || cause instanceof InvalidRecordException
          || cause instanceof CorruptRecordException
          || cause instanceof SerializationException) {
        return true;
      }
    }
    return false;
  }

  private ProducerRecord<String, byte[]> record(Row row, long sourceNumber) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, row.key(), row.payload().getBytes(StandardCharsets.UTF_8));
    Headers headers =
        envelope(record, row.eventId().toString(), row.type(), row.occurredAt(), row.actor());
    put(headers, "ce_subject", row.subject());
    put(headers, "ce_sourcenumber", Long.toString(sourceNumber));
    if (row.eventNumber() != null) {
      put(headers, "ce_eventnumber", row.eventNumber().toString());
    }
    if (row.traceparent() != null) {
      put(headers, "ce_traceparent", row.traceparent());
    }
    return record;
  }

  /**
   * What lets a reader find an omission at the end: the highest number sent so far, and since when
   * facts wait that have none yet (now, where none does). It takes no number itself and is checked,
   * not kept.
   */
  private ProducerRecord<String, byte[]> heartbeat() throws SQLException {
    Instant now = clock.instant();
    Instant oldestWaiting = db.oldestWaiting();
    Instant sentUntil = oldestWaiting == null || oldestWaiting.isAfter(now) ? now : oldestWaiting;
    String payload =
        """
        {"source":"%s","lastSourceNumber":%d,"sentUntil":"%s","at":"%s"}"""
            .formatted(source(), lastNumber, sentUntil, now);
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, service, payload.getBytes(StandardCharsets.UTF_8));
    envelope(record, Ids.next().toString(), "heartbeat.v1", now, "system:" + service);
    return record;
  }

  /** CloudEvents 1.0, Kafka protocol binding, binary content mode. */
  private Headers envelope(
      ProducerRecord<String, byte[]> record, String id, String type, Instant time, String actor) {
    Headers headers = record.headers();
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", id);
    put(headers, "ce_source", source());
    put(headers, "ce_type", type);
    put(headers, "ce_time", time.toString());
    put(headers, "ce_dataschema", Contracts.schemaUri(type));
    put(headers, "ce_actor", actor);
    put(headers, "content-type", "application/json");
    return headers;
  }

  private String source() {
    return "/vigie/" + service;
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }

  /** The broker is well and refuses this record. */
  private static final class RefusedByBroker extends RuntimeException {
    RefusedByBroker(Throwable cause) {
      super(cause.toString(), cause);
    }
  }
}
