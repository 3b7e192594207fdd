package io.vigie.backup.run;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * A run as a tool itself reported it.
 *
 * @param report what it says, in our form
 * @param original what the tool wrote about the run, unknown fields and all
 */
record NativeRun(RunReport report, String original) {

  /** The longest original that is kept, in characters. */
  static final int LONGEST = 65_536;

  /**
   * @throws Problem 400 when {@code original} is too long
   */
  NativeRun {
    if (original.length() > LONGEST) {
      throw wrong("body", "says over %d characters of the run; leave out lists".formatted(LONGEST));
    }
  }

  static Problem wrong(String field, String rule) {
    return Problem.invalid(List.of(new FieldError(field, rule)));
  }

  /** A text that a database can keep, of {@code longest} characters at most; null for an empty. */
  static String text(String text, int longest) {
    String kept =
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
            .replace("\0", "")
            .strip();
    return kept.isEmpty() ? null : kept.substring(0, Math.min(longest, kept.length()));
  }

  static String text(JsonNode parent, String field, int longest) {
    JsonNode value = parent.path(field);
    String text = value.isTextual() ? text(value.asText(), longest) : null;
    if (text == null) {
      throw wrong(field, "must be a text: the tool always says it");
    }
    return text;
  }

  static long number(JsonNode parent, String field) {
    JsonNode value = parent.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw wrong(field, "must be a whole number that is not negative: the tool always says it");
    }
    return value.asLong();
  }

  static Duration seconds(JsonNode parent, String field) {
    JsonNode value = parent.path(field);
    if (!value.isNumber() || !(value.asDouble() >= 0 && value.asDouble() < 1e9)) {
      throw wrong(field, "must be a number of seconds: the tool always says it");
    }
    return Duration.ofNanos(Math.round(value.asDouble() * 1e9)).truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * A time by the clocks of a zone, which the tool does not name. Of one that these clocks show
   * twice it is the first, unless that is before {@code start}.
   *
   * @param start of what ended at that time; null for a start
   */
  static Instant local(LocalDateTime time, String zone, Instant start) {
    if (zone == null) {
      throw wrong("zone", "must say by which clocks the tool's times are, such as Europe/Paris");
    }
    try {
      ZonedDateTime first = time.truncatedTo(ChronoUnit.MICROS).atZone(ZoneId.of(zone));
      boolean isTooEarly = start != null && first.toInstant().isBefore(start);
      return (isTooEarly ? first.withLaterOffsetAtOverlap() : first).toInstant();
    } catch (DateTimeException e) {
      throw wrong("zone", "must be a time zone such as Europe/Paris");
    }
  }
}
