package io.vigie.incident.monitor;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** How long a probe may still take. */
final class TimeLimit {

  private final long begin = System.nanoTime();
  private final Duration limit;

  TimeLimit(Duration limit) {
    this.limit = limit;
  }

  /** From now on, one of {@code n} equal parts of the whole. */
  TimeLimit share(int n) {
    return new TimeLimit(limit.dividedBy(n));
  }

  /** From now on, the whole once more. */
  TimeLimit again() {
    return new TimeLimit(limit);
  }

  /** From now on, what is left, and no longer than {@code most}. */
  TimeLimit atMost(Duration most) {
    Duration left = limit.minus(taken());
    return new TimeLimit(left.compareTo(most) < 0 ? left : most);
  }

  Duration taken() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  boolean isOver() {
    return taken().compareTo(limit) >= 0;
  }

  /**
   * What is left, in milliseconds, at least one.
   *
   * @throws SocketTimeoutException where nothing is
   */
  int millis() throws SocketTimeoutException {
    long left = limit.minus(taken()).toMillis();
    if (left <= 0) {
      throw new SocketTimeoutException(words());
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  /** That it is over, for people. */
  String words() {
    return "It took longer than " + limit.toSeconds() + " s.";
  }
}
