package io.vigie.incident.monitor;

import java.net.InetAddress;
import java.time.Duration;

/**
 * What a probe found.
 *
 * @param failure why it is not as it should be, for people; null where it is
 * @param took from the first step to the answer; null where there was none
 * @param tls what was found of a service over TLS; null where none was looked at, or it did not
 *     answer
 * @param grade of that
 */
record Outcome(String failure, Duration took, TlsReport tls, TlsGrade grade) {

  private static final int MAX_TEXT = 500;

  static Outcome good(Duration took) {
    return new Outcome(null, took, null, null);
  }

  static Outcome bad(String failure, Duration took) {
    return new Outcome(bounded(failure), took, null, null);
  }

  /**
   * A service over TLS answered.
   *
   * @param failure null where the grade is enough
   */
  static Outcome graded(String failure, Duration took, TlsReport tls, TlsGrade grade) {
    return new Outcome(failure == null ? null : bounded(failure), took, tls, grade);
  }

  /** The same, found at one of the addresses that a name has; nothing to add where it is good. */
  Outcome at(InetAddress address) {
    return isGood()
        ? this
        : new Outcome(bounded("At " + address.getHostAddress() + ": " + failure), took, tls, grade);
  }

  /** Part of it comes from whoever was asked. */
  private static String bounded(String failure) {
    String text = failure.replace("\0", "");
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  boolean isGood() {
    return failure == null;
  }
}
