package io.vigie.access.duty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rules over history are about events that exist, and about what these have. */
class HistoryRulesTest {

  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");

  private static JsonNode read(String file) throws IOException {
    return new ObjectMapper().readTree(CONTRACTS.resolve(file).toFile());
  }

  @Test
  void whatARuleReadsIsInEachOfItsEventsAndAskedOfTheirProducers() throws IOException {
    Set<String> codes = new HashSet<>();
    for (JsonNode rule : read("policy/duty-history.json").get("rules")) {
      assertTrue(codes.add(rule.get("code").asText()), rule.get("code") + " is there twice");
      for (JsonNode side : rule.get("sides")) {
        for (JsonNode act : side) {
          String event = act.get("event").asText();
          JsonNode example = read("events/" + event + ".example.json");
          JsonNode asked = read("consumers/access-service/" + event + ".schema.json");
          for (String pointer : pointers(rule, act)) {
            assertFalse(example.at(pointer).isMissingNode(), event + " has no " + pointer);
            assertTrue(
                asked.get("properties").has(pointer.substring(1)),
                event + " is not asked for " + pointer);
          }
        }
      }
    }
    assertTrue(Files.exists(CONTRACTS.resolve("policy/duty-history.schema.json")));
  }

  private static List<String> pointers(JsonNode rule, JsonNode act) {
    List<String> pointers = new ArrayList<>();
    rule.at("/matter/at").forEach(each -> pointers.add(each.asText()));
    if (!act.get("actor").asText().equals("@actor")) {
      pointers.add(act.get("actor").asText());
    }
    return pointers;
  }
}
