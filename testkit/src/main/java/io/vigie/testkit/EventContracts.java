package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.kernel.Contracts;
import io.vigie.kernel.DomainEvent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Holds a service's event records against the published contracts, and the contracts against the
 * services that rely on them.
 */
public final class EventContracts {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private EventContracts() {}

  /**
   * Every record of a sealed interface of events has a schema and a golden example; the example
   * keeps the schema, names every property that the schema knows, and is what the record serialises
   * to.
   *
   * @return the types checked; a compiler may order records as it comes by them
   */
  public static Set<String> check(Class<? extends DomainEvent> events) {
    Set<String> types = new HashSet<>();
    for (Class<?> record : events.getPermittedSubclasses()) {
      types.add(checkRecord(record));
    }
    assertTrue(!types.isEmpty(), () -> events + " has no records");
    return types;
  }

  private static String checkRecord(Class<?> record) {
    try {
      String type = type(record);
      ObjectNode example = (ObjectNode) read("events/" + type + ".example.json");
      JsonNode schema = read("events/" + type + ".schema.json");
      assertEquals(List.of(), Contracts.violations(type, example), type + ": the golden example");
      assertEquals(
          names(schema.get("properties")),
          names(example),
          type + ": properties of the schema and of its example");
      ObjectNode fields = example.deepCopy();
      fields.remove("changes");
      JsonNode written = JSON.readTree(JSON.writeValueAsBytes(JSON.treeToValue(fields, record)));
      assertEquals(fields, written, type + ": the record and its golden example");
      return type;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What every consumer declared to rely on, under {@code consumers/<service>/<type>.schema.json},
   * holds for the producers' golden examples.
   */
  public static int checkConsumers() {
    Path consumers = contracts().resolve("consumers");
    try (Stream<Path> files = Files.walk(consumers)) {
      List<Path> schemas =
          files.filter(file -> file.toString().endsWith(".schema.json")).sorted().toList();
      for (Path schema : schemas) {
        String type = schema.getFileName().toString().replace(".schema.json", "");
        assertEquals(
            "[]",
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JSON.readTree(schema.toFile()))
                .validate(read("events/" + type + ".example.json"))
                .toString(),
            consumers.relativize(schema) + " relies on what " + type + " does not give");
      }
      return schemas.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record's type is what an instance says; its golden example makes one. */
  private static String type(Class<?> record) throws IOException {
    try (Stream<Path> files = Files.list(contracts().resolve("events"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".example.json")).toList()) {
        String type = file.getFileName().toString().replace(".example.json", "");
        ObjectNode fields = (ObjectNode) JSON.readTree(file.toFile());
        fields.remove("changes");
        try {
          DomainEvent event = (DomainEvent) JSON.treeToValue(fields, record);
          if (event.type().equals(type)) {
            return type;
          }
        } catch (com.fasterxml.jackson.core.JsonProcessingException otherShape) {
          // not an example of this record
        }
      }
    }
    throw new AssertionError("no golden example under contracts/events makes a " + record);
  }

  private static TreeSet<String> names(JsonNode object) {
    TreeSet<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(contracts().resolve(file).toFile());
  }

  private static Path contracts() {
    return Path.of(System.getProperty("vigie.root"), "contracts");
  }
}
