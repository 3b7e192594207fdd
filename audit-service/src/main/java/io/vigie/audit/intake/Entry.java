package io.vigie.audit.intake;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What the log says about one record: metadata without personal data, and a commitment to the
 * payload that stands beside the log. Its canonical JSON (RFC 8785) is what the tree hashes; it is
 * written here, where all members are texts and their order is known: nothing is parsed again.
 *
 * <p>Every member is a string, 64-bit numbers included; a component that is null is left out. Under
 * 65,535 bytes by construction: {@link Arrival} bounds each component.
 *
 * @param alert what the log found wrong with the record when it came in; null for a sound event
 * @param event the CloudEvents attributes; null for a record that is no event
 * @param position where the record stood
 * @param contentType how to read the payload
 * @param commitment {@code SHA-256(salt || payload)}
 */
record Entry(Alert alert, Event event, Position position, String contentType, byte[] commitment) {

  /**
   * CloudEvents attributes and extensions, as published. Only those marked so may be null.
   *
   * @param time when, as the source wrote it
   * @param instant the same to the microsecond that the database keeps
   */
  record Event(
      UUID id,
      String source,
      String type,
      String time,
      Instant instant,
      String actor,
      /* nullable */ String subject,
      /* nullable */ Long eventNumber,
      /* nullable */ Long sourceNumber,
      /* nullable */ String dataSchema) {

    /** How our services write a time, up to the Z; a fraction may be shorter, or not there. */
    private static final String USUAL = "0000-00-00T00:00:00.000000000";

    private static final int FRACTION = USUAL.indexOf('.') + 1;

    /**
     * Reads a time; the database's own parser knows fewer offsets.
     *
     * @throws DateTimeException when the text is no RFC 3339 time
     */
    static Instant instant(String time) {
      Instant instant = isUsual(time) ? usual(time) : OffsetDateTime.parse(time).toInstant();
      return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static boolean isUsual(String time) {
      int end = time.length() - 1;
      if (end != FRACTION - 1 && (end <= FRACTION || end > USUAL.length())) {
        return false;
      }
      for (int i = 0; i < end; i++) {
        char each = time.charAt(i);
        char usual = USUAL.charAt(i);
        if (usual == '0' ? each < '0' || each > '9' : each != usual) {
          return false;
        }
      }
      return time.charAt(end) == 'Z';
    }

    /** What {@link OffsetDateTime#parse} says: a fifth of what it costs to read a record else. */
    private static Instant usual(String time) {
      int nanos = 0;
      for (int i = FRACTION; i < USUAL.length(); i++) {
        nanos = nanos * 10 + (i < time.length() - 1 ? time.charAt(i) - '0' : 0);
      }
      return LocalDateTime.of(
              Integer.parseInt(time, 0, 4, 10),
              Integer.parseInt(time, 5, 7, 10),
              Integer.parseInt(time, 8, 10, 10),
              Integer.parseInt(time, 11, 13, 10),
              Integer.parseInt(time, 14, 16, 10),
              Integer.parseInt(time, 17, 19, 10),
              nanos)
          .toInstant(ZoneOffset.UTC);
    }
  }

  /** The place of a record in Kafka. */
  record Position(String topic, int partition, long offset) {}

  /** The bytes that the tree hashes. */
  byte[] canonical() {
    // In the order of their names, as RFC 8785 sorts them.
    StringBuilder json = new StringBuilder(600).append('{');
    put(json, "actor", event == null ? null : event.actor);
    put(json, "alert", alert == null ? null : alert.text());
    put(json, "commitment", Base64.getEncoder().encodeToString(commitment));
    put(json, "contentType", contentType);
    if (event != null) {
      put(json, "dataSchema", event.dataSchema);
      put(json, "eventNumber", event.eventNumber);
      put(json, "id", event.id);
    }
    put(json, "offset", position.offset);
    put(json, "partition", position.partition);
    if (event != null) {
      put(json, "source", event.source);
      put(json, "sourceNumber", event.sourceNumber);
      put(json, "subject", event.subject);
      put(json, "time", event.time);
    }
    put(json, "topic", position.topic);
    put(json, "type", event == null ? null : event.type);
    json.setCharAt(json.length() - 1, '}');
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A member and the comma behind it. */
  private static void put(StringBuilder json, String name, Object value) {
    if (value == null) {
      return;
    }
    json.append('"').append(name).append("\":\"");
    String text = value.toString();
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        json.append(text, plain, i);
        escape(json, c);
        plain = i + 1;
      }
    }
    json.append(text, plain, text.length());
    json.append("\",");
  }

  /**
   * RFC 8785 section 3.2.2.2: the short form where there is one, lower case hexadecimal otherwise.
   */
  private static void escape(StringBuilder json, char c) {
    int shortForm = "\b\t\n\f\r\"\\".indexOf(c);
    if (shortForm >= 0) {
      json.append('\\').append("btnfr\"\\".charAt(shortForm));
    } else {
      json.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
    }
  }
}
