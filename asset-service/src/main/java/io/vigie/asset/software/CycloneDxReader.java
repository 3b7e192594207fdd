package io.vigie.asset.software;

import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vigie.kernel.Problem;

/**
 * Reads a CycloneDX bill of materials in JSON, versions 1.2 to 1.7 (ECMA-424), as a stream: what it
 * keeps is the package URLs, also of what its environment has to provide. The graph of dependencies
 * is looked at for cycles alone. The format does not forbid them, but a bill with one does not say
 * what came in by what.
 */
final class CycloneDxReader {

  /** So many components are taken. */
  static final int MAX_COMPONENTS = 100_000;

  /** So many references are taken in the graph of dependencies. */
  static final int MAX_REFERENCES = 500_000;

  /** So much is told of a cycle. */
  private static final int TOLD_STEPS = 8;

  private static final int TOLD_CHARACTERS = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(100).maxNumberLength(100).build())
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final List<Component> components = new ArrayList<>();
  private final Set<String> references = new HashSet<>();
  private final DependencyGraph dependencies = new DependencyGraph();
  private String format;
  private String specVersion;
  private String serialNumber;
  private int count;
  private int needed;
  private int withoutPurl;

  private CycloneDxReader() {}

  /**
   * The bill of materials in {@code document}.
   *
   * @throws Problem 400, which says what is wrong and where
   */
  static BillOfMaterials read(byte[] document) {
    CycloneDxReader reader = new CycloneDxReader();
    try (JsonParser json =
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(document), StandardCharsets.UTF_8.newDecoder()))) {
      reader.readDocument(json);
    } catch (CharConversionException | CharacterCodingException e) {
      throw Problem.badRequest("The body is not UTF-8.");
    } catch (JsonProcessingException e) {
      throw Problem.badRequest(
          "The body is not a JSON document that can be read: " + e.getOriginalMessage() + place(e));
    } catch (IOException e) {
      throw Problem.badRequest("The body cannot be read.");
    }
    return new BillOfMaterials(
        Digest.of(document),
        reader.specVersion,
        reader.serialNumber,
        BillOfMaterials.byPurl(reader.components),
        reader.withoutPurl);
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private void readDocument(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw Problem.badRequest("A CycloneDX bill of materials is a JSON object.");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "bomFormat" -> format = text(json, field);
        case "specVersion" -> specVersion = text(json, field);
        case "serialNumber" -> serialNumber = text(json, field);
        case "components" -> readComponents(json, field);
        case "dependencies" -> readDependencies(json, field);
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw Problem.badRequest("Something follows the bill of materials.");
    }
    require("CycloneDX".equals(format), "bomFormat", "must be CycloneDX");
    require(
        specVersion != null && specVersion.matches("1\\.[2-7]"),
        "specVersion",
        "must be 1.2 to 1.7");
    require(
        serialNumber == null || serialNumber.matches("urn:uuid:[0-9a-fA-F-]{36}"),
        "serialNumber",
        "must be a UUID as a URN");
    List<String> cycle = dependencies.cycle();
    require(cycle.isEmpty(), "dependencies", "must have no cycle: " + told(cycle));
  }

  private static String told(List<String> cycle) {
    String steps =
        cycle.stream()
            .limit(TOLD_STEPS)
            .map(step -> step.substring(0, Math.min(TOLD_CHARACTERS, step.length())))
            .collect(Collectors.joining(" needs "));
    return cycle.size() > TOLD_STEPS
        ? "%s, and so on, %d steps in all".formatted(steps, cycle.size() - 1)
        : steps;
  }

  private void readDependencies(JsonParser json, String path) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, path, "must be an array");
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      String place = path + "[" + i + "]";
      require(json.currentToken() == JsonToken.START_OBJECT, place, "must be an object");
      readDependency(json, place);
    }
  }

  private void readDependency(JsonParser json, String place) throws IOException {
    String reference = null;
    List<String> on = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "ref" -> reference = reference(json, place + ".ref");
        case "dependsOn" -> {
          String list = place + ".dependsOn";
          require(json.currentToken() == JsonToken.START_ARRAY, list, "must be an array");
          while (json.nextToken() != JsonToken.END_ARRAY) {
            on.add(reference(json, list));
          }
        }
        default -> json.skipChildren();
      }
    }
    require(reference != null, place + ".ref", "must be a text");
    dependencies.add(reference, on);
  }

  private String reference(JsonParser json, String field) throws IOException {
    needed++;
    require(needed <= MAX_REFERENCES, "dependencies", "must name at most " + MAX_REFERENCES);
    return text(json, field);
  }

  private void readComponents(JsonParser json, String path) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, path, "must be an array");
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      String place = path + "[" + i + "]";
      require(json.currentToken() == JsonToken.START_OBJECT, place, "must be an object");
      readComponent(json, place);
    }
  }

  private void readComponent(JsonParser json, String place) throws IOException {
    count++;
    require(count <= MAX_COMPONENTS, "components", "must be at most " + MAX_COMPONENTS);
    boolean hasName = false;
    Component component = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "name" -> hasName = !text(json, place + ".name").isBlank();
        case "purl" -> component = Component.of(text(json, place + ".purl")).orElse(null);
        case "bom-ref" -> {
          String reference = text(json, place + ".bom-ref");
          require(references.add(reference), place + ".bom-ref", "is there twice");
        }
        case "components" -> readComponents(json, place + ".components");
        default -> json.skipChildren();
      }
    }
    require(hasName, place + ".name", "must not be blank");
    if (component == null) {
      withoutPurl++;
    } else {
      components.add(component);
    }
  }

  private static String text(JsonParser json, String field) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING, field, "must be a text");
    return json.getText();
  }

  private static void require(boolean holds, String field, String message) {
    if (!holds) {
      throw Problem.invalid(List.of(new Problem.FieldError(field, message)));
    }
  }
}
