package io.vigie.audit.intake;

import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class IntakeMetricsTest {

  private static final TopicPartition ASSET = new TopicPartition("vigie.asset.events", 0);
  private static final TopicPartition ACCESS = new TopicPartition("vigie.access.events", 0);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final IntakeMetrics metrics = new IntakeMetrics(registry);

  @Test
  void aTopicThatAnotherReplicaReadsNowDoesNotLagHere() {
    try (MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest")) {
      consumer.updateEndOffsets(Map.of(ASSET, 7L, ACCESS, 3L));
      consumer.assign(List.of(ASSET, ACCESS));
      consumer.seek(ASSET, 0);
      consumer.seek(ACCESS, 0);
      metrics.lag(consumer);
      assertEquals(7, lag(ASSET));
      assertEquals(3, lag(ACCESS));

      consumer.assign(List.of(ACCESS));
      consumer.seek(ACCESS, 1);
      metrics.lag(consumer);
      assertEquals(0, lag(ASSET));
      assertEquals(2, lag(ACCESS));
    }
  }

  private double lag(TopicPartition partition) {
    return registry.get("vigie.log.lag").tag("topic", partition.topic()).gauge().value();
  }
}
