package io.vigie.access.review;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times and names as they go into statements and come out of their rows. */
final class Rows {

  private Rows() {}

  static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /** The one of this name; null of null. */
  static <E extends Enum<E>> E named(Class<E> type, Object name) {
    return name == null ? null : Enum.valueOf(type, (String) name);
  }

  static Instant time(Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }
}
