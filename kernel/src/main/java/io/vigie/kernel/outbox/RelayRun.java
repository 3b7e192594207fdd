package io.vigie.kernel.outbox;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

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
 * One tenure of the relay, batch by batch: <em>begin a Kafka transaction with the rows → commit
 * which rows and numbers they are → commit the Kafka transaction → delete the rows and advance the
 * number</em>, which is one statement with the second step of the next batch. The broker takes the
 * records while the database writes down which they are; nobody reads them before both have.
 *
 * <p>A crash or a lost acknowledgement between any two of these sends the same rows again with the
 * same event ids and source numbers; readers drop what they have. What was begun and not written
 * down is aborted, by the next tenure at the latest. Any failure ends the run: a later batch must
 * never pass one whose fate is unknown. A row that the broker refuses when sent alone is blocked
 * together with its key, before it used a number, so the source numbers stay gapless.
 */
final class RelayRun implements AutoCloseable {

  static final Duration POLL = Duration.ofMillis(100);
  private static final Duration HEARTBEAT = Duration.ofMinutes(1);

  /**
   * A round takes at least this long: what comes meanwhile leaves together, and a round costs
   * database, disk, broker and readers about as much with many facts as with one. A fact that finds
   * no round under way begins one at once.
   */
  private static final Duration ROUND = Duration.ofMillis(3);

  /**
   * And this long for each of its facts, up to {@link #LONGEST}: where more come than one in this
   * time rounds grow until they take so long, and leave the more to those who write.
   */
  private static final Duration EACH = Duration.ofNanos(750_000);

  private static final Duration LONGEST = Duration.ofMillis(10);

  /** After so many deleted rows their room is made usable again. */
  private static final int ROOM = 50_000;

  /** The part of the time that this may take: where a long transaction keeps it in vain. */
  private static final int ONE_IN = 20;

  private final RelayDatabase db;

