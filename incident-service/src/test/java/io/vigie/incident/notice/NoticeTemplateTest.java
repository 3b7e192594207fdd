package io.vigie.incident.notice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.quarkus.qute.Engine;
import io.vigie.incident.notice.NoticeTemplate.Parameter;
import io.vigie.kernel.Contracts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every template that services can ask for. */
class NoticeTemplateTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");
  private static final String EVENT = "notification.requested.v1";
  private static final Set<Parameter> IDS_AND_TIMES = Set.of(Parameter.ID, Parameter.TIME);

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(CONTRACTS.resolve(file).toFile());
  }

  static List<String> templates() throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("notices"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".schema.json"))
          .map(name -> name.replace(".json", ""))
          .sorted()
          .toList();
    }
  }

  /** Those that other services may ask for: nothing in them is a machine's name for something. */
  static List<String> askable() throws IOException {
    return templates().stream()
        .filter(
            name ->
                NoticeTemplate.read(name).parameters().values().stream()
                    .allMatch(IDS_AND_TIMES::contains))
        .toList();
  }

  private static String value(Parameter parameter) {
    return switch (parameter) {
      case ID -> UUID.randomUUID().toString();
      case TIME -> "2026-08-09T22:05:00Z";
      case TERM -> "node_exporter/DiskFull";
      case TERMS -> "alertmanager DiskFull";
    };
  }

  private static Map<String, String> parameters(String template) {
    Map<String, String> parameters = new HashMap<>();
    NoticeTemplate.read(template)
        .parameters()
        .forEach((name, parameter) -> parameters.put(name, value(parameter)));
    return parameters;
  }

  private static ObjectNode request(String template, Map<String, String> parameters)
      throws IOException {
    ObjectNode request = read("events/" + EVENT + ".example.json").deepCopy();
    request.put("template", template);
    request.set("parameters", JSON.valueToTree(parameters));
    return request;
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aTemplateKeepsItsSchema(String template) throws IOException {
    assertEquals(
        "[]",
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read("notices/notice.schema.json"))
            .validate(read("notices/" + template + ".json"))
            .toString());
  }

  @Test
  void theEventsContractNamesTheTemplatesThatOthersMayAskFor() throws IOException {
    List<String> named =
        JSON.convertValue(
            read("events/" + EVENT + ".schema.json").at("/properties/template/enum"),
            JSON.getTypeFactory().constructCollectionType(List.class, String.class));

    assertEquals(new TreeSet<>(askable()), new TreeSet<>(named));
  }

  @ParameterizedTest
  @MethodSource("askable")
  void theEventsContractAsksForExactlyTheTemplatesParameters(String template) throws IOException {
    Map<String, String> parameters = parameters(template);
    assertEquals(List.of(), Contracts.violations(EVENT, request(template, parameters)));

    for (String name : parameters.keySet()) {
      Map<String, String> without = new HashMap<>(parameters);
      without.remove(name);
      assertFalse(Contracts.violations(EVENT, request(template, without)).isEmpty(), name);
      Map<String, String> text = new HashMap<>(parameters);
      text.put(name, "Ada Lovelace");
      assertFalse(Contracts.violations(EVENT, request(template, text)).isEmpty(), name);
    }
    parameters.put("another", UUID.randomUUID().toString());
    assertFalse(Contracts.violations(EVENT, request(template, parameters)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aTemplateIsWrittenInBothLanguagesWithItsParametersAlone(String template) {
    NoticeText texts =
        new NoticeText(Engine.builder().addDefaults().build(), "https://console.example");
    Notice notice =
        new Notice(
            Channel.MAIL,
            new NoticeRequest(
                UUID.randomUUID(),
                UUID.randomUUID(),
                null,
                template,
                parameters(template),
                "key",
                null,
                null,
                Instant.EPOCH),
            List.of());

    NoticeText.Mail english = texts.of(notice, "en");
    NoticeText.Mail french = texts.of(notice, "fr");
    NoticeText.Mail both = texts.of(notice, null);

    for (NoticeText.Mail mail : List.of(english, french, both)) {
      assertFalse((mail.subject() + mail.text()).matches("(?s).*[{}].*"), mail.toString());
    }
    assertFalse(english.text().equals(french.text()));
    assertTrue(both.text().contains(english.text()) && both.text().contains(french.text()));
    assertEquals(both, texts.of(notice, "de"));
  }

  @Test
  void aTimeIsWrittenOutAndAnIdLeadsToTheConsole() {
    NoticeTemplate template = NoticeTemplate.read("right-ends");
    Map<String, String> values =
        Map.of("right", "01936f2a-5c00-7000-8000-0000000000d1", "until", "2026-08-09T22:05:00Z");

    assertEquals(
        "9 August 2026, 22:05 UTC",
        template.written(values, NoticeTemplate.Language.EN).get("until"));
    assertEquals(
        "9 août 2026 à 22:05 UTC",
        template.written(values, NoticeTemplate.Language.FR).get("until"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unheard-of", "../events/person.left.v1.example", "notice.schema", ""})
  void aTemplateThatIsNotThereIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> NoticeTemplate.read(name));
  }

  @Test
  void parametersThatAreNotTheTemplatesAreRefused() {
    NoticeTemplate template = NoticeTemplate.read("right-ends");

    assertThrows(
        RuntimeException.class,
        () -> template.requireFits(Map.of("until", "2026-08-09T22:05:00Z")));
    assertThrows(
        RuntimeException.class,
        () -> template.requireFits(Map.of("right", "x", "until", "2026-08-09T22:05:00Z")));
    assertThrows(
        RuntimeException.class,
        () -> template.requireFits(Map.of("right", UUID.randomUUID().toString(), "until", "soon")));
    Map<String, String> person = parameters("alert-fires");
    person.put("rule", "Ada Lovelace");
    assertThrows(
        IllegalArgumentException.class,
        () -> NoticeTemplate.read("alert-fires").requireFits(person));
    Map<String, String> group = parameters("alert-group-fires");
    group.put("group", "alertmanager <b>");
    assertThrows(
        IllegalArgumentException.class,
        () -> NoticeTemplate.read("alert-group-fires").requireFits(group));
  }
}
