package io.vigie.peer;

import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium as an outbox relay: what its event router makes of the changes is sent to Kafka, and a
 * batch counts as done when the broker has acknowledged all of it. Its one argument is a file of
 * settings, Debezium's own and, behind {@code producer.}, those of the producer.
 */
public final class DebeziumRelay implements ChangeConsumer<ChangeEvent<SourceRecord, SourceRecord>> {

  private final KafkaProducer<byte[], byte[]> producer;

  private DebeziumRelay(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** Runs until it is told to end (TERM); ends by itself, with 1, where Debezium gives up. */
  public static void main(String[] args) throws Exception {
    Properties all = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(args[0]))) {
      all.load(file);
    }
    Properties settings = new Properties();
    Properties kafka = new Properties();
    for (String name : all.stringPropertyNames()) {
      if (name.startsWith("producer.")) {
        kafka.put(name.substring("producer.".length()), all.get(name));
      } else {
        settings.put(name, all.get(name));
      }
    }
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine =
            DebeziumEngine.create(Connect.class)
                .using(settings)
                .using(
                    (success, message, error) -> {
                      if (!success) {
                        System.err.println(message + " " + error);
                        Runtime.getRuntime().halt(1);
                      }
                    })
                .notifying(new DebeziumRelay(producer))
                .build()) {
      engine.run();
    }
  }

  @Override
  public void handleBatch(
      List<ChangeEvent<SourceRecord, SourceRecord>> batch,
      RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
      throws InterruptedException {
    List<Future<RecordMetadata>> answers = new ArrayList<>(batch.size());
    for (ChangeEvent<SourceRecord, SourceRecord> change : batch) {
      answers.add(producer.send(record(change.value())));
    }
    producer.flush();
    try {
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    for (ChangeEvent<SourceRecord, SourceRecord> change : batch) {
      committer.markProcessed(change);
    }
    committer.markBatchFinished();
  }

  private static ProducerRecord<byte[], byte[]> record(SourceRecord source) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(source.topic(), bytes(source.key()), bytes(source.value()));
    for (Header header : source.headers()) {
      if (header.value() != null) {
        record.headers().add(header.key(), bytes(header.value()));
      }
    }
    return record;
  }

  private static byte[] bytes(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }
}
