package io.vigie.audit.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.intake.Entry.Position;
import io.vigie.audit.payload.DataSubjects;
import io.vigie.audit.search.Findable;
import io.vigie.kernel.Contracts;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Interprets records as CloudEvents 1.0 in Kafka binary mode. Never fails: what is no event of the
 * source whose topic it stands on, or breaks its contract, is {@link Arrival.Unrecognised}. Safe
 * for use by several threads.
 */
public final class RecordReader {

  /** The payload is the whole record: key, headers and value in base64, in JSON. */
  static final String WHOLE_RECORD = "application/vnd.vigie.record+json";

  private static final String JSON_TYPE = "application/json";
  private static final String HEARTBEAT = "heartbeat.v1";

  /**
   * In bytes for a header, so that it fits an index row (2,704 bytes); in characters for a reason.
   */
  private static final int MAX_TEXT = 1_000;

  /** What stands for bytes that are no text, and may stand in a text itself. */
  private static final char REPLACEMENT = '\ufffd';

  private static final long MAX_NUMBER = 1L << 62;
  private static final String EVENTS = ".events";

  /**
   * Headers that the entry repeats, or that say nothing of the event (trace context). Any other is
   * kept with the payload.
   */
  private static final Set<String> KNOWN =
      Set.of(
          "ce_specversion",
          "ce_id",
          "ce_source",
          "ce_type",
          "ce_subject",
          "ce_time",
          "ce_dataschema",
          "ce_actor",
          "ce_eventnumber",
          "ce_sourcenumber",
          "ce_traceparent",
          "content-type");

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private RecordReader() {}

  static Arrival read(ConsumerRecord<byte[], byte[]> record) {
    Position position = new Position(record.topic(), record.partition(), record.offset());
    try {
      return interpret(record, position);
    } catch (NotUnderstood e) {
      return new Arrival.Unrecognised(position, e.getMessage(), whole(record));
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever a foreign record does to a parser, it must not stop the log.
      return new Arrival.Unrecognised(position, "it cannot be examined", whole(record));
    }
  }

  private static Arrival interpret(ConsumerRecord<byte[], byte[]> record, Position position)
      throws NotUnderstood {
    Map<String, String> headers = headers(record);
    String source = source(record.topic());
    requireEqual(headers, "ce_specversion", "1.0");
    requireEqual(headers, "ce_source", source);
    requireEqual(headers, "content-type", JSON_TYPE);
    String type = required(headers, "ce_type");
    requireEqual(headers, "ce_dataschema", Contracts.schemaUri(type));
    JsonNode data = data(record.value());
    if (type.equals(HEARTBEAT)) {
      return new Arrival.Heartbeat(position, source, announced(data, source), sentUntil(data));
    }
    List<String> violations = Contracts.violations(type, data);
    if (!violations.isEmpty()) {
      throw new NotUnderstood("it breaks its contract: " + violations);
    }
    String time = required(headers, "ce_time");
    Instant instant = instant(time);
    if (instant == null) {
      throw new NotUnderstood("its header ce_time is no RFC 3339 time");
    }
    Event event =
        new Event(
            id(headers),
            source,
            type,
            time,
            instant,
            required(headers, "ce_actor"),
            headers.get("ce_subject"),
            number(headers, "ce_eventnumber"),
            number(headers, "ce_sourcenumber"),
            headers.get("ce_dataschema"));
    if (event.sourceNumber() == null) {
      throw new NotUnderstood("it has no header ce_sourcenumber");
    }
    boolean hasMore = !KNOWN.containsAll(headers.keySet());
    String contentType = hasMore ? WHOLE_RECORD : JSON_TYPE;
    byte[] payload = hasMore ? whole(record) : record.value();
    return new Arrival.Sound(
        position,
        event.id(),
        event,
        contentType,
        payload,
        DataSubjects.of(type, event.subject(), event.actor(), data),
        Findable.in(type, data),
        Leaf.of(null, event, position, contentType, payload),
        () -> whole(record));
  }

  /** Of topic {@code vigie.asset.events} that is {@code /vigie/asset}. */
  private static String source(String topic) {
    int end = topic.endsWith(EVENTS) ? topic.length() - EVENTS.length() : topic.length();
    return "/" + topic.substring(0, end).replace('.', '/');
  }

