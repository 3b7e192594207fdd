package io.vigie.system;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a SIEM reads on the running platform. */
final class SiemTopic {

  static final String NAME = "vigie.siem";

  private SiemTopic() {}

  /** Entries that are published by now. */
  static long published() {
    String note =
        RestAssured.given()
            .baseUri(Platform.stack().url("audit").toString())
            .get("/log/checkpoint")
            .asString();
    return Long.parseLong(note.split("\n")[1]);
  }

  /** The records of the entries below {@code size}, by their index; waits a minute for them. */
  static Map<Long, JsonNode> records(long size) throws IOException {
    Map<Long, JsonNode> records = new TreeMap<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Platform.stack().kafkaClient("siem"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition only = new TopicPartition(NAME, 0);
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      while (records.size() < size && System.nanoTime() < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          long index = Long.parseLong(record.key());
          if (index < size) {
            records.put(index, new ObjectMapper().readTree(record.value()));
          }
        }
      }
    }
    return records;
  }
}
