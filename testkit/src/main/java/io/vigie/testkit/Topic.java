package io.vigie.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A topic as an outsider sees it: from its first record, committed records only. It is read once in
 * a JVM: a service's tests look into their topic a hundred times, and each time there is more in
 * it.
 */
public final class Topic implements AutoCloseable {

  private static final Map<String, Topic> READ = new ConcurrentHashMap<>();

  private final String name;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

  private Topic(String name) {
    this.name = name;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                Infrastructure.running().kafka(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign( // of no group: there is nobody to share with or wait for
        consumer.partitionsFor(name).stream()
            .map(partition -> new TopicPartition(name, partition.partition()))
            .toList());
  }

  public static Topic named(String name) {
    return READ.computeIfAbsent(name, Topic::new);
  }

  /**
   * Reads until {@code count} records fit, and returns all that fit so far. Fails where fewer do
   * after three minutes.
   */
  public synchronized List<ConsumerRecord<String, byte[]>> await(
      int count, Predicate<ConsumerRecord<String, byte[]>> fits) {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    List<ConsumerRecord<String, byte[]>> found =
        new ArrayList<>(seen.stream().filter(fits).toList());
    while (found.size() < count && System.nanoTime() < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        seen.add(record);
        if (fits.test(record)) {
          found.add(record);
        }
      }
    }
    if (found.size() < count) {
      throw new AssertionError("%d records came and not %d".formatted(found.size(), count));
    }
    return found;
  }

  /** Records of one object, by the end of their subject. */
  public static Predicate<ConsumerRecord<String, byte[]>> about(Object id) {
    return record -> String.valueOf(header(record, "ce_subject")).endsWith(id.toString());
  }

  public static Predicate<ConsumerRecord<String, byte[]>> ofType(String type) {
    return record -> type.equals(header(record, "ce_type"));
  }

  public static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Publishes a CloudEvent on this topic, as another service would. Returns its id. */
  public UUID publish(String type, String subject, String key, String data) {
    UUID id = UUID.randomUUID();
    publish(id, type, subject, key, data);
    return id;
  }

  /** The same with a given id, for deliveries that repeat. */
  public void publish(UUID id, String type, String subject, String key, String data) {
    publish(id, type, subject, key, data, "system:test");
  }

  /** The same, caused by {@code actor}. */
  public void publish(UUID id, String type, String subject, String key, String data, String actor) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(name, key, data.getBytes(StandardCharsets.UTF_8));
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id.toString(),
            "ce_source",
            "/vigie/test",
            "ce_type",
            type,
            "ce_subject",
            subject,
            "ce_actor",
            actor,
            "ce_time",
            "2026-01-02T03:04:05Z",
            "content-type",
            "application/json")
        .forEach(
            (header, value) ->
                record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
    Publisher.ALL.send(record);
    Publisher.ALL.flush();
  }

  /** One for all tests, made when the first of them publishes; it ends with the JVM. */
  private static final class Publisher {
    static final KafkaProducer<String, byte[]> ALL =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Infrastructure.running().kafka()),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Whoever looks into it next goes on where it was read to. */
  @Override
  public void close() {
    // its reader ends with the JVM
  }
}
