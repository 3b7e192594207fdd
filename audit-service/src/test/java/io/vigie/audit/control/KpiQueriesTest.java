package io.vigie.audit.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.control.Figures.Figure;
import io.vigie.audit.control.Kpi.Level;
import io.vigie.testkit.ServiceEnvironment;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every query of contracts/kpis against its own cases, asked of tables that it alone sees. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class KpiQueriesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");
  private static final Pattern NUMBER = Pattern.compile("#([1-9])\\b");

  static Stream<String> ids() throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("kpis"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sql"))
          .map(name -> name.replace(".sql", ""))
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

  private static Kpi kpi(String id) {
    try {
      return new Kpi(
          Files.readString(CONTRACTS.resolve("kpis/" + id + ".sql")),
          JSON.convertValue(read("kpis/" + id + ".json"), Kpi.About.class));
    } catch (IOException e) {
      throw new UncheckedIOException(id, e);
    }
  }

  private static List<Kpi> all() throws IOException {
    return ids().map(KpiQueriesTest::kpi).toList();
  }

  private static List<JsonNode> cases(String id) {
    JsonNode tests = read("kpis/" + id + ".tests.json");
    assertEquals(id, tests.get("kpi").textValue());
    return StreamSupport.stream(tests.get("cases").spliterator(), false).toList();
  }

  private static UUID id(String number) {
    return new UUID(0x7000, 0x8000_0000_0000_0000L + Long.parseLong(number));
  }

  private static JsonNode withIds(JsonNode node) throws IOException {
    return JSON.readTree(
        NUMBER.matcher(node.toString()).replaceAll(found -> id(found.group(1)).toString()));
  }

  /** An object's name in a case, with its id; what is no object keeps its own. */
  private static String named(String name) {
    String[] parts = name.split("/");
    return parts[1].matches("[1-9]") ? parts[0] + "/" + id(parts[1]) : name;
  }

  private static Figures figures(Kpi kpi, JsonNode test) throws Exception {
    Figures figures = new Figures();
    for (var object : withIds(test.path("objects")).properties()) {
      String kind = object.getKey().substring(0, object.getKey().indexOf('/'));
      Set<String> read = kpi.about().reads().getOrDefault(kind, Set.of());
      String changedAt = test.at("/changedAt").path(object.getKey()).asText("2026-01-01T00:00:00Z");
      figures.put(
          named(object.getKey()),
          ((ObjectNode) object.getValue()).deepCopy().retain(read),
          Instant.parse(changedAt));
    }
    for (var table : withIds(test.path("rows")).properties()) {
      for (JsonNode row : table.getValue()) {
        figures.insert(table.getKey(), row);
      }
    }
    return figures;
  }

  private static Double number(JsonNode node) {
    return node.isNull() ? null : node.doubleValue();
  }

  private static Map<String, Double> amounts(JsonNode test) {
    Map<String, Double> amounts = new TreeMap<>();
    for (var object : test.get("behind").properties()) {
      amounts.put(named(object.getKey()), number(object.getValue()));
    }
    return amounts;
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aQueryAnswersWhatItsCasesSayWithAllThatIsBehindItNowAndOnEarlierDays(String id)
      throws Exception {
    Kpi kpi = kpi(id);
    Instant now = Instant.parse(read("kpis/" + id + ".tests.json").get("now").textValue());
    for (JsonNode test : cases(id)) {
      String name = test.get("name").textValue();
      Map<String, Double> amounts = amounts(test);
      long unmeasured = amounts.values().stream().filter(Objects::isNull).count();
      Double value = number(test.get("value"));
      boolean isSumOfNothing = kpi.about().nothing() == null && amounts.isEmpty();
      try (Figures figures = figures(kpi, test)) {
        assertEquals(
            new Figure(isSumOfNothing ? null : value, amounts.size(), unmeasured),
            figures.figure(kpi, now),
            name);
        assertEquals(amounts, figures.behind(kpi, now, null), name);
        for (Double amount : new HashSet<>(amounts.values())) {
          if (amount != null) {
            Map<String, Double> those = new TreeMap<>(amounts);
            those.values().removeIf(other -> !amount.equals(other));
            assertEquals(those, figures.behind(kpi, now, amount), name + ": filtered");
          }
        }
        assertDays(kpi, figures, now, test);
      }
    }
  }

  private static void assertDays(Kpi kpi, Figures figures, Instant now, JsonNode test)
      throws Exception {
    Map<LocalDate, Double> series = figures.days(kpi, now, LocalDate.parse("2026-02-01"));
    assertEquals(30, series.size());
    if (kpi.about().history()) {
      assertEquals(
          figures.figure(kpi, now).value(), series.get(LocalDate.parse("2026-03-02")), "today");
    }
    for (var day : test.path("days").properties()) {
      Double then = series.get(LocalDate.parse(day.getKey()));
      assertEquals(
          number(day.getValue()),
          then == null && kpi.about().nothing() == null ? Double.valueOf(0) : then,
          test.get("name") + ": " + day.getKey());
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aFigureKeepsTheSchemasAndItsCasesShowWithAndWithoutAValueAndWhatWasBefore(String id) {
    assertValid("kpis/kpi.schema.json", "kpis/" + id + ".json");
    assertValid("kpis/tests.schema.json", "kpis/" + id + ".tests.json");
    Kpi kpi = kpi(id);
    assertEquals(id, kpi.id());
    assertEquals(
        kpi.about().nothing() != null,
        cases(id).stream().anyMatch(test -> test.get("value").isNull()),
        "cases without a value");
    assertTrue(
        cases(id).stream().anyMatch(test -> test.get("value").doubleValue() != 0), "no figure");
    assertEquals(
        kpi.about().history(), cases(id).stream().anyMatch(test -> test.has("days")), "days");
    assertEquals(
        kpi.about().measure() == Kpi.Measure.SHARE, kpi.query().contains(" as whole"), "whole");
  }

  private static void assertValid(String schema, String file) {
    assertEquals(
        "[]",
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read(schema))
            .validate(read(file))
            .toString(),
        file);
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aQueryReadsWhatFiguresAreMadeOfAndNothingElse(String id) {
    Kpi kpi = kpi(id);
    String code = kpi.query().replaceAll("--.*", "").replace("epoch from", "");
    Set<String> read = new TreeSet<>();
    Matcher relation =
        Pattern.compile("\\b(?:from|join)\\s+(?:lateral\\s+)?([a-z_.]+|\\()").matcher(code);
    while (relation.find()) {
      read.add(relation.group(1));
    }
    read.remove("(");
    assertEquals(kpi.about().rules(), read.stream().anyMatch(table -> table.endsWith("_turn")));
    assertEquals(!kpi.about().reads().isEmpty(), read.contains("object"));
    read.removeAll(Arrays.asList(Figures.TABLES));
    assertEquals(Set.of(), read);
    assertEquals(-1, code.indexOf(';'));
    assertTrue(code.contains(":now") || !kpi.about().history());
    kpi.about()
        .reads()
        .forEach((kind, members) -> members.forEach(member -> assertTrue(code.contains(member))));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void whatAFigureReadsSomebodyPublishes(String id) {
    for (String kind : kpi(id).about().reads().keySet()) {
      assertTrue(
          Files.exists(CONTRACTS.resolve("events/" + kind + ".snapshot.v1.schema.json")), kind);
    }
  }

  @Test
  void systemAdministratorsReadFiguresOfObjectsWhoseHistoryTheyMayRead() throws IOException {
    for (Kpi kpi : all()) {
      if (kpi.about().level() == Level.OPERATIONAL) {
        assertEquals(false, kpi.about().rules(), kpi.id());
        for (String kind : kpi.about().reads().keySet()) {
          String readers =
              ConfigProvider.getConfig()
                  .getValue("vigie.log.history-readers." + kind, String.class);
          assertTrue(List.of(readers.split(",")).contains("sysadmin"), kpi.id() + ": " + kind);
        }
      }
    }
  }

  @Test
  void aTargetIsSetByARuleOfThePolicy() throws IOException {
    Set<String> rules = new TreeSet<>();
    read("policy/rules.json").get("rules").forEach(rule -> rules.add(rule.textValue()));
    List<Kpi> targeted = all().stream().filter(kpi -> kpi.about().target() != null).toList();
    assertTrue(targeted.size() > 2);
    for (Kpi kpi : targeted) {
      assertTrue(rules.contains(kpi.about().target().rule()), kpi.id());
    }
  }

  @Test
  void everyFigureIsNamedDashboardByDashboardAndHasATitleOfItsOwn() throws IOException {
    List<String> named =
        ConfigProvider.getConfig().getValues("vigie.kpis", String.class).stream()
            .map(String::strip)
            .toList();
    assertEquals(ids().toList(), named.stream().sorted().toList());
    List<Level> levels = named.stream().map(id -> kpi(id).about().level()).toList();
    assertEquals(levels.stream().sorted().toList(), levels);

    List<String> titles = new ArrayList<>();
    for (Kpi kpi : all()) {
      assertNotNull(kpi.about().unit(), kpi.id());
      titles.add(kpi.about().title().en());
      titles.add(kpi.about().title().fr());
    }
    assertEquals(titles.size(), titles.stream().collect(Collectors.toSet()).size());
  }
}
