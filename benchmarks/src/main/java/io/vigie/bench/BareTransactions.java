package io.vigie.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What no relay that hands facts over in the broker's transactions can undercut: facts made up in
 * memory, whatever is due in a transaction, and the next one when that is over.
 */
final class BareTransactions implements AutoCloseable {

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;

  BareTransactions(Bed bed, String topic) throws Exception {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bed.stack().address("kafka"),
                "acks",
                "all",
                "linger.ms",
                0,
                "transactional.id",
                "bench-" + UUID.randomUUID()),
            new StringSerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  /** As {@link Writers#write} does. */
  void write(int count, IntToLongFunction due, IntConsumer done) {
    int next = 0;
    while (next < count) {
      long left;
      while ((left = due.applyAsLong(next) - System.nanoTime()) > 0) {
        LockSupport.parkNanos(left);
      }
      int first = next;
      producer.beginTransaction();
      do {
        String object = Writers.object(next).toString();
        byte[] payload = Facts.payload(object).getBytes(StandardCharsets.UTF_8);
        producer.send(Sending.record(topic, object, payload, Writers.number(next)));
        next++;
      } while (next < count && due.applyAsLong(next) <= System.nanoTime());
      producer.commitTransaction();
      for (int place = first; place < next; place++) {
        done.accept(place);
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
