package io.vigie.audit.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.audit.payload.DataSubjects.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

class DataSubjectsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");
  private static final String ACTOR = "11111111-2222-3333-4444-555555555555";

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(CONTRACTS.resolve(file).toFile());
  }

  private static Person inExample(String type) throws IOException {
    JsonNode data = read("events/" + type + ".example.json");
    String subject = type.split("\\.")[0] + "/" + data.get("aggregateId").textValue();
    return DataSubjects.of(type, subject, ACTOR, data);
  }

  @Test
  void theRulesKeepTheirSchema() throws IOException {
    assertEquals(
        Set.of(),
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read("privacy/data-subjects.schema.json"))
            .validate(read("privacy/data-subjects.json")));
  }

  @Test
  void everyEventTypeSaysWhomItIsAboutOrThatItIsAboutNobody() throws IOException {
    Set<String> ruled = new TreeSet<>();
    read("privacy/data-subjects.json").get("events").fieldNames().forEachRemaining(ruled::add);
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("events"))) {
      Set<String> published =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".schema.json"))
              .map(name -> name.replace(".schema.json", ""))
              .filter(type -> !type.startsWith("heartbeat."))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(published, ruled);
    }
  }

  @Test
  void theGoldenExampleOfEveryEventAboutAPersonNamesThem() throws IOException {
    // An asset without owner, an incident without assignee, an address without account.
    Set<String> ofNobody =
        Set.of("asset.snapshot.v1", "incident.snapshot.v1", "security.refusals.v1");
    for (var event : read("privacy/data-subjects.json").get("events").properties()) {
      boolean isAboutSomebody = event.getValue().has("about") && !ofNobody.contains(event.getKey());
      assertEquals(isAboutSomebody, inExample(event.getKey()) != null, event.getKey());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "person.left.v1,             01936f2a-5c00-7000-8000-000000000001",
    "right.refused.v1,           01936f2a-5c00-7000-8000-0000000000a1",
    "right.snapshot.v1,          01936f2a-5c00-7000-8000-0000000000a1",
    "asset.owner-assigned.v1,    01936f2a-5c00-7000-8000-0000000000a1",
    "incident.assigned.v1,       01936f2a-5c00-7000-8000-0000000000b1",
    "security-event.reported.v1, 01936f2a-5c00-7000-8000-0000000000b1",
    "security.refused.v1,        11111111-2222-3333-4444-555555555555"
  })
  void anEventIsAboutWhomItsRuleSays(String type, String person) throws IOException {
    assertEquals(person, inExample(type).id());
  }

  @Test
  void aPersonsAccountIsAnotherIdOfTheSamePerson() throws IOException {
    List<String> account = List.of("7f0c1c56-4f5e-4d0e-9a53-0d1f6a2b9c11");
    assertEquals(account, inExample("person.joined.v1").alsoKnownBy());
    assertEquals(account, inExample("person.snapshot.v1").alsoKnownBy());
    assertEquals(List.of(), inExample("person.changed.v1").alsoKnownBy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"system:incident", "anonymous", "anonymous@127.0.0.1"})
  void aServiceAndNobodyAreNoPeople(String id) throws IOException {
    assertFalse(DataSubjects.isPerson(id));
    JsonNode refusals = read("events/security.refusals.v1.example.json");
    assertNull(DataSubjects.of("security.refusals.v1", "refusal/x", id, refusals));
    JsonNode refusal = read("events/security.refused.v1.example.json");
    assertNull(DataSubjects.of("security.refused.v1", "refusal/x", id, refusal));
  }
}
