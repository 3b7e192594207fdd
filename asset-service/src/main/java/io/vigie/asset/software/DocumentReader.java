package io.vigie.asset.software;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** Reads an advisory, in whichever format it is, and says exactly what is wrong with a bad one. */
final class DocumentReader {

  private static final int MAX_DEPTH = 100;
  private static final int MAX_ERRORS = 20;
  private static final JsonSchema CSAF = schema("csaf");
  private static final JsonSchema OSV = schema("osv");

  private DocumentReader() {}

  /**
   * What the document says.
   *
   * @throws Problem 400 where it is neither CSAF 2.0 nor OSV, or breaks the rules of its format
   */
  static Publication read(JsonNode document) {
    List<FieldError> errors = new ArrayList<>();
    checkTexts(document, "", 0, StandardCharsets.UTF_8.newEncoder(), errors);
    refuse(errors);
    if (document.path("document").has("csaf_version")) {
      validate(CSAF, document);
      return new CsafReader(document).read();
    }
    if (document.has("id") && document.has("modified")) {
      validate(OSV, document);
      return new OsvReader(document).read();
    }
    throw Problem.badRequest(
        "This is no advisory in CSAF 2.0 (document.csaf_version) nor in OSV (id, modified).");
  }

  private static void validate(JsonSchema schema, JsonNode document) {
    refuse(
        schema.validate(document).stream().limit(MAX_ERRORS).map(DocumentReader::error).toList());
  }

  private static FieldError error(ValidationMessage message) {
    String field = message.getInstanceLocation().toString().replaceFirst("^\\$\\.?", "");
    String text = message.getMessage();
    String place = message.getInstanceLocation() + ": ";
    return new FieldError(
        field.isEmpty() ? "document" : field,
        text.startsWith(place) ? text.substring(place.length()) : text);
  }

  /** Texts that no database keeps, and a depth that nobody needs. */
  private static void checkTexts(
      JsonNode node, String path, int depth, CharsetEncoder utf8, List<FieldError> errors) {
    if (depth > MAX_DEPTH) {
      throw Problem.badRequest("The document is nested deeper than " + MAX_DEPTH + " levels.");
    }
    if (node.isTextual() && !isText(node.textValue(), utf8) && errors.size() < MAX_ERRORS) {
      errors.add(new FieldError(path, "is no Unicode text"));
    }
    node.properties()
        .forEach(
            property ->
                checkTexts(
                    property.getValue(),
                    path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                    depth + 1,
                    utf8,
                    errors));
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        checkTexts(node.get(i), path + "[" + i + "]", depth + 1, utf8, errors);
      }
    }
  }

  private static boolean isText(String text, CharsetEncoder utf8) {
    return text.indexOf('\0') < 0 && utf8.canEncode(text);
  }

  static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  static Problem invalid(String field, String message) {
    return Problem.invalid(List.of(new FieldError(field, message)));
  }

  /** RFC 3339, or null where nothing stands there; cut to what the database keeps. */
  static Instant time(JsonNode node, String field) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(node.asText()).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw invalid(field, "is no time as in RFC 3339");
    }
  }

  /** A text, or null where there is none. */
  static String text(JsonNode node) {
    return node.isTextual() && !node.textValue().isBlank() ? node.textValue().strip() : null;
  }

  private static JsonSchema schema(String format) {
    try (InputStream file =
        DocumentReader.class.getResourceAsStream("/software/" + format + ".schema.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
