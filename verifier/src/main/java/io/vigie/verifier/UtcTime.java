package io.vigie.verifier;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * Times as the log's columns have them: in UTC, to the microsecond, as {@link Instant#toString()}
 * writes them. Entries that follow each other mostly share the minute, which is then not read
 * again: reading each whole was a seventh of all that is done for an entry. Not safe for use by
 * several threads at once.
 */
final class UtcTime {

  private static final int MINUTE = "2026-12-31T23:59:".length();
  private static final int MICROSECONDS = "2026-12-31T23:59:58.123456".length();

  /** What may follow a minute where nothing but digits after the sixth has to go. */
  private static final Pattern USUAL = Pattern.compile("[0-5]\\d\\.\\d{3}(?!000)\\d{3,6}Z");

  private String minute = "of no time yet";

  /**
   * The same time as a column has it.
   *
   * @throws Json.Malformed when it is none that {@link OffsetDateTime#parse(CharSequence)} reads,
   *     or null
   */
  String of(String time) throws Json.Malformed {
    if (time != null
        && time.startsWith(minute)
        && USUAL.matcher(time).region(MINUTE, time.length()).matches()) {
      return time.substring(0, MICROSECONDS) + "Z";
    }
    String utc = read(time).toString();
    if (utc.charAt(MINUTE - 1) == ':') { // years before 0 and after 9999 are longer
      minute = utc.substring(0, MINUTE);
    }
    return utc;
  }

  /**
   * The instant, to the microsecond.
   *
   * @throws Json.Malformed when it is none that {@link OffsetDateTime#parse(CharSequence)} reads,
   *     or null
   */
  static Instant read(String time) throws Json.Malformed {
    try {
      return OffsetDateTime.parse(time).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException | NullPointerException e) {
      throw new Json.Malformed("a time that is none");
    }
  }
}