  /**
   * What a stored entry is to be found by: what was picked from its record when it came in.
   *
   * @param canonical the entry
   * @param payload what it commits to
   * @return null when either cannot be read, and so is not what was logged
   */
  public static Findable found(byte[] canonical, byte[] payload) {
    try {
      JsonNode entry = JSON.readTree(canonical);
      String type = entry.path("type").asText();
      if (!Findable.isPickedFrom(type)) {
        return Findable.NOTHING;
      }
      JsonNode data = JSON.readTree(payload);
      return Findable.in(
          type,
          WHOLE_RECORD.equals(entry.path("contentType").asText())
              ? JSON.readTree(data.path("value").binaryValue())
              : data);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record)
      throws NotUnderstood {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      if (KNOWN.contains(header.key())) {
        if (headers.put(header.key(), text(header)) != null) {
          throw new NotUnderstood("it has the header " + header.key() + " twice");
        }
      } else {
        headers.put(header.key(), "");
      }
    }
    return headers;
  }

  private static String text(Header header) throws NotUnderstood {
    byte[] bytes = header.value() == null ? new byte[0] : header.value();
    String text = new String(bytes, StandardCharsets.UTF_8);
    // What is malformed became a replacement, and would not come out as it went in.
    if (text.indexOf(REPLACEMENT) >= 0
        && !Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
      throw new NotUnderstood("its header " + header.key() + " is not UTF-8");
    }
    if (bytes.length > MAX_TEXT || hasControls(text)) {
      throw new NotUnderstood(
          "its header " + header.key() + " is too long or has control characters");
    }
    return text;
  }

  private static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode data(byte[] value) throws NotUnderstood {
    if (value == null) {
      throw new NotUnderstood("it has no value");
    }
    try {
      JsonNode data = JSON.readTree(value);
      if (data == null || !data.isObject()) {
        throw new NotUnderstood("its value is no JSON object");
      }
      return data;
    } catch (JsonProcessingException e) {
      throw new NotUnderstood("its value is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new NotUnderstood("its value is not JSON: " + e.getMessage());
    }
  }

  private static long announced(JsonNode data, String source) throws NotUnderstood {
    JsonNode last = data.path("lastSourceNumber");
    if (!source.equals(data.path("source").textValue())
        || !last.canConvertToLong()
        || !last.isIntegralNumber()
        || last.longValue() < 0
        || last.longValue() > MAX_NUMBER) {
      throw new NotUnderstood("it is no heartbeat of " + source);
    }
    return last.longValue();
  }

  private static Instant sentUntil(JsonNode data) throws NotUnderstood {
    String time = data.path("sentUntil").textValue();
    Instant until = time == null ? null : instant(time);
    if (time != null && until == null) {
      throw new NotUnderstood("its sentUntil is no RFC 3339 time");
    }
    return until;
  }

  private static UUID id(Map<String, String> headers) throws NotUnderstood {
    String text = required(headers, "ce_id");
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equals(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new NotUnderstood("its header ce_id is no UUID");
  }

  /** To the microsecond; null for what is no RFC 3339 time of years that have four digits. */
  private static Instant instant(String text) {
    try {
      Instant instant = Event.instant(text);
      int year = instant.atOffset(ZoneOffset.UTC).getYear();
      return year >= 1970 && year <= 9999 ? instant : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Long number(Map<String, String> headers, String name) throws NotUnderstood {
    String text = headers.get(name);
    if (text == null) {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= MAX_NUMBER && Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new NotUnderstood("its header " + name + " is no number from 1 to 2^62");
  }

  private static String required(Map<String, String> headers, String name) throws NotUnderstood {
    String text = headers.get(name);
    if (text == null || text.isEmpty()) {
      throw new NotUnderstood("it has no header " + name);
    }
    return text;
  }

  private static void requireEqual(Map<String, String> headers, String name, String expected)
      throws NotUnderstood {
    if (!required(headers, name).equals(expected)) {
      throw new NotUnderstood("its header " + name + " is not " + expected);
    }
  }

  /** Everything that the broker gave us, in a form that says which byte was what. */
  private static byte[] whole(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("key", record.key());
    ArrayNode headers = whole.putArray("headers");
    for (Header header : record.headers()) {
      headers.addObject().put("name", header.key()).put("value", header.value());
    }
    whole.put("value", record.value());
    try {
      return JSON.writeValueAsBytes(whole);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("base64 is always JSON", e);
    }
  }

  /** The record is no event of ours; the message goes on with "it …". */
  private static final class NotUnderstood extends Exception {
    NotUnderstood(String message) {
      super(storable(message), null, false, false);
    }

    /** A message may quote the record: no text column takes a NUL or half a surrogate pair. */
    private static String storable(String message) {
      return message
          .substring(0, Math.min(message.length(), MAX_TEXT))
          .replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
  }
}
