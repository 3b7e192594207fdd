package io.vigie.audit.siem;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A topic of one partition: key is the index, value the OCSF record. What arrived is what all
 * in-sync replicas of the broker acknowledged. The topic is created where it is missing; it keeps
 * records as long as the broker does by default, in Vigie's stack 30 days.
 */
final class KafkaTarget implements Target {

  static final String TOPIC = "vigie.siem";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** An event may be as long as the broker takes records by default; its OCSF record is longer. */
  private static final int RECORD_BYTES = 2 << 20;

  private static final int BATCH_BYTES = 1 << 19;

  private final Map<String, Object> kafka;
  private final String topic;
  private KafkaProducer<String, byte[]> producer;

  KafkaTarget(Map<String, Object> kafka, String topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  @Override
  public long send(List<OcsfRecord> records) throws IOException {
    try {
      if (producer == null) {
        create();
        producer = new KafkaProducer<>(config(), new StringSerializer(), new ByteArraySerializer());
      }
      List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
      for (OcsfRecord record : records) {
        Future<RecordMetadata> answer =
            producer.send(
                new ProducerRecord<>(topic, 0, Long.toString(record.index()), record.bytes()));
        if (answer.isDone()) {
          answer.get(); // refused at once: nothing may follow it
        }
        sent.add(answer);
      }
      producer.flush();
      for (Future<RecordMetadata> answer : sent) {
        answer.get();
      }
      return records.get(records.size() - 1).index() + 1;
    } catch (ExecutionException e) {
      throw new IOException("topic " + topic + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (KafkaException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new IOException("topic " + topic + ": " + why, e);
    }
  }

  private void create() throws InterruptedException {
    NewTopic wanted =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RECORD_BYTES)));
    Map<String, Object> config = new HashMap<>(kafka);
    config.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    config.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    try (Admin admin = Admin.create(config)) {
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("it cannot be created", e.getCause());
      }
    }
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    // A page is sent at once and waited for: by default it would go out in many small requests.
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    return config;
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }
}
