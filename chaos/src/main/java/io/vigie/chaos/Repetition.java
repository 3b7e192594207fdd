package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the newest records of every service's topic again, as a relay that crashed may do. */
final class Repetition {

  private static final int OF_EACH_PARTITION = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Repetition() {}

  /**
   * Returns when the broker has them all.
   *
   * @param broker host and port
   * @return how many they are
   * @throws IllegalStateException when it had not given or taken them within a minute
   */
  static int send(String broker) {
    List<ConsumerRecord<byte[], byte[]>> records = newest(broker);
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker,
                "delivery.timeout.ms",
                Math.toIntExact(PATIENCE.toMillis()),
                "request.timeout.ms",
                5_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (ConsumerRecord<byte[], byte[]> each : records) {
        answers.add(
            producer.send(
                new ProducerRecord<>(
                    each.topic(), each.partition(), each.key(), each.value(), each.headers())));
      }
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
      return answers.size();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker did not take what it had", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
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
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("the broker did not give what it has");
        }
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }
}
