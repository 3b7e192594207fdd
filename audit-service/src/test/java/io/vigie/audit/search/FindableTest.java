package io.vigie.audit.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FindableTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(CONTRACTS.resolve(file).toFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"references", "fields", "outcomes"})
  void theRulesKeepTheirSchema(String rules) throws IOException {
    try (var schema = Files.newInputStream(CONTRACTS.resolve("search/" + rules + ".schema.json"))) {
      assertEquals(
          Set.of(),
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(schema)
              .validate(read("search/" + rules + ".json")));
    }
  }

  @Test
  void everyRuleIsAboutAnEventThatHasAContract() {
    List<String> unknown = new ArrayList<>();
    Stream.of(Findable.types(), Outcome.REFUSED.types(), Outcome.ALERT.types())
        .flatMap(types -> types.stream())
        .filter(type -> !Files.exists(CONTRACTS.resolve("events/" + type + ".schema.json")))
        .forEach(unknown::add);
    assertEquals(List.of(), unknown);
  }

  @Test
  void everyIdThatAContractNamesIsAReference() throws IOException {
    List<String> forgotten = new ArrayList<>();
    for (String type : Findable.types()) {
      JsonNode properties = read("events/" + type + ".schema.json").get("properties");
      JsonNode rules = read("search/references.json").at("/types").path(type);
      properties
          .properties()
          .forEach(
              property -> {
                boolean isId = property.getValue().path("format").asText().equals("uuid");
                if (isId
                    && !property.getKey().equals("aggregateId")
                    && !rules.has("/" + property.getKey())) {
                  forgotten.add(type + " " + property.getKey());
                }
              });
    }
    assertEquals(List.of(), forgotten);
  }

  @Test
  void anEventIsFoundByItsTextsAndByTheObjectsItRefersTo() throws IOException {
    Findable found =
        Findable.in("right.requested.v1", read("events/right.requested.v1.example.json"));
    assertEquals(Set.of("admin", "maintains", "the", "web", "servers"), found.words());
    assertEquals(
        Set.of(
            "person/01936f2a-5c00-7000-8000-0000000000a1",
            "asset/01936f2a-5c00-7000-8000-0000000000b1",
            "entitlement/01936f2a-5c00-7000-8000-0000000000c1"),
        found.references());
  }

  @Test
  void whatFollowsFromAnEventIsFoundByItAndByTheObjectItIsAbout() throws IOException {
    JsonNode fired = read("events/monitoring-alert.fired.v1.example.json");

    assertEquals(
        Set.of(
            "asset/" + fired.get("asset").textValue(),
            "event/" + fired.get("causeEvent").textValue(),
            fired.get("causeSubject").textValue()),
        Findable.in("monitoring-alert.fired.v1", fired).references());
  }

  @Test
  void whatIsNoIdIsNoReference() throws IOException {
    JsonNode data =
        JSON.readTree(
            "{\"asset\":\"x\",\"reporter\":\"system:incident\",\"causeSubject\":\"asset/x\"}");
    assertEquals(Set.of(), Findable.in("security-event.reported.v1", data).references());
  }

  @Test
  void anEventWithoutRulesIsFoundByItsMetadataAlone() {
    assertEquals(Findable.NOTHING, Findable.in("unheard.of.v1", JSON.createObjectNode()));
  }

  @Test
  void wordsHaveNeitherCaseNorAccentsNorAnEndlessLength() {
    assertEquals(Set.of("vole", "l2", "ete", "paris"), Words.of("Volé, L2 — l'ÉTÉ à « Paris »!"));
    assertEquals(Set.of(), Words.of("x".repeat(51) + " ! a"));
    String many =
        String.join(" ", Stream.iterate(100, i -> i + 1).limit(500).map(String::valueOf).toList());
    assertEquals(64, Words.of(many).size());
    assertTrue(Words.of("web-1 WEB-1").equals(Set.of("web")));
  }
}
