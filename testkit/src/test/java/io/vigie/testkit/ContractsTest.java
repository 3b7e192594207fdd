package io.vigie.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vigie.kernel.security.SecurityEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ContractsTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final Path CONTRACTS = ROOT.resolve("contracts");
  private static final String SCHEMA = ".schema.json";

  @Test
  void everyProducerGivesWhatConsumersRelyOn() {
    assertTrue(EventContracts.checkConsumers() > 0);
  }

  @Test
  void everyRefusalKeepsItsPublishedContract() {
    assertEquals(
        Set.of("security.refused.v1", "security.refusals.v1"),
        EventContracts.check(SecurityEvent.class));
  }

  @Test
  void theDescriptionOfTheTopicsNamesEveryEventTypeAndNoOther() throws IOException {
    JsonNode api = topics();
    Set<String> files = new TreeSet<>();
    schemas().keySet().forEach(type -> files.add("events/" + type + SCHEMA));

    Set<String> described = new TreeSet<>();
    Set<String> messages = new TreeSet<>();
    api.at("/components/messages")
        .properties()
        .forEach(
            message -> {
              messages.add(message.getKey());
              String payload = message.getValue().at("/payload/$ref").textValue();
              assertEquals("events/" + message.getKey() + SCHEMA, payload);
              described.add(payload);
            });
    Set<String> sent = new TreeSet<>();
    api.get("channels")
        .forEach(channel -> channel.get("messages").fieldNames().forEachRemaining(sent::add));

    assertEquals(files, described);
    assertEquals(messages, sent);
  }

  private static JsonNode topics() throws IOException {
    return new YAMLMapper().readTree(CONTRACTS.resolve("asyncapi.yaml").toFile());
  }

  /** By the type of their events. */
  private static Map<String, JsonNode> schemas() throws IOException {
    Map<String, JsonNode> schemas = new TreeMap<>();
    try (Stream<Path> events = Files.list(CONTRACTS.resolve("events"))) {
      for (Path file : events.filter(each -> each.toString().endsWith(SCHEMA)).toList()) {
        schemas.put(
            file.getFileName().toString().replace(SCHEMA, ""),
            new ObjectMapper().readTree(file.toFile()));
      }
    }
    return schemas;
  }

  @Test
  void noEventBreaksWhatTheLastReleasePromised() throws IOException {
    Promises.check("events", Promises.ofEvents(topics(), schemas()));
  }

  @Test
  void whatWasReleasedIsKnown() throws IOException {
    Set<String> names = new TreeSet<>(Set.of("events"));
    try (Stream<Path> services = Files.list(CONTRACTS.resolve("roles"))) {
      services.forEach(file -> names.add(file.getFileName().toString().replace(".json", "")));
    }
    for (String name : names) {
      assertTrue(
          Files.exists(Promises.released().resolve(name + ".txt")),
          "contracts/released has no " + name + ".txt (docs/api.md, Releases)");
    }
  }
}
