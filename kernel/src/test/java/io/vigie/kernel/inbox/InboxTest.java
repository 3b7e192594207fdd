package io.vigie.kernel.inbox;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class InboxTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

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

  private Uni<Void> failUntil(int failures) {
    int call = calls.incrementAndGet();
    return call <= failures
        ? Uni.createFrom().failure(new IllegalArgumentException("failure " + call))
        : Uni.createFrom().voidItem();
  }
}
