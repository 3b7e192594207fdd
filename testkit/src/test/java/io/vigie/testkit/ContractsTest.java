package io.vigie.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vigie.kernel.security.SecurityEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ContractsTest {

  @Test
  void everyProducerGivesWhatConsumersRelyOn() {
    assertTrue(EventContracts.checkConsumers() > 0);
  }

  @Test
  void everyRefusalKeepsItsPublishedContract() {
    assertEquals(
        List.of("security.refused.v1", "security.refusals.v1"),
        EventContracts.check(SecurityEvent.class));
  }

  @Test
  void theDescriptionOfTheTopicsNamesEveryEventTypeAndNoOther() throws IOException {
    Path contracts = Path.of(System.getProperty("vigie.root"), "contracts");
    JsonNode api = new YAMLMapper().readTree(contracts.resolve("asyncapi.yaml").toFile());
    Set<String> files = new TreeSet<>();
    try (Stream<Path> events = Files.list(contracts.resolve("events"))) {
      events
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".schema.json"))
          .forEach(name -> files.add("events/" + name));
    }

    Set<String> described = new TreeSet<>();
    Set<String> messages = new TreeSet<>();
    api.at("/components/messages")
        .properties()
        .forEach(
            message -> {
              messages.add(message.getKey());
              String payload = message.getValue().at("/payload/$ref").textValue();
              assertEquals("events/" + message.getKey() + ".schema.json", payload);
              described.add(payload);
            });
    Set<String> sent = new TreeSet<>();
    api.get("channels")
        .forEach(channel -> channel.get("messages").fieldNames().forEachRemaining(sent::add));

    assertEquals(files, described);
    assertEquals(messages, sent);
  }
}
