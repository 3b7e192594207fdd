package io.vigie.bench;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What no relay can exceed: facts made up in memory, with a relay's headers, handed to a producer
 * as fast as it takes them, in batches as large as it likes, without a transaction. No database is
 * read, and none is told.
 */
final class Sending implements AutoCloseable {

  private static final String TYPE = "asset.registered.v1";
  private static final int OBJECTS = 5_000;

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;

  Sending(Bed bed, String topic) throws SQLException {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bed.stack().address("kafka"),
                "acks",
                "all",
                "linger.ms",
                5,
                "batch.size",
                256 << 10),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Returns when the broker has that many facts about objects that were never there. */
  void send(int facts) throws Exception {
    List<String> objects = new ArrayList<>();
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      String object = UUID.randomUUID().toString();
      objects.add(object);
      payloads.add(bytes(Facts.payload(object)));
    }
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    for (int i = 0; i < facts; i++) {
      String object = objects.get(i % OBJECTS);
      answers.add(producer.send(record(topic, object, payloads.get(i % OBJECTS), i / OBJECTS + 1)));
    }
    producer.flush();
    for (Future<RecordMetadata> answer : answers) {
      answer.get();
    }
  }

  /** A fact as a relay sends it, but for what the relay counts. */
  static ProducerRecord<String, byte[]> record(
      String topic, String object, byte[] payload, int number) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, object, payload);
    Headers headers = record.headers();
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", object);
    put(headers, "ce_source", "/vigie/bench");
    put(headers, "ce_type", TYPE);
    put(headers, "ce_time", Instant.EPOCH.toString());
    put(headers, "ce_dataschema", "urn:vigie:schema:" + TYPE);
    put(headers, "ce_actor", object);
    put(headers, "content-type", "application/json");
    put(headers, "ce_subject", "asset/" + object);
    put(headers, "ce_eventnumber", Integer.toString(number));
    return record;
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
