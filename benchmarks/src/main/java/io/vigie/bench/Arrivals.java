package io.vigie.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjIntConsumer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A topic that a relay fills. Each record bears the time at which the broker had it, so that nobody
 * needs to read while a clock runs.
 */
final class Arrivals implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration A_MOMENT = Duration.ofMillis(500);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Set<TopicPartition> partitions;

  /** 0 before the first fact; a source's numbers go on where its last reader stopped. */
  private long lastSourceNumber;

  Arrivals(Bed bed, String topic) throws Exception {
    String broker = bed.stack().address("kafka");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      NewTopic made =
          new NewTopic(topic, 3, (short) 1)
              .configs(Map.of("message.timestamp.type", "LogAppendTime"));
      admin.createTopics(List.of(made)).all().get();
    }
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker,
                "isolation.level",
                "read_committed",
                "fetch.max.bytes",
                64 << 20,
                "max.partition.fetch.bytes",
                16 << 20,
                "max.poll.records",
                10_000),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    partitions =
        Set.of(
            new TopicPartition(topic, 0),
            new TopicPartition(topic, 1),
            new TopicPartition(topic, 2));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Returns when that many records, or nearly, have come since the last call of read. */
  void await(int facts, Process relay) {
    long read = partitions.stream().mapToLong(consumer::position).sum();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (end() - read < facts) {
      if (relay != null && !relay.isAlive()) {
        throw new IllegalStateException("the relay ended");
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d facts came in %s".formatted(end() - read, facts, PATIENCE));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  /** How many records the topic has, with those by which transactions end. */
  long end() {
    return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Reads that many facts and returns when the broker had the last of them, in milliseconds since
   * 1970.
   *
   * @param ordered whether the events of one object have to come in their order
   * @throws IllegalStateException when a fact came twice, or out of order, or a source number is
   *     missing
   */
  long read(int facts, boolean ordered) {
    return read(facts, ordered, (key, number) -> {});
  }

  /**
   * The same; {@code seen} gets the key and the event number of each fact as soon as it is read.
   */
  long read(int facts, boolean ordered, ObjIntConsumer<String> seen) {
    Map<String, BitSet> numbers = new HashMap<>();
    BitSet sourceNumbers = new BitSet();
    long last = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int found = 0;
    while (found < facts) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("%d of %d facts can be read".formatted(found, facts));
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(A_MOMENT)) {
        Header eventNumber = record.headers().lastHeader("ce_eventnumber");
        if (eventNumber == null) {
          continue; // a heartbeat
        }
        int number = (int) number(eventNumber);
        BitSet known = numbers.computeIfAbsent(record.key(), key -> new BitSet());
        if (known.get(number) || ordered && number != known.cardinality() + 1) {
          throw new IllegalStateException(
              "event %d of %s comes after %s".formatted(number, record.key(), known));
        }
        known.set(number);
        seen.accept(record.key(), number);
        Header sourceNumber = record.headers().lastHeader("ce_sourcenumber");
        if (sourceNumber != null) {
          sourceNumbers.set((int) number(sourceNumber));
        }
        last = Math.max(last, record.timestamp());
        found++;
      }
    }
    if (found != facts) {
      throw new IllegalStateException("%d facts instead of %d".formatted(found, facts));
    }
    for (ConsumerRecord<String, byte[]> record : consumer.poll(A_MOMENT)) {
      if (record.headers().lastHeader("ce_eventnumber") != null) {
        throw new IllegalStateException("more than %d facts".formatted(facts));
      }
    }
    if (!sourceNumbers.isEmpty()) {
      int first = sourceNumbers.nextSetBit(0);
      boolean continued = lastSourceNumber == 0 || first == lastSourceNumber + 1;
      if (!continued || sourceNumbers.nextClearBit(first) != first + facts) {
        throw new IllegalStateException("source numbers have holes");
      }
      lastSourceNumber = first + facts - 1;
    }
    return last;
  }

  /**
   * Reads that many facts, more than it could keep the objects of.
   *
   * @throws IllegalStateException when the number of one came twice, or is missing
   */
  void readNumbers(int facts) {
    BitSet numbers = new BitSet();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (numbers.cardinality() < facts) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d facts can be read".formatted(numbers.cardinality(), facts));
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(A_MOMENT)) {
        if (record.headers().lastHeader("ce_eventnumber") == null) {
          continue; // a heartbeat
        }
        int number = (int) number(record.headers().lastHeader("ce_sourcenumber"));
        if (numbers.get(number)) {
          throw new IllegalStateException("number %d came twice".formatted(number));
        }
        numbers.set(number);
      }
    }
    if (numbers.nextSetBit(0) != 1 || numbers.nextClearBit(1) != facts + 1) {
      throw new IllegalStateException("source numbers have holes");
    }
  }

  private static long number(Header header) {
    return Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
