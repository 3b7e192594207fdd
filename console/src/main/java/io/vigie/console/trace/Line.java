package io.vigie.console.trace;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Pattern;

import io.vigie.console.service.LogService.Happening;

/**
 * An entry in a list. All but the index is null where the record was no event.
 *
 * @param time as its source wrote it
 * @param at the same
 * @param subject the object that it is of
 * @param hasTimeline whether that names an object
 * @param alert what the log found wrong with it; null for a sound one
 */
record Line(
    long index,
    String time,
    Instant at,
    String type,
    String actor,
    String subject,
    boolean hasTimeline,
    String alert) {

  private static final Pattern OBJECT =
      Pattern.compile("[a-z][a-z-]{0,49}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  static Line of(long index, Map<String, String> entry) {
    return of(
        index,
        entry.get("time"),
        entry.get("type"),
        entry.get("actor"),
        entry.get("subject"),
        entry.get("alert"));
  }

  static Line of(Happening of) {
    return of(of.index(), of.time(), of.type(), of.actor(), of.subject(), of.alert());
  }

  private static Line of(
      long index, String time, String type, String actor, String subject, String alert) {
    boolean isObject = subject != null && OBJECT.matcher(subject).matches();
    return new Line(index, time, instant(time), type, actor, subject, isObject, alert);
  }

  private static Instant instant(String time) {
    try {
      return time == null ? null : OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