  /** Has the database at work on a full batch while its records are encoded. */
  private final ExecutorService beside =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "vigie-relay-database"));

  /**
   * Two, which take turns: the broker is still busy for some milliseconds with the end of one's
   * transaction when the other's begins. What one has begun ends before the other begins.
   */
  private final List<Producer<String, byte[]>> producers;

  private final String service;
  private final String topic;
  private final int batch;
  private final Clock clock;
  private final RelayMetrics metrics;

  /** Whose turn it is, or was last. */
  private int turn;

  /** The highest number that the broker has. */
  private long lastNumber;

  /** The batch that the broker has, whose rows are not deleted yet. */
  private List<Row> sent = List.of();

  /** What waits behind {@link #sent}; read already where it was a full batch. */
  private List<Row> next = List.of();

  private Instant nextHeartbeat = Instant.MIN;
  private int deleted;
  private Instant nextVacuum = Instant.MIN;

  RelayRun(
      RelayDatabase db,
      IntFunction<Producer<String, byte[]>> producers,
      String service,
      String topic,
      int batch,
      Clock clock,
      RelayMetrics metrics) {
    this.db = db;
    this.producers = List.of(producers.apply(0), producers.apply(1));
    this.service = service;
    this.topic = topic;
    this.batch = batch;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Shuts out any former producers, then finishes what a former run left in flight. */
  void start() throws SQLException {
    producers.forEach(Producer::initTransactions);
    lastNumber = db.lastNumber();
    List<Row> left = db.inFlight();
    if (!left.isEmpty()) {
      publish(left);
    }
  }

  /** Relays one batch, and the heartbeat when it is due. Returns how many facts left. */
  int step() throws SQLException {
    List<Row> rows = next.isEmpty() ? db.waiting(List.of(), batch) : next;
    if (!rows.isEmpty()) {
      publish(rows);
    }
    if (!clock.instant().isBefore(nextHeartbeat)) {
      commit(begin(List.of(heartbeat())));
      nextHeartbeat = clock.instant().plus(HEARTBEAT);
    }
    if (deleted >= ROOM && !clock.instant().isBefore(nextVacuum)) {
      makeRoom();
    }
    return rows.size();
  }

  private void makeRoom() throws SQLException {
    Instant start = clock.instant();
    db.vacuum();
    Instant end = clock.instant();
    deleted = 0;
    nextVacuum = end.plus(Duration.between(start, end).multipliedBy(ONE_IN));
  }

  private void publish(List<Row> rows) throws SQLException {
    long begun = System.nanoTime();
    // Behind a full batch more waits for certain, and is read while this one is handed over; behind
    // another one what waits is read as late as it can be, and leaves the sooner for it.
    boolean more = rows.size() == batch;
    FutureTask<List<Row>> writing =
        new FutureTask<>(
            () -> {
              advance(rows);
              return more ? db.waiting(rows, batch) : List.of();
            });
    if (more) {
      beside.execute(writing);
    }
    List<Future<RecordMetadata>> answers = begin(records(rows));
    if (!more) {
      writing.run();
    }
    List<Row> behind = outcome(writing);
    try {
      commit(answers);
      acknowledged(rows.size());
      if (!more) {
        LockSupport.parkNanos(begun + round(rows.size()) - System.nanoTime());
      }
      next = more ? behind : db.waiting(rows, batch);
      sent = rows;
    } catch (RefusedByBroker e) {
      sent = publishOneByOne(rows);
      next = List.of();
    }
    if (next.isEmpty()) {
      advance(List.of());
    }
  }

  private static <T> T outcome(Future<T> work) throws SQLException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException failure ? failure : new SQLException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException(e);
    }
  }

  /** How long a round of so many facts takes at least, in nanoseconds. */
  private static long round(int facts) {
    return Math.max(ROUND.toNanos(), Math.min(LONGEST.toNanos(), facts * EACH.toNanos()));
  }

  /** Returns the rows that the broker took, up to the first that it refused, which is blocked. */
  private List<Row> publishOneByOne(List<Row> rows) throws SQLException {
    List<Row> accepted = new ArrayList<>();
    for (Row row : rows) {
      try {
        commit(begin(records(List.of(row))));
        acknowledged(1);
        accepted.add(row);
      } catch (RefusedByBroker e) {
        db.block(row, e.getMessage(), clock.instant());
        metrics.blocked();
        break; // what is left of the batch comes again, without this row's key
      }
    }
    return accepted;
  }

  private void acknowledged(int rows) {
    lastNumber += rows;
    metrics.published(rows);
  }

  /** Forgets what was sent, and writes down what is sent now, before anyone can read that. */
  private void advance(List<Row> now) throws SQLException {
    db.advance(sent, now);
    deleted += sent.size();
    sent = List.of();
  }

  private List<ProducerRecord<String, byte[]>> records(List<Row> rows) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      records.add(record(rows.get(i), lastNumber + i + 1));
    }
    return records;
  }

  /** Hands over the records; they are on their way when this returns, and nobody's to read. */
  private List<Future<RecordMetadata>> begin(List<ProducerRecord<String, byte[]>> records) {
    turn = 1 - turn;
    Producer<String, byte[]> producer = producers.get(turn);
    producer.beginTransaction();
    List<Future<RecordMetadata>> answers = new ArrayList<>(records.size());
    for (ProducerRecord<String, byte[]> record : records) {
      try {
        answers.add(producer.send(record));
      } catch (KafkaException e) {
        answers.add(CompletableFuture.failedFuture(e));
        break;
      }
    }
    return answers;
  }

  /** All that was begun or none, for whoever reads committed. */
  private void commit(List<Future<RecordMetadata>> answers) {
    Producer<String, byte[]> producer = producers.get(turn);
    try {
      producer.flush();
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } catch (KafkaException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
    producer.commitTransaction();
  }

  private RuntimeException failed(Throwable cause) {
    if (isAboutTheRecord(cause)) {
      producers.get(turn).abortTransaction();
      return new RefusedByBroker(cause);
    }
    return new KafkaException(cause);
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
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, row.key(), row.payload());
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

  /** Waits for the statement that is under way: it ends within the time to take over. */
  @Override
  public void close() {
    beside.shutdown();
    try {
      beside.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producers.forEach(producer -> producer.close(Duration.ofSeconds(1)));
  }

  /** The broker is well and refuses this record. */
  private static final class RefusedByBroker extends RuntimeException {
    RefusedByBroker(Throwable cause) {
      super(cause.toString(), cause);
    }
  }
}
