package io.vigie.incident.monitor;

import java.time.Duration;

/**
 * What a probe found.
 *
 * @param failure why it is not as it should be, for people; null where it is
 * @param took from the first step to the answer; null where there was none
 */
record Outcome(String failure, Duration took) {

  private static final int MAX_TEXT = 500;

  static Outcome good(Duration took) {
    return new Outcome(null, took);
  }

  static Outcome bad(String failure, Duration took) {
    String text = failure.replace("\0", "");
    return new Outcome(text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT), took);
  }

  boolean isGood() {
    return failure == null;
  }
}
