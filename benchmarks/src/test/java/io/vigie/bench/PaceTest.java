package io.vigie.bench;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PaceTest {

  @Test
  void aRequestIsNotSentBeforeItsMoment() {
    Pace pace = new Pace(1_000);
    pace.next();
    long second = pace.next();
    assertTrue(System.nanoTime() - second >= 0);
  }

  @Test
  void aRequestIsTimedFromItsMomentHoweverLateItIs() {
    Pace pace = new Pace(1e9); // a nanosecond apart: all are late
    long first = pace.next();
    assertEquals(first + 1, pace.next());
    assertEquals(first + 2, pace.next());
  }

  @Test
  void whatWasNoAnswerMakesNothingLate() {
    Pace pace = new Pace(1e9);
    pace.next();
    long now = System.nanoTime();
    pace.restart();
    assertTrue(pace.next() - now >= 0);
  }
}
