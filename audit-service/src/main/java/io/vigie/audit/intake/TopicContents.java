package io.vigie.audit.intake;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.common.annotation.Identifier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the topics that the log reads begin and end, as the broker says now. */
@ApplicationScoped
class TopicContents {

  /**
   * What a partition has.
   *
   * @param begin its first offset
   * @param end the one that its next record gets
   */
  record Range(long begin, long end) {

    /** Whether a reader may go on at this position. */
    boolean has(long position) {
      return position >= begin && position <= end;
    }
  }

  /** Three answers are waited for, within the time that a request has. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Map<String, Object> kafka;
  private final Set<String> topics;

  TopicContents(
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "vigie.log.sources") List<String> sources) {
    this.kafka = kafka;
    this.topics = sources.stream().map(Intake::topic).collect(Collectors.toSet());
  }

  /**
   * Each partition of those topics; none of a topic that is not there.
   *
   * @throws KafkaException when the broker is away
   */
  Map<TopicPartition, Range> ranges() {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Behind a transaction that is open a position is not out of range.
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.listTopics(PATIENCE).values().stream()
              .flatMap(Collection::stream)
              .filter(each -> topics.contains(each.topic()))
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, PATIENCE);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
      return partitions.stream()
          .collect(
              Collectors.toMap(each -> each, each -> new Range(begins.get(each), ends.get(each))));
    }
  }
}
