package io.vigie.audit.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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

  private static Map<String, JsonNode> examples() throws IOException {
    Map<String, JsonNode> examples = new TreeMap<>();
    String end = ".example.json";
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("events"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(end)).toList()) {
        String name = file.getFileName().toString();
        examples.put(name.substring(0, name.length() - end.length()), JSON.readTree(file.toFile()));
      }
    }
    return examples;
  }

  /** What the filter of packs goes by, and the verifier holds them against. */
  @Test
  void everyClientThatAnEventNamesAsItsOwnIsAReference() throws IOException {
    List<String> forgotten = new ArrayList<>();
    examples()
        .forEach(
            (type, data) ->
                data.findValuesAsText("client").stream()
                    .filter(id -> id.length() == 36)
                    .filter(id -> !Findable.in(type, data).references().contains("client/" + id))
                    .forEach(id -> forgotten.add(type)));
    assertEquals(List.of(), forgotten);
  }

  /** As the verifier reads them; an audit is not about the clients that it covers. */
  @Test
  void everyClientThatAnEventNamesAmongSeveralIsAReference() throws IOException {
    List<String> forgotten = new ArrayList<>();
    examples()
        .forEach(
            (type, data) ->
                Stream.of("clients", "affectedClients", "clientsBarred")
                    .filter(member -> !type.startsWith("control-audit."))
                    .flatMap(member -> data.findValues(member).stream())
                    .flatMap(ids -> StreamSupport.stream(ids.spliterator(), false))
                    .map(id -> "client/" + id.textValue())
                    .filter(id -> !Findable.in(type, data).references().contains(id))
                    .forEach(id -> forgotten.add(type)));
    assertEquals(List.of(), forgotten);
  }

  /** Assets belong to a client, and not all that happens to them is named to be so. */
  @Test
  void whatNamesAnAssetOrAClientInSomeEventsBelongsToItOrIsSaidNotTo() throws IOException {
    // Given what refers to assets or clients, and goes on without them
    Set<String> others = Set.of("critical-function of asset", "person of asset", "asset of client");

    List<String> unsaid = new ArrayList<>();
    JsonNode types = read("search/references.json").get("types");
    for (String target : List.of("asset", "client")) {
      Map<String, Set<Boolean>> named = new TreeMap<>();
      for (String type : examples().keySet()) {
        boolean isNamed = false;
        for (JsonNode kind : types.path(type)) {
          isNamed |= kind.textValue().equals(target);
        }
        String kind = type.substring(0, type.indexOf('.'));
        named.computeIfAbsent(kind, any -> new HashSet<>()).add(isNamed);
      }
      named.forEach(
          (kind, answers) -> {
            boolean belongs = Findable.belonging().get(target).contains(kind);
            if (belongs ? !answers.contains(true) : answers.size() == 2) {
              unsaid.add(kind + " of " + target);
            }
          });
    }

    // Then the rules say of each whether its other events belong there
    unsaid.removeAll(others);
    assertEquals(List.of(), unsaid);
  }

  @Test
  void eachElementOfAnArrayIsAReference() throws IOException {
    JsonNode data =
        JSON.readTree(
            """
            {"assets":["01936f2a-5c00-7000-8000-0000000000a1","01936f2a-5c00-7000-8000-0000000000a2","x"],
             "clients":["01936f2a-5c00-7000-8000-0000000000c1"]}""");
    assertEquals(
        Set.of(
            "asset/01936f2a-5c00-7000-8000-0000000000a1",
            "asset/01936f2a-5c00-7000-8000-0000000000a2",
            "client/01936f2a-5c00-7000-8000-0000000000c1"),
        Findable.in("incident.affected-named.v1", data).references());
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
