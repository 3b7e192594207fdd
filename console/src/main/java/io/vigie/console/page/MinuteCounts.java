package io.vigie.console.page;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * How often each of them did something in the minute under way: up to {@value #MOST}, further ones
 * count together.
 */
final class MinuteCounts {

  static final int MOST = 10_000;

  private static final String FURTHER = "further ones";

  private final Clock clock;
  private final Map<String, Integer> counts = new HashMap<>();
  private Instant minute = Instant.MIN;

  MinuteCounts(Clock clock) {
    this.clock = clock;
  }

  /** Once more; how often it is with that. */
  synchronized int add(String who) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    if (!now.equals(minute)) {
      counts.clear();
      minute = now;
    }
    boolean isFurther = counts.size() >= MOST && !counts.containsKey(who);
    return counts.merge(isFurther ? FURTHER : who, 1, Integer::sum);
  }
}
