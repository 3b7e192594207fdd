package io.vigie.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;

/**
 * The published event contracts: JSON Schema (2020-12), one file per event type. They are the
 * source of truth; a producer refuses to append what does not meet them, and the log keeps what
 * does not meet them as unrecognised.
 */
public final class Contracts {

  private static final String FOLDER = "/vigie/contracts/events/";
  private static final Pattern SAFE_TYPE = Pattern.compile("[a-z][a-z0-9.-]{0,99}");
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  /** Of types that have one: whoever makes up types fills no memory. */
  private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private Contracts() {}

  /** The {@code dataschema} attribute of events of this type. */
  public static String schemaUri(String type) {
    return "urn:vigie:schema:" + type;
  }

  /**
   * What {@code data} breaks in its contract, in words; empty when it keeps it. A type without a
   * contract breaks it.
   */
  public static List<String> violations(String type, JsonNode data) {
    if (type == null || !SCHEMAS.containsKey(type) && !SAFE_TYPE.matcher(type).matches()) {
      return List.of("no contract can have the name " + type);
    }
    JsonSchema schema = SCHEMAS.computeIfAbsent(type, Contracts::load);
    return schema == null
        ? List.of("no contract " + type)
        : schema.validate(data).stream().map(ValidationMessage::getMessage).toList();
  }

  private static JsonSchema load(String type) {
    try (InputStream file = Contracts.class.getResourceAsStream(FOLDER + type + ".schema.json")) {
      return file == null ? null : FACTORY.getSchema(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
