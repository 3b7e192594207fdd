package io.vigie.incident.reaction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.incident.reaction.ReactionRules.Change;
import io.vigie.incident.reaction.ReactionRules.Rule;
import io.vigie.incident.reaction.ReactionRules.Trigger;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReactionRulesTest {

  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ReactionRules rules = ReactionRules.read();

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(CONTRACTS.resolve(file).toFile());
  }

  private List<Change> changes(String type, String data) throws IOException {
    return rules.changes(type, JSON.readTree(data));
  }

  @Test
  void theTableKeepsItsSchemaAndNamesEachRuleOnce() throws IOException {
    assertEquals(
        "[]",
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read("policy/reactions.schema.json"))
            .validate(read("policy/reactions.json"))
            .toString());
    Set<String> codes = new HashSet<>();
    rules.reactions().forEach(rule -> assertTrue(codes.add(rule.code()), rule.code()));
  }

  /** Only a type that somebody publishes has an example. */
  @Test
  void whatARuleReadsIsInEachOfItsEventsAndAskedOfTheirProducers() throws IOException {
    for (Rule rule : rules.reactions()) {
      for (Trigger trigger : Stream.concat(rule.when().stream(), rule.until().stream()).toList()) {
        JsonNode example = read("events/" + trigger.event() + ".example.json");
        JsonNode asked = read("consumers/incident-service/" + trigger.event() + ".schema.json");
        for (String pointer : pointers(trigger)) {
          String what = rule.code() + ": " + trigger.event() + " " + pointer;
          assertFalse(example.at(pointer).isMissingNode(), what + " is not there");
          assertTrue(asked.get("properties").has(pointer.substring(1)), what + " is not asked for");
        }
      }
    }
  }

  private static List<String> pointers(Trigger trigger) {
    return Stream.of(
            trigger.key().stream(),
            trigger.where() == null ? Stream.<String>of() : trigger.where().keySet().stream(),
            Stream.of("/at"),
            Stream.ofNullable(trigger.order()),
            Stream.ofNullable(trigger.since()),
            Stream.ofNullable(trigger.asset()),
            Stream.ofNullable(trigger.description()))
        .flatMap(each -> each)
        .toList();
  }

  @Test
  void anEventCountsOnlyWithTheValuesThatTheRuleNames() throws IOException {
    String run = "{\"plan\":\"p-1\",\"outcome\":\"%s\"}";

    Change failed = changes("backup-run.reported.v1", run.formatted("FAILED")).get(0);
    Change succeeded = changes("backup-run.reported.v1", run.formatted("SUCCEEDED")).get(0);

    assertTrue(failed.opens());
    assertFalse(succeeded.opens());
    assertEquals("p-1", failed.trigger().about(JSON.readTree(run)));
    assertEquals(List.of(), changes("backup-run.reported.v1", run.formatted("UNHEARD_OF")));
    assertEquals(List.of(), changes("backup-run.reported.v1", "{}"));
    assertEquals(List.of(), changes("unheard.of.v1", run.formatted("FAILED")));
  }

  @Test
  void whatTellsOneThingFromAnotherMayBeMoreThanOneText() throws IOException {
    JsonNode data = JSON.valueToTree(Map.of("aggregateId", "a-1", "rule", "patched"));

    Change breached = rules.changes("posture.breached.v1", data).get(0);

    assertEquals("asset-out-of-posture", breached.rule().code());
    assertEquals("a-1 patched", breached.trigger().about(data));
  }

  @Test
  void aFindingOfTheLogIsOfTheRuleThatFoundItAlone() throws IOException {
    assertEquals(
        List.of("log-silence"),
        changes("audit.alert-raised.v1", "{\"rule\":\"log-silence\"}").stream()
            .map(change -> change.rule().code())
            .toList());
    assertEquals(List.of(), changes("audit.alert-raised.v1", "{\"rule\":\"unheard-of\"}"));
  }

  /**
   * Of a verification that failed audit.log-verified.v1 tells, and of the one that is right again.
   */
  @Test
  void ofWhateverTheLogFindsSomebodyIsTold() throws IOException {
    List<String> detections;
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("detections"))) {
      detections =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("[a-z-]+\\.json"))
              .map(name -> name.replace(".json", ""))
              .filter(name -> !name.equals("log-verification-failed"))
              .toList();
    }
    assertTrue(detections.contains("mass-export"), detections.toString());
    for (String detection : detections) {
      List<Change> changes =
          changes("audit.alert-raised.v1", "{\"rule\":\"%s\"}".formatted(detection));
      assertEquals(List.of(true), changes.stream().map(Change::opens).toList(), detection);
    }
  }
}
