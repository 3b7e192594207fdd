package io.vigie.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.test.Mock;

/**
 * The service's clock in tests: real time, in whole microseconds, plus what a test moved it by; or
 * a time at which a test stopped it.
 */
public final class MovableClock extends Clock {

  private volatile Duration offset = Duration.ZERO;
  private volatile Instant stopped;

  public void move(Duration by) {
    offset = offset.plus(by);
  }

  public void stopAt(Instant time) {
    stopped = time;
  }

  public void backToNow() {
    stopped = null;
    offset = Duration.ZERO;
  }

  @Override
  public Instant instant() {
    Instant time = stopped;
    return time != null ? time : Instant.now().plus(offset).truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Moves and stops with this one. */
  @Override
  public Clock withZone(ZoneId zone) {
    return new Clock() {
      @Override
      public Instant instant() {
        return MovableClock.this.instant();
      }

      @Override
      public ZoneId getZone() {
        return zone;
      }

      @Override
      public Clock withZone(ZoneId other) {
        return MovableClock.this.withZone(other);
      }
    };
  }

  /** Takes the place of the kernel's clock. */
  static class Producer {
    @Mock
    @Produces
    @Singleton
    MovableClock clock() {
      return new MovableClock();
    }
  }
}
