package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the newest records of every service's topic again, as a relay that crashed may do. */
final class Repetition {

  private static final int OF_EACH_PARTITION = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Repetition() {}

  /**
   * Returns when the broker has them all.
   *
   * @param broker host and port
   */
  static void send(String broker) {
    List<ConsumerRecord<byte[], byte[]>> records = newest(broker);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker,
                "delivery.timeout.ms",
                10_000,
                "request.timeout.ms",
                5_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (ConsumerRecord<byte[], byte[]> each : records) {
        producer.send(
            new ProducerRecord<>(
                each.topic(), each.partition(), each.key(), each.value(), each.headers()));
      }
      producer.flush();
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> newest(String broker) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Platform.SERVICES.stream()
              .flatMap(service -> consumer.partitionsFor("vigie." + service + ".events").stream())
              .map(found -> new TopicPartition(found.topic(), found.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
      ends.forEach(
          (partition, end) -> consumer.seek(partition, Math.max(0, end - OF_EACH_PARTITION)));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (ends.entrySet().stream()
              .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
          && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }
}
