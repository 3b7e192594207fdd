package io.vigie.audit.detect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.audit.detect.Batch.Firing;
import io.vigie.kernel.Contracts;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every rule of contracts/detections against its own test events. An event of a test gives what
 * differs from the golden example of its type; null for what it has not.
 */
class DetectionRulesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");

  static Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("detections"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[a-z-]+\\.json"))
          .map(name -> name.replace(".json", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static JsonNode read(String file) {
    try {
      return JSON.readTree(CONTRACTS.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static Rule rule(String name) {
    return Rules.rule(read("detections/" + name + ".json"));
  }

  @TestFactory
  Stream<DynamicTest> everyRuleKeepsItsTests() throws IOException {
    return names()
        .flatMap(
            name ->
                cases(name)
                    .map(
                        test ->
                            DynamicTest.dynamicTest(
                                name + ": " + test.get("name").textValue(),
                                () -> check(rule(name), test))));
  }

  private static Stream<JsonNode> cases(String name) {
    JsonNode tests = read("detections/" + name + ".tests.json");
    assertEquals(name, tests.get("rule").textValue());
    return StreamSupport.stream(tests.get("cases").spliterator(), false);
  }

  private static void check(Rule rule, JsonNode test) {
    List<Signal> signals = signals(test.get("events"));
    List<Firing> whole = new Batch(List.of(rule), signals).run(new Memory());

    // The same log in batches of one: what the rule remembers is all that it needs.
    Memory memory = new Memory();
    List<String> single = new ArrayList<>();
    for (Signal signal : signals) {
      new Batch(List.of(rule), List.of(signal)).run(memory).forEach(f -> single.add(f.toString()));
    }
    assertEquals(whole.stream().map(Firing::toString).toList(), single);

    JsonNode expected = test.get("alerts");
    assertEquals(expected.size(), whole.size(), whole::toString);
    for (int i = 0; i < expected.size(); i++) {
      Firing firing = whole.get(i);
      ObjectNode alert = JSON.createObjectNode();
      alert.put("group", firing.group());
      alert.put("count", firing.counted().weight());
      alert.put("first", firing.counted().first().toString());
      alert.put("last", firing.counted().last().toString());
      alert.set("entries", JSON.valueToTree(firing.counted().entries(100)));
      assertEquals(expected.get(i).toString(), alert.retain(names(expected.get(i))).toString());
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<Signal> signals(JsonNode events) {
    List<Signal> signals = new ArrayList<>();
    for (JsonNode event : events) {
      int count = event.at("/repeat/count").asInt(1);
      Duration every = Duration.parse(event.at("/repeat/every").asText("PT0S"));
      for (int i = 0; i < count; i++) {
        Detector.signal(
                signals.size(),
                view(event, every.multipliedBy(i)),
                logged(event, every.multipliedBy(i)))
            .ifPresent(signals::add);
      }
    }
    return signals;
  }

  private static ObjectNode view(JsonNode event, Duration later) {
    ObjectNode view = event.deepCopy();
    view.remove(List.of("repeat", "logged"));
    if (view.has("time")) {
      view.put("time", Instant.parse(view.get("time").textValue()).plus(later).toString());
    }
    if (view.has("data")) {
      String type = view.get("type").textValue();
      ObjectNode data = (ObjectNode) read("events/" + type + ".example.json");
      data.setAll((ObjectNode) view.get("data"));
      data.remove(names(data).stream().filter(name -> data.get(name).isNull()).toList());
      assertEquals(List.of(), Contracts.violations(type, data), type);
      view.set("data", data);
    }
    return view;
  }

  private static Instant logged(JsonNode event, Duration later) {
    String logged = event.has("logged") ? "logged" : "time";
    return Instant.parse(event.get(logged).textValue()).plus(later);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRuleKeepsTheSchemaAndIsTestedBothWays(String name) {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read("detections/detection.schema.json"));
    JsonNode file = read("detections/" + name + ".json");
    assertEquals("[]", schema.validate(file).toString());
    assertEquals(name, file.get("id").textValue());
    assertTrue(cases(name).anyMatch(test -> !test.get("alerts").isEmpty()), "no case that fires");
    assertTrue(cases(name).anyMatch(test -> test.get("alerts").isEmpty()), "no case that does not");
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRuleNamesOnlyEventsThatSomebodyPublishesOrThatTheWatchFinds(String name) {
    for (String type : rule(name).typesRead().toList()) {
      assertTrue(Rules.isPublished(type), type);
    }
  }

  @Test
  void everyRuleIsInForce() throws IOException {
    String inForce = ConfigProvider.getConfig().getValue("vigie.detections", String.class);
    assertEquals(
        names().toList(), Stream.of(inForce.split(",")).map(String::strip).sorted().toList());
  }
}
