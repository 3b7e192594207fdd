package io.vigie.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The relay as it is often written: a batch is deleted, sent and committed, with the same headers.
 * It promises no order, numbers nothing and lets two of its kind work at once.
 */
final class Poller implements AutoCloseable {

  private static final String TAKE =
      """
      delete from outbox where id in
        (select id from outbox order by id limit 1000 for update skip locked)
      returning event_id, type, subject, message_key, event_number, payload, actor, occurred_at""";

  private final Connection connection;
  private final KafkaProducer<String, byte[]> producer;
  private final String topic;

  Poller(Bed bed, OwnOutbox outbox, String topic) throws SQLException {
    this.connection = outbox.connect();
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bed.stack().address("kafka"),
                "acks",
                "all",
                "batch.size",
                1 << 18),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Relays until nothing waits. */
  void drain() throws Exception {
    connection.setAutoCommit(false);
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      do {
        answers.clear();
        try (ResultSet rows = take.executeQuery()) {
          while (rows.next()) {
            answers.add(producer.send(record(rows)));
          }
        }
        producer.flush();
        for (Future<RecordMetadata> answer : answers) {
          answer.get();
        }
        connection.commit();
      } while (!answers.isEmpty());
    }
  }

  private ProducerRecord<String, byte[]> record(ResultSet row) throws SQLException {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, row.getString("message_key"), bytes(row.getString("payload")));
    put(record, "ce_specversion", "1.0");
    put(record, "ce_id", row.getString("event_id"));
    put(record, "ce_source", "/vigie/bench");
    put(record, "ce_type", row.getString("type"));
    put(record, "ce_time", row.getObject("occurred_at", OffsetDateTime.class).toString());
    put(record, "ce_dataschema", "urn:vigie:schema:" + row.getString("type"));
    put(record, "ce_actor", row.getString("actor"));
    put(record, "ce_subject", row.getString("subject"));
    put(record, "ce_eventnumber", row.getString("event_number"));
    put(record, "content-type", "application/json");
    return record;
  }

  private static void put(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws SQLException {
    producer.close();
    connection.close();
  }
}
