package io.vigie.kernel.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;

/** A real producer to which something happens when it first begins, or around its first commit. */
final class FailingProducer implements Producer<String, byte[]> {

  private static final Runnable NOTHING = () -> {};

  private final Producer<String, byte[]> real;
  private Runnable begin = NOTHING;
  private Runnable before = NOTHING;
  private Runnable after = NOTHING;

  FailingProducer(Producer<String, byte[]> real) {
    this.real = real;
  }

  /** The broker is gone when a transaction is to begin. */
  FailingProducer beforeBegin() {
    begin =
        () -> {
          throw new TimeoutException("the broker does not answer");
        };
    return this;
  }

  /** The broker is gone before the commit reaches it. */
  FailingProducer beforeCommit() {
    before =
        () -> {
          real.abortTransaction();
          throw new TimeoutException("the broker does not answer");
        };
    return this;
  }

  /** The commit takes effect; its acknowledgement is lost. */
  FailingProducer afterCommit() {
    after =
        () -> {
          throw new TimeoutException("the acknowledgement was lost");
        };
    return this;
  }

  FailingProducer thenBeforeCommit(Runnable event) {
    before = event;
    return this;
  }

  FailingProducer thenAfterCommit(Runnable event) {
    after = event;
    return this;
  }

  @Override
  public void commitTransaction() {
    Runnable first = before;
    Runnable second = after;
    before = NOTHING;
    after = NOTHING;
    first.run();
    real.commitTransaction();
    second.run();
  }

  @Override
  public void initTransactions() {
    real.initTransactions();
  }

  @Override
  public void beginTransaction() {
    Runnable first = begin;
    begin = NOTHING;
    first.run();
    real.beginTransaction();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    real.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public void abortTransaction() {
    real.abortTransaction();
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
    return real.send(record);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
    return real.send(record, callback);
  }

  @Override
  public void flush() {
    real.flush();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return real.partitionsFor(topic);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return real.metrics();
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return real.clientInstanceId(timeout);
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    real.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    real.unregisterMetricFromSubscription(metric);
  }

  @Override
  public void close() {
    real.close();
  }

  @Override
  public void close(Duration timeout) {
    real.close(timeout);
  }
}
