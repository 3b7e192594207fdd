package io.vigie.audit.siem;

import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One log entry as a SIEM gets it: a record of OCSF 1.8.0, the same bytes each time that the entry
 * is sent. {@code unmapped} says where it stands in the log, so that its holder can ask for the
 * proof.
 *
 * <p>It holds what the mapping of its type copies and what the entry itself says; never the payload
 * as a whole.
 */
record OcsfRecord(long index, ObjectNode json) {

  static final String OCSF_VERSION = "1.8.0";

  private static final int HIGH = 4;
  private static final String SERVICE = "system:";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param origin the name of the log
   * @throws IllegalStateException when the entry is no JSON any more: somebody changed the log
   */
  static OcsfRecord of(PublishedEntry published, String origin) {
    JsonNode entry = parse(published.canonical());
    if (!entry.isObject()) {
      throw new IllegalStateException(
          "entry " + published.index() + " is no JSON any more: the log was changed");
    }
    String type = entry.path("type").textValue();
    ObjectNode record = OcsfMapping.of(type).fill(document(entry, published.payload()));
    int classUid = record.get("class_uid").intValue();
    record.put("category_uid", classUid / 1000);
    record.put("type_uid", classUid * 100L + record.get("activity_id").intValue());
    if (entry.has("alert") && record.get("severity_id").intValue() < HIGH) {
      record.put("severity_id", HIGH);
    }
    record.put("time", time(entry, published.loggedAt()).toEpochMilli());
    record.set("metadata", metadata(entry, published, origin));
    describe(record.withObject("/unmapped"), entry, published, origin);
    return new OcsfRecord(published.index(), record);
  }

  byte[] bytes() {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  /** What the holes of a mapping are filled from. */
  private static ObjectNode document(JsonNode entry, byte[] payload) {
    ObjectNode document = JSON.createObjectNode();
    document.set("entry", entry);
    if (entry.has("type") && payload != null) {
      document.set("data", data(entry, parse(payload)));
    }
    // A class that demands an object gets one, even from an event that names none.
    String[] subject = entry.path("subject").asText("unknown/unknown").split("/", 2);
    String id = subject.length == 2 ? subject[1] : subject[0];
    document.putObject("object").put("kind", subject[0]).put("id", id);
    String actor = entry.path("actor").asText("unknown");
    if (actor.startsWith(SERVICE)) {
      document.putObject("actor").put("app_name", actor.substring(SERVICE.length()));
    } else {
      document.putObject("actor").putObject("user").put("uid", actor);
    }
    return document;
  }

  /** An event that came with headers of its own is kept as the whole record, its value in it. */
  private static JsonNode data(JsonNode entry, JsonNode payload) {
    if ("application/json".equals(entry.path("contentType").textValue())) {
      return payload;
    }
    try {
      byte[] value = payload.path("value").binaryValue();
      return value == null ? JSON.missingNode() : parse(value);
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  private static Instant time(JsonNode entry, Instant loggedAt) {
    return entry.has("time")
        ? OffsetDateTime.parse(entry.get("time").textValue()).toInstant()
        : loggedAt;
  }

  private static ObjectNode metadata(JsonNode entry, PublishedEntry published, String origin) {
    ObjectNode metadata = JSON.createObjectNode();
    metadata.put("version", OCSF_VERSION);
    metadata.putObject("product").put("name", "Vigie").put("vendor_name", "Vigie");
    // An id that came twice with different content names two records: only the first may have it.
    boolean hasOwnId = entry.has("id") && !"id-reused".equals(entry.path("alert").textValue());
    metadata.put("uid", hasOwnId ? entry.get("id").textValue() : origin + "#" + published.index());
    copy(entry, "type", metadata, "event_code");
    copy(entry, "time", metadata, "original_time");
    metadata.put("log_name", origin);
    metadata.put("logged_time", published.loggedAt().toEpochMilli());
    metadata.put("sequence", published.index());
    return metadata;
  }

  private static void describe(
      ObjectNode unmapped, JsonNode entry, PublishedEntry published, String origin) {
    unmapped.put("log_origin", origin);
    unmapped.put("log_index", published.index());
    unmapped.put("leaf_hash", Base64.getEncoder().encodeToString(published.leaf()));
    unmapped.put("checkpoint_size", published.checkpointSize());
    copy(entry, "id", unmapped, "event_id");
    copy(entry, "source", unmapped, "event_source");
    copy(entry, "subject", unmapped, "event_subject");
    copy(entry, "actor", unmapped, "event_actor");
    copy(entry, "eventNumber", unmapped, "event_number");
    copy(entry, "alert", unmapped, "alert");
    if (published.payload() == null) {
      unmapped.put("payload_erased", true);
    }
  }

  private static void copy(JsonNode from, String member, ObjectNode to, String attribute) {
    if (from.has(member)) {
      to.set(attribute, from.get(member));
    }
  }

  private static JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }
}
