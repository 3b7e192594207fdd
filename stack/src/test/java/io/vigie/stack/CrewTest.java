package io.vigie.stack;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class CrewTest {

  @Test
  void asManyAreAtWorkAsThereAreHands() throws Exception {
    CountDownLatch all = new CountDownLatch(Crew.HANDS);
    AtomicInteger met = new AtomicInteger();
    Crew.Work waits =
        () -> {
          all.countDown();
          try {
            if (all.await(10, TimeUnit.SECONDS)) {
              met.incrementAndGet();
            }
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    try (Crew crew = new Crew()) {
      crew.together(Collections.nCopies(Crew.HANDS, waits));
    }
    assertEquals(Crew.HANDS, met.get());
  }

  @Test
  void afterAFailureNothingIsBegunAndItIsTold() {
    AtomicInteger begun = new AtomicInteger();
    Crew.Work refused =
        () -> {
          begun.incrementAndGet();
          throw new IOException("POST /v1/people answered 422");
        };
    try (Crew crew = new Crew()) {
      IOException told =
          assertThrows(IOException.class, () -> crew.together(Collections.nCopies(1_000, refused)));
      assertEquals("POST /v1/people answered 422", told.getMessage());
    }
    assertTrue(begun.get() <= Crew.HANDS, begun::toString);
  }

  @Test
  void anErrorIsAFailureToo() {
    Crew.Work broken =
        () -> {
          throw new AssertionError("cannot be");
        };
    try (Crew crew = new Crew()) {
      Error told = assertThrows(AssertionError.class, () -> crew.together(List.of(broken)));
      assertEquals("cannot be", told.getMessage());
    }
  }
}
