package io.vigie.console.page;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MinuteCountsTest {

  private final MinuteCounts counts =
      new MinuteCounts(Clock.fixed(Instant.parse("2026-01-31T12:00:07Z"), ZoneOffset.UTC));

  @Test
  void whoComesPastTheMostIsCountedWithTheOthersWhoDoAndNobodyIsForgotten() {
    // Given as many as are counted singly
    for (int who = 0; who < MinuteCounts.MOST; who++) {
      assertEquals(1, counts.add("198.51.100." + who));
    }

    // Then further ones are one, and those who were there before go on by themselves
    assertEquals(1, counts.add("203.0.113.1"));
    assertEquals(2, counts.add("203.0.113.2"));
    assertEquals(2, counts.add("198.51.100.0"));
  }
}
