package io.vigie.stack;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LogDelayTest {
  private final long[] twoHundred = LongStream.rangeClosed(1, 200).toArray();

  @Test
  void halfOfTheDelaysAreAtMostTheMedian() {
    assertEquals(100, LogDelay.percentile(0.50, twoHundred));
  }

  @Test
  void twoOfTwoHundredDelaysAreLongerThanThe99thPercentile() {
    assertEquals(198, LogDelay.percentile(0.99, twoHundred));
  }

  @Test
  void allOfTheDelaysAreAtMostTheLongest() {
    assertEquals(200, LogDelay.percentile(1, twoHundred));
  }
}
