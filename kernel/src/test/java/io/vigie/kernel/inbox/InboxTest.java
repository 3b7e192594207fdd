package io.vigie.kernel.inbox;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class InboxTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration A_MOMENT = Duration.ofMillis(200);

  private final Inbox inbox =
      new Inbox(VERTX, new ObjectMapper(), Clock.systemUTC(), null, List.of(), Duration.ofNanos(1));
  private final AtomicInteger calls = new AtomicInteger();

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  @Test
  void workThatSucceedsAtLastAfterManyThousandFailuresCompletes() {
    int failures = 50_000;

    inbox
        .tried(() -> failUntil(failures), Integer.MAX_VALUE, failure -> true)
        .await()
        .atMost(PATIENCE);

    assertEquals(failures + 1, calls.get());
  }

  @Test
  void workIsTriedAsOftenAsItMayFailAndEndsInItsOwnFailure() {
    Exception last =
        assertThrows(
            IllegalArgumentException.class,
            () -> inbox.tried(() -> failUntil(100), 5, failure -> true).await().atMost(PATIENCE));

    assertEquals("failure 5", last.getMessage());
    assertEquals(5, calls.get());
  }

  @Test
  void aFailureThatIsNotWorthAnotherAttemptEndsItAtOnce() {
    assertThrows(
        IllegalArgumentException.class,
        () -> inbox.tried(() -> failUntil(100), 5, failure -> false).await().atMost(PATIENCE));

    assertEquals(1, calls.get());
  }

  @Test
  void anEventOfATypeThatAListenerDoesNotKnowIsPassedOverWithoutADatabase() {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>("vigie.asset.events", 0, 0, "key", new byte[0]);
    record.headers().add("ce_type", "asset.registered.v1".getBytes(UTF_8));
    ConsumerRecords<String, byte[]> records =
        new ConsumerRecords<>(
            Map.of(new TopicPartition("vigie.asset.events", 0), List.of(record)), Map.of());

    inbox.once(new Knowing("asset.lost.v1", true), records).await().atMost(PATIENCE);

    assertThrows(
        Exception.class,
        () ->
            inbox.once(new Knowing("asset.registered.v1", true), records).await().atMost(A_MOMENT));
  }

  @Test
  void anEventThatDoesNotConcernAListenerIsPassedOverWithoutADatabase() {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>("vigie.asset.events", 0, 0, "key", "{}".getBytes(UTF_8));
    Map.of(
            "ce_id", UUID.randomUUID().toString(),
            "ce_type", "asset.registered.v1",
            "ce_time", "2026-01-02T03:04:05Z")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    ConsumerRecords<String, byte[]> records =
        new ConsumerRecords<>(
            Map.of(new TopicPartition("vigie.asset.events", 0), List.of(record)), Map.of());

    inbox.once(new Knowing("asset.registered.v1", false), records).await().atMost(PATIENCE);

    assertThrows(
        Exception.class,
        () ->
            inbox.once(new Knowing("asset.registered.v1", true), records).await().atMost(A_MOMENT));
  }

  /** Knows one type. */
  private record Knowing(String known, boolean isConcerned) implements EventListener {

    @Override
    public String name() {
      return "knowing";
    }

    @Override
    public boolean knows(String type) {
      return known.equals(type);
    }

    @Override
    public boolean concerns(ReceivedEvent event) {
      return isConcerned;
    }

    @Override
    public Uni<Void> on(ReceivedEvent event) {
      throw new AssertionError("there is no database");
    }
  }

  private Uni<Void> failUntil(int failures) {
    int call = calls.incrementAndGet();
    return call <= failures
        ? Uni.createFrom().failure(new IllegalArgumentException("failure " + call))
        : Uni.createFrom().voidItem();
  }
}
