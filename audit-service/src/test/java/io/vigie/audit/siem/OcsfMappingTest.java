package io.vigie.audit.siem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The files under contracts/ocsf, each by itself and as a whole. */
class OcsfMappingTest {

  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The event types that are logged: a heartbeat is checked, not kept. */
  static Set<String> types() {
    Set<String> types = names("events", ".schema.json");
    types.remove("heartbeat.v1");
    return types;
  }

  private static Set<String> names(String folder, String ending) {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(CONTRACTS.resolve(file).toFile());
  }

  @Test
  void everyEventTypeHasAMappingAndEveryMappingAnEventType() {
    Set<String> mapped = names("ocsf", ".json");
    mapped.removeAll(Set.of("unrecognised", "mapping.schema"));
    assertEquals(types(), mapped);
  }

  @Test
  void everyMappingKeepsItsSchema() throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read("ocsf/mapping.schema.json"));
    for (String name : names("ocsf", ".json")) {
      if (!name.equals("mapping.schema")) {
        assertEquals("[]", schema.validate(read("ocsf/" + name + ".json")).toString(), name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void aMappingReadsOnlyWhatItsEventTypeHas(String type) throws IOException {
    JsonNode properties = read("events/" + type + ".schema.json").get("properties");
    List<String> unknown = new ArrayList<>();
    for (String pointer : pointers(read("ocsf/" + type + ".json").get("record"))) {
      String[] parts = pointer.split("/");
      if (parts[1].equals("data") && !properties.has(parts[2])) {
        unknown.add(pointer);
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static List<String> pointers(JsonNode template) {
    List<String> pointers = new ArrayList<>();
    for (String operator : List.of("$at", "$time", "$if")) {
      template.findValues(operator).forEach(pointer -> pointers.add(pointer.textValue()));
    }
    return pointers;
  }
}
