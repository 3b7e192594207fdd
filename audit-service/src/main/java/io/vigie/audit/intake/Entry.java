package io.vigie.audit.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * What the log says about one record: metadata without personal data, and a commitment to the
 * payload that stands beside the log. Its canonical JSON (RFC 8785) is what the tree hashes.
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

  private static final ObjectMapper JSON = new ObjectMapper();

  /** CloudEvents attributes and extensions, as published. Only those marked so may be null. */
  record Event(
      String id,
      String source,
      String type,
      String time,
      String actor,
      /* nullable */ String subject,
      /* nullable */ Long eventNumber,
      /* nullable */ Long sourceNumber,
      /* nullable */ String dataSchema) {

    /** When, to the microsecond that the database keeps. Its own parser knows fewer offsets. */
    Instant instant() {
      return instant(time);
    }

    /**
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
    ObjectNode members = JSON.createObjectNode();
    put(members, "alert", alert == null ? null : alert.text());
    if (event != null) {
      put(members, "id", event.id);
      put(members, "source", event.source);
      put(members, "type", event.type);
      put(members, "subject", event.subject);
      put(members, "time", event.time);
      put(members, "actor", event.actor);
      put(members, "eventNumber", event.eventNumber);
      put(members, "sourceNumber", event.sourceNumber);
      put(members, "dataSchema", event.dataSchema);
    }
    put(members, "topic", position.topic);
    put(members, "partition", position.partition);
    put(members, "offset", position.offset);
    put(members, "contentType", contentType);
    put(members, "commitment", Base64.getEncoder().encodeToString(commitment));
    try {
      return new JsonCanonicalizer(members.toString())
          .getEncodedString()
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("an entry is always JSON", e);
    }
  }

  private static void put(ObjectNode members, String name, Object value) {
    if (value != null) {
      members.put(name, value.toString());
    }
  }
}
