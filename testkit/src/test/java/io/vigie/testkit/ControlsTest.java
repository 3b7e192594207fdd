package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The catalogue of controls, and what it is held against: Annex A by its numbers, the policy and
 * the texts of the frameworks, kept beside the checkout; a checkout without them skips these.
 */
class ControlsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final Path CONTRACTS = ROOT.resolve("contracts");

  /** How many equal words in a row are somebody else's sentence. */
  private static final int RUN = 6;

  /** The themes of Annex A, each with how many controls it has. */
  private static final int[][] ANNEX_A = {{5, 37}, {6, 8}, {7, 14}, {8, 34}};

  /** A row of the policy's table: the rule, what it says in short, and its owners' letters. */
  private static final Pattern ROW =
      Pattern.compile("^\\| (R[0-9.]+) \\|([^|]+)\\| ([A-Z, ]+) \\|", Pattern.MULTILINE);

  private static final Map<String, String> OWNERS =
      Map.of(
          "A", "asset",
          "X", "access",
          "I", "incident",
          "B", "backup",
          "L", "audit",
          "D", "platform");

  private static JsonNode read(String file) {
    try {
      return JSON.readTree(CONTRACTS.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static Path shared(String path) {
    Path shared = ROOT.resolve("../shared").resolve(path).normalize();
    assumeTrue(Files.exists(shared), "it is not beside this checkout: " + shared);
    return shared;
  }

  static List<String> rules() {
    return texts(read("policy/rules.json").get("rules"));
  }

  private static JsonNode control(String rule) {
    return read("controls/" + rule + ".json");
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::textValue).toList();
  }

  private static JsonSchema schema(String file) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(read(file));
  }

  /** Names of files in a folder that end so, without that ending. */
  private static Set<String> names(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static List<MatchResult> policy() throws IOException {
    List<MatchResult> rows =
        ROW.matcher(Files.readString(shared("policy/requirements.md"))).results().toList();
    assertNotEquals(List.of(), rows);
    return rows;
  }

  @Test
  void everyRuleHasAControlAndEveryControlARule() throws IOException {
    Set<String> files = names(CONTRACTS.resolve("controls"), ".json");
    files.removeIf(name -> !name.matches("R[0-9.]+"));

    assertEquals(new TreeSet<>(rules()), files);
  }

  @Test
  void theRulesAreThoseOfThePolicyWithItsOwners() throws IOException {
    List<MatchResult> policy = policy();

    assertEquals(policy.stream().map(row -> row.group(1)).toList(), rules());
    for (MatchResult row : policy) {
      List<String> asked = Stream.of(row.group(3).split(", ")).map(OWNERS::get).toList();
      List<String> owners = texts(control(row.group(1)).get("owners"));
      assertEquals(List.of(), others(asked, owners), row.group(1));
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aControlKeepsTheSchemaAndIsNamedAfterItsRule(String rule) {
    JsonNode control = control(rule);

    assertEquals("[]", schema("controls.schema.json").validate(control).toString());
    assertEquals(rule, control.get("id").textValue());
    assertEquals(rule.substring(1, rule.indexOf('.')), control.get("section").asText());
  }

  @Test
  void eachSectionThatARuleIsInHasATitleOnce() {
    List<Integer> titled = new ArrayList<>();
    read("policy/rules.json")
        .get("sections")
        .forEach(section -> titled.add(section.get("number").intValue()));

    assertEquals(
        rules().stream().map(rule -> control(rule).get("section").intValue()).distinct().toList(),
        titled);
  }

  @Test
  void whatProvesAControlIsAnEventType() throws IOException {
    Set<String> types = names(CONTRACTS.resolve("events"), ".schema.json");

    for (String rule : rules()) {
      assertEquals(List.of(), others(texts(control(rule).get("provenBy")), types), rule);
    }
  }

  @Test
  void whatTheBuildProvesIsProvenByTestsThatExist() throws IOException {
    Set<String> classes = new HashSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path tests : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests)) {
          classes.addAll(classes(tests));
        }
      }
    }

    for (String rule : rules()) {
      assertEquals(List.of(), others(texts(control(rule).path("tests")), classes), rule);
    }
  }

  private static List<String> classes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString())
          .filter(file -> file.endsWith("Test.java"))
          .map(file -> file.replace(".java", "").replace('/', '.').replace('\\', '.'))
          .toList();
    }
  }

  private static List<String> others(List<String> named, Collection<String> existing) {
    return named.stream().filter(each -> !existing.contains(each)).toList();
  }

  @Test
  void whatAControlServesOfAnnexAIsInItAndInItsOrder() {
    assertServed(annexA(), "iso27001");
  }

  @Test
  void whatAControlServesOfAnssisGuideIsInItAndInItsOrder() throws IOException {
    assertServed(anssi(), "anssi");
  }

  private static void assertServed(List<String> framework, String name) {
    for (String rule : rules()) {
      List<String> mapped = texts(control(rule).at("/mappings/" + name));
      assertEquals(framework.stream().filter(mapped::contains).toList(), mapped, rule);
    }
  }

  private static List<String> annexA() {
    return Stream.of(ANNEX_A)
        .flatMap(
            theme ->
                IntStream.rangeClosed(1, theme[1])
                    .mapToObj(number -> "A." + theme[0] + "." + number))
        .toList();
  }

  @Test
  void theNumbersOfAnnexAAreThoseOfTheStandard() throws IOException {
    assertEquals(
        Files.readAllLines(shared("data/frameworks/iso27001-2022-annex-a-ids.txt")), annexA());
  }

  /** Its measures, without the titles of its chapters. */
  private static List<String> anssi() throws IOException {
    return Files.readAllLines(shared("data/frameworks/anssi-hygiene.csv")).stream()
        .filter(line -> line.contains(",True,"))
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }

  @Test
  void eachControlOfAnnexAIsServedByARuleOrSaidNotToBeWithAReason() {
    List<String> notServed = new ArrayList<>(annexA());
    for (String rule : rules()) {
      notServed.removeAll(texts(control(rule).at("/mappings/iso27001")));
    }
    JsonNode table = read("controls/not-covered.json");

    assertEquals("[]", schema("not-covered.schema.json").validate(table).toString());
    assertEquals(notServed, table.get("controls").findValuesAsText("id"));
    for (JsonNode control : table.get("controls")) {
      for (String member : List.of("title", "justification")) {
        assertNotEquals(control.get(member).get("fr"), control.get(member).get("en"));
      }
    }
  }

  @Test
  void noTwoControlsHaveTheSameTitleAndFrenchIsNotEnglish() {
    Set<String> titles = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (String rule : rules()) {
      JsonNode control = control(rule);
      for (String member : List.of("title", "asks")) {
        JsonNode text = control.get(member);
        if (text.get("fr").equals(text.get("en"))
            || !titles.add(text.get("fr").textValue())
            || !titles.add(text.get("en").textValue())) {
          wrong.add(rule + " " + member);
        }
      }
    }

    assertEquals(List.of(), wrong);
  }

  @Test
  void noSentenceIsThePolicysOwn() throws IOException {
    Set<String> theirs = new HashSet<>();
    policy().forEach(row -> theirs.addAll(runs(row.group(2))));
    try (Stream<Path> texts = Files.list(shared("policy"))) {
      for (Path text : texts.filter(file -> file.toString().endsWith(".txt")).toList()) {
        theirs.addAll(runs(Files.readString(text)));
      }
    }

    for (String rule : rules()) {
      List<String> copied = new ArrayList<>();
      for (String member : List.of("title", "asks")) {
        control(rule).get(member).forEach(text -> copied.addAll(runs(text.textValue())));
      }
      copied.retainAll(theirs);
      assertEquals(List.of(), copied, rule);
    }
  }

  private static List<String> runs(String text) {
    List<String> words =
        Stream.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
            .filter(word -> !word.isEmpty())
            .toList();
    return IntStream.rangeClosed(0, words.size() - RUN)
        .mapToObj(first -> String.join(" ", words.subList(first, first + RUN)))
        .toList();
  }
}
