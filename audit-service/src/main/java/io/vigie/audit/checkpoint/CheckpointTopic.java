package io.vigie.audit.checkpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.common.annotation.Identifier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/**
 * The newest checkpoint on the compacted topic {@value #TOPIC}, under the log's origin: for whoever
 * follows the log on Kafka, and as a second memory outside the database.
 */
@ApplicationScoped
class CheckpointTopic {

  static final String TOPIC = "vigie.log.checkpoint";

  private static final Logger LOG = Logger.getLogger(CheckpointTopic.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What the broker never compacts is the last segment: a few thousand notes of it. */
  private static final String SEGMENT_BYTES = Integer.toString(1 << 20);

  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final Map<String, Object> kafka;
  private KafkaProducer<String, String> producer;
  private volatile String sent;
  private volatile String failure;

  CheckpointTopic(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.kafka = kafka;
  }

  /**
   * All that stands on it under this origin; usually one note. Creates the topic where it is
   * missing.
   *
   * @throws KafkaException when the broker is away
   */
  List<String> read(String origin) {
    create();
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    List<String> notes = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION), PATIENCE).get(PARTITION);
      for (long at = 0; at < end; at = consumer.position(PARTITION, PATIENCE)) {
        ConsumerRecords<String, String> records = consumer.poll(PATIENCE);
        if (consumer.position(PARTITION, PATIENCE) == at) {
          throw new KafkaException("the broker does not answer");
        }
        for (ConsumerRecord<String, String> record : records) {
          if (origin.equals(record.key()) && record.value() != null) {
            notes.add(record.value());
          }
        }
      }
    }
    return notes;
  }

  private void create() {
    NewTopic topic =
        new NewTopic(TOPIC, Optional.of(1), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.SEGMENT_BYTES_CONFIG,
                    SEGMENT_BYTES));
    try (Admin admin = Admin.create(kafka)) {
      admin.createTopics(List.of(topic)).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      LOG.infof("created topic %s", TOPIC);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("topic " + TOPIC + " cannot be created", e.getCause());
      }
    } catch (TimeoutException e) {
      throw new KafkaException("the broker does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  /**
   * Sends a note unless it is the last one that the broker acknowledged. Does not wait for the
   * broker; what did not arrive is shown by {@link #failure()} and sent with the next call.
   */
  synchronized void send(String origin, String note) {
    if (note.equals(sent)) {
      return;
    }
    try {
      if (producer == null) {
        producer = new KafkaProducer<>(config(), new StringSerializer(), new StringSerializer());
      }
      producer.send(
          new ProducerRecord<>(TOPIC, 0, origin, note),
          (metadata, refused) -> {
            failure = refused == null ? null : refused.toString();
            sent = refused == null ? note : null;
          });
    } catch (RuntimeException e) {
      failure = e.toString();
    }
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 5_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    return config;
  }

  /** Why the newest note is not on the topic, or null. */
  String failure() {
    return failure;
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }
}
