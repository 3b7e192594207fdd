package io.vigie.audit.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.kernel.Ids;
import io.vigie.testkit.Infrastructure;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records as asset-service's relay sends them, and as it never would. */
public final class Records {

  public static final String TOPIC = "vigie.asset.events";

  private static final AtomicLong NUMBER = new AtomicLong();

  /** The last numbers of other services, by name: each gives its own, without a gap. */
  private static final Map<String, AtomicLong> NUMBERS = new ConcurrentHashMap<>();

  /** A record before it has a place. */
  public record Draft(UUID id, UUID asset, Map<String, String> headers, byte[] value) {

    /** The same with one header changed, or without it where {@code value} is null. */
    public Draft with(String header, String value) {
      Map<String, String> changed = new LinkedHashMap<>(headers);
      if (value == null) {
        changed.remove(header);
      } else {
        changed.put(header, value);
      }
      return new Draft(id, asset, changed, this.value);
    }

    public Draft withValue(String text) {
      return new Draft(
          id, asset, headers, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    /** In the partition of another: what is sent after it is taken in after it. */
    public Draft withKeyOf(Draft other) {
      return new Draft(id, other.asset, headers, value);
    }

    ConsumerRecord<byte[], byte[]> at(int partition, long offset) {
      return new ConsumerRecord<>(
          TOPIC,
          partition,
          offset,
          0,
          TimestampType.CREATE_TIME,
          -1,
          -1,
          key(),
          value,
          kafkaHeaders(),
          Optional.empty());
    }

    private byte[] key() {
      return asset.toString().getBytes(StandardCharsets.UTF_8);
    }

    private RecordHeaders kafkaHeaders() {
      RecordHeaders kafka = new RecordHeaders();
      headers.forEach((name, text) -> kafka.add(name, text.getBytes(StandardCharsets.UTF_8)));
      return kafka;
    }

    ProducerRecord<byte[], byte[]> toSend(String topic) {
      return new ProducerRecord<>(topic, null, key(), value, kafkaHeaders());
    }
  }

  private Records() {}

  /** The registration of a new asset, under the next source number. */
  public static Draft registration() {
    return registration(UUID.randomUUID());
  }

  public static Draft registration(UUID asset) {
    return registration(asset, NUMBER.incrementAndGet());
  }

  private static Draft registration(UUID asset, long number) {
    try {
      Path example =
          Path.of(
              System.getProperty("vigie.root"),
              "contracts/events/asset.registered.v1.example.json");
      ObjectMapper json = new ObjectMapper();
      ObjectNode data = (ObjectNode) json.readTree(Files.readAllBytes(example));
      data.put("aggregateId", asset.toString());
      UUID id = Ids.next();
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("ce_specversion", "1.0");
      headers.put("ce_id", id.toString());
      headers.put("ce_source", "/vigie/asset");
      headers.put("ce_type", "asset.registered.v1");
      headers.put("ce_subject", "asset/" + asset);
      headers.put("ce_time", "2026-01-02T03:04:05Z");
      headers.put("ce_dataschema", "urn:vigie:schema:asset.registered.v1");
      headers.put("ce_actor", "11111111-2222-3333-4444-555555555555");
      headers.put("ce_eventnumber", "1");
      headers.put("ce_sourcenumber", Long.toString(number));
      headers.put("content-type", "application/json");
      return new Draft(id, asset, headers, json.writeValueAsBytes(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any event, with as much of its data as its contract demands. */
  public static Draft event(String type, String subject, String data) {
    return told(registration(), type, subject, data);
  }

  /** The same of another service than that of assets, under that one's next number. */
  public static Draft eventOf(String service, String type, String subject, String data) {
    long number = NUMBERS.computeIfAbsent(service, any -> new AtomicLong()).incrementAndGet();
    return told(registration(UUID.randomUUID(), number), type, subject, data)
        .with("ce_source", "/vigie/" + service);
  }

  private static Draft told(Draft draft, String type, String subject, String data) {
    return draft
        .with("ce_type", type)
        .with("ce_dataschema", "urn:vigie:schema:" + type)
        .with("ce_subject", subject)
        .withValue(data);
  }

  /** A person's request for a right, with a reason that nobody else gives. */
  public static Draft request(String person) {
    return event(
        "right.requested.v1",
        "right/" + UUID.randomUUID(),
        """
        {"aggregateId":"%s","person":"%s","asset":"%s","entitlement":"admin","reason":"because of %s",
        "at":"2026-01-02T03:04:05Z","changes":{"reason":"because of %s"}}"""
            .formatted(UUID.randomUUID(), person, UUID.randomUUID(), person, person));
  }

  /** A heartbeat that says {@code last} numbers were given. */
  public static Draft heartbeat(long last) {
    return registration()
        .with("ce_type", "heartbeat.v1")
        .with("ce_dataschema", "urn:vigie:schema:heartbeat.v1")
        .with("ce_sourcenumber", null)
        .with("ce_eventnumber", null)
        .with("ce_subject", null)
        .withValue(
            "{\"source\":\"/vigie/asset\",\"lastSourceNumber\":%d,\"at\":\"2026-01-02T03:04:05Z\"}"
                .formatted(last));
  }

  /** Sends in one Kafka transaction, as the relay does, so that offsets have holes. */
  public static void publish(List<Draft> drafts) {
    send(TOPIC, drafts, true);
  }

  /** The same on the topic of another service than that of assets. */
  public static void publishOf(String service, List<Draft> drafts) {
    send("vigie." + service + ".events", drafts, true);
  }

  /** Sends in a transaction that is given up: nobody may see these records. */
  public static void publishAndAbort(List<Draft> drafts) {
    send(TOPIC, drafts, false);
  }

  private static void send(String topic, List<Draft> drafts, boolean commit) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            Infrastructure.running().kafka(),
            "transactional.id",
            "test-" + UUID.randomUUID());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      drafts.forEach(draft -> producer.send(draft.toSend(topic)));
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.flush();
        producer.abortTransaction();
      }
    }
  }
}
