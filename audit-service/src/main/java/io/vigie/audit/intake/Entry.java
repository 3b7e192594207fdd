package io.vigie.audit.intake;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;

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
      String id,
      String source,
      String type,
      String time,
      Instant instant,
      String actor,
      /* nullable */ String subject,
      /* nullable */ Long eventNumber,
      /* nullable */ Long sourceNumber,
      /* nullable */ String dataSchema) {

    /**
     * Reads a time; the database's own parser knows fewer offsets.
     *
     * @throws DateTimeException when the text is no RFC 3339 time
     */
    static Instant instant(String time) {
      return OffsetDateTime.parse(time).toInstant().truncatedTo(ChronoUnit.MICROS);
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
