package io.vigie.audit.siem;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What one event type becomes: an OCSF record with holes, from {@code contracts/ocsf/<type>.json}.
 * The language of the holes is defined by {@code mapping.schema.json} beside it, and the build
 * checks every file.
 */
final class OcsfMapping {

  private static final String FOLDER = "/vigie/contracts/ocsf/";
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*\\.v[1-9]");
  private static final String UNRECOGNISED = "unrecognised";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of types that have one: whoever makes up types fills no memory. */
  private static final Map<String, OcsfMapping> MAPPINGS = new ConcurrentHashMap<>();

  /** Those that stand in the mappings. */
  private static final Map<String, JsonPointer> POINTERS = new ConcurrentHashMap<>();

  private final JsonNode record;

  private OcsfMapping(JsonNode record) {
    this.record = record;
  }

  /**
   * The mapping of this event type. A type without one, which the build does not let happen, and
   * null, which is a record that is no event, have that of what is not recognised.
   */
  static OcsfMapping of(String type) {
    OcsfMapping own =
        type != null && TYPE.matcher(type).matches()
            ? MAPPINGS.computeIfAbsent(type, OcsfMapping::load)
            : null;
    return own != null ? own : MAPPINGS.computeIfAbsent(UNRECOGNISED, OcsfMapping::load);
  }

  private static OcsfMapping load(String name) {
    try (InputStream file = OcsfMapping.class.getResourceAsStream(FOLDER + name + ".json")) {
      return file == null ? null : new OcsfMapping(JSON.readTree(file).get("record"));
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is no mapping", e);
    }
  }

  /** The record, its holes filled from {@code document}: entry, data, object and actor. */
  ObjectNode fill(JsonNode document) {
    return (ObjectNode) fill(record, document);
  }

  private static JsonNode fill(JsonNode template, JsonNode document) {
    if (template.isArray()) {
      ArrayNode filled = JSON.createArrayNode();
      template.forEach(item -> addUnlessMissing(filled, fill(item, document)));
      return filled.isEmpty() ? MissingNode.getInstance() : filled;
    }
    if (!template.isObject()) {
      return template;
    }
    if (template.has("$at")) {
      return value(template, document);
    }
    if (template.has("$time")) {
      return time(found(document, template.get("$time")));
    }
    return object(template, document);
  }

  private static JsonNode object(JsonNode template, JsonNode document) {
    ObjectNode filled = JSON.createObjectNode();
    if (!template.has("$if") || !found(document, template.get("$if")).isMissingNode()) {
      for (Map.Entry<String, JsonNode> attribute : template.properties()) {
        JsonNode value = fill(attribute.getValue(), document);
        if (!value.isMissingNode() && !attribute.getKey().equals("$if")) {
          filled.set(attribute.getKey(), value);
        }
      }
    }
    return filled.isEmpty() ? MissingNode.getInstance() : filled;
  }

  private static JsonNode value(JsonNode hole, JsonNode document) {
    JsonNode found = found(document, hole.get("$at"));
    JsonNode value = hole.has("$of") ? hole.get("$of").path(found.asText()) : found;
    return value.isMissingNode() && hole.has("$else") ? hole.get("$else") : value;
  }

  private static JsonNode found(JsonNode document, JsonNode pointer) {
    JsonNode found =
        document.at(POINTERS.computeIfAbsent(pointer.textValue(), JsonPointer::compile));
    return found.isNull() ? MissingNode.getInstance() : found;
  }

  private static JsonNode time(JsonNode text) {
    try {
      return text.isTextual()
          ? JsonNodeFactory.instance.numberNode(
              OffsetDateTime.parse(text.textValue()).toInstant().toEpochMilli())
          : MissingNode.getInstance();
    } catch (DateTimeException e) {
      return MissingNode.getInstance(); // a time that is none is not there
    }
  }

  private static void addUnlessMissing(ArrayNode items, JsonNode item) {
    if (!item.isMissingNode()) {
      items.add(item);
    }
  }
}
