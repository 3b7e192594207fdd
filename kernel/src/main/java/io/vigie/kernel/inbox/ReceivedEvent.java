package io.vigie.kernel.inbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A CloudEvent as a listener sees it. Unknown fields of its data are none of the listener's
 * business.
 */
public final class ReceivedEvent {

  /** The header that has an event's type. */
  static final String TYPE = "ce_type";

  private final UUID id;
  private final String type;
  private final String subject;
  private final Instant time;
  private final String actor;
  private final byte[] data;
  private final ObjectMapper json;

  private ReceivedEvent(
      UUID id,
      String type,
      String subject,
      Instant time,
      String actor,
      byte[] data,
      ObjectMapper json) {
    this.id = id;
    this.type = type;
    this.subject = subject;
    this.time = time;
    this.actor = actor;
    this.data = data;
    this.json = json;
  }

  /**
   * @throws IllegalArgumentException if the headers are not those of a CloudEvent in binary mode
   */
  static ReceivedEvent of(Map<String, String> headers, byte[] data, ObjectMapper json) {
    try {
      return new ReceivedEvent(
          UUID.fromString(required(headers, "ce_id")),
          required(headers, TYPE),
          headers.get("ce_subject"),
          OffsetDateTime.parse(required(headers, "ce_time")).toInstant(),
          headers.get("ce_actor"),
          data,
          json);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("ce_time is not an RFC 3339 time", e);
    }
  }

  private static String required(Map<String, String> headers, String name) {
    String value = headers.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no header " + name);
    }
    return value;
  }

  public UUID id() {
    return id;
  }

  public String type() {
    return type;
  }

  /** {@code <kind>/<id>}, or null. */
  public String subject() {
    return subject;
  }

  public Instant time() {
    return time;
  }

  /** Who caused it, as {@code Actor} tells them; null where it is not said. */
  public String actor() {
    return actor;
  }

  /**
   * The data as the listener's own small record of it.
   *
   * @throws IllegalArgumentException if the data does not fit; the inbox then parks the event
   */
  public <T> T data(Class<T> shape) {
    try {
      return json.readerFor(shape)
          .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(data);
    } catch (JsonProcessingException e) {
      // Without its words, which quote the data: a failure is logged, and data may be about people.
      throw new IllegalArgumentException(
          "the data does not fit %s: %s at %s"
              .formatted(shape.getSimpleName(), e.getClass().getSimpleName(), place(e)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String place(JsonProcessingException failure) {
    return failure.getLocation() == null
        ? "an unknown place"
        : failure.getLocation().offsetDescription();
  }
}
