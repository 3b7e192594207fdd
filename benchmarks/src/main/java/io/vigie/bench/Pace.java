package io.vigie.bench;

import java.util.concurrent.locks.LockSupport;

/**
 * The moments at which one caller asks at a set rate, whatever the answers do: a request that waits
 * for a slow answer before it is late itself, and is timed from when it was to be sent.
 */
final class Pace {

  private final long apart;
  private long due;

  /** The first moment is now. */
  Pace(double perSecond) {
    apart = Math.round(1e9 / perSecond);
    restart();
  }

  /** The next moment is now: what the caller waited for was no answer. */
  void restart() {
    due = System.nanoTime();
  }

  /**
   * Waits for the next moment, where it has not passed; when it was, by {@link System#nanoTime}.
   */
  long next() {
    long intended = due;
    due += apart;
    for (long left; (left = intended - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
    return intended;
  }
}
