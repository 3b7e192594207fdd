package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Keeps {@code docs/security.md} true: what it names exists, a threat has a test or is a gap, and
 * each requirement of ASVS of levels 1 and 2 stands there once. Their texts are kept beside the
 * checkout; one without them skips what needs them.
 */
class SecurityDocumentTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));

  private static final Pattern NAMED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w*Test)(?:\\.(\\w+))?");
  private static final Pattern TYPE = Pattern.compile("[A-Z]\\w*[a-z]\\w*(?<!Test)");
  private static final Pattern KEY = Pattern.compile("(?:vigie|quarkus|kafka|mp)\\.[a-z].*");
  private static final Pattern FILE = Pattern.compile("[\\w.-]+(?:/[\\w.-]+)+");

  private static final Pattern THREAT =
      Pattern.compile("^\\| ([STRIDE]\\d+) \\|(.+)\\|$", Pattern.MULTILINE);
  private static final Pattern GAP = Pattern.compile("^- ([STRIDE]\\d+):", Pattern.MULTILINE);
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "^\\| (V\\d+\\.\\d+\\.\\d+) \\| ([12]) \\| (met|not met|not applicable) \\| (.+) \\|$",
          Pattern.MULTILINE);

  /** How many equal words in a row are somebody else's sentence. */
  private static final int RUN = 6;

  private static String text() throws IOException {
    return Files.readString(ROOT.resolve("docs/security.md"));
  }

  private static List<MatchResult> rows(Pattern pattern) throws IOException {
    List<MatchResult> rows = pattern.matcher(text()).results().toList();
    assertNotEquals(List.of(), rows);
    return rows;
  }

  /** What stands in it as code, but for pictures. */
  private static Set<String> named(Pattern form) throws IOException {
    String words = text().replaceAll("(?s)```.*?```", "");
    Set<String> named =
        NAMED
            .matcher(words)
            .results()
            .map(code -> code.group(1))
            .filter(form.asMatchPredicate())
            .collect(Collectors.toCollection(TreeSet::new));
    assertNotEquals(Set.of(), named);
    return named;
  }

  /** The sources below {@code src/main} or {@code src/test} of all modules, by file name. */
  private static Map<String, List<String>> sources(String part, String ending) throws IOException {
    Map<String, List<String>> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path folder : modules.map(module -> module.resolve("src").resolve(part)).toList()) {
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files
                .filter(file -> file.toString().endsWith(ending))
                .forEach(
                    file ->
                        sources
                            .computeIfAbsent(
                                file.getFileName().toString().replace(ending, ""),
                                name -> new ArrayList<>())
                            .add(read(file)));
          }
        }
      }
    }
    return sources;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> without(Set<String> named, Predicate<String> exists) {
    return named.stream().filter(exists.negate()).toList();
  }

  @Test
  void everyTestThatItNamesExists() throws IOException {
    Map<String, List<String>> tests = sources("test", ".java");

    assertEquals(
        List.of(),
        without(
            named(TEST),
            test -> {
              Matcher name = TEST.matcher(test);
              name.matches();
              String method = name.group(2) == null ? "" : " void " + name.group(2) + "(";
              return tests.getOrDefault(name.group(1), List.of()).stream()
                  .anyMatch(source -> source.contains(method));
            }));
  }

  @Test
  void everyClassAndFileThatItNamesExists() throws IOException {
    Set<String> classes = sources("main", ".java").keySet();

    assertEquals(List.of(), without(named(TYPE), classes::contains));
    assertEquals(List.of(), without(named(FILE), file -> Files.exists(ROOT.resolve(file))));
  }

  @Test
  void everyConfigurationKeyThatItNamesIsSetOrRead() throws IOException {
    Set<String> set = new HashSet<>();
    sources("main", ".properties").values().stream()
        .flatMap(List::stream)
        .flatMap(String::lines)
        .filter(line -> line.contains("="))
        .forEach(line -> set.add(line.substring(0, line.indexOf('='))));
    List<String> code = sources("main", ".java").values().stream().flatMap(List::stream).toList();

    assertEquals(
        List.of(),
        without(
            named(KEY),
            key -> set.contains(key) || code.stream().anyMatch(source -> reads(source, key))));
  }

  /** By its whole name, or as a method of a mapping of what stands before the last dot. */
  private static boolean reads(String source, String key) {
    int dot = key.lastIndexOf('.');
    String[] words = key.substring(dot + 1).split("-");
    String method =
        words[0]
            + Arrays.stream(words)
                .skip(1)
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    return source.contains("\"" + key + "\"")
        || source.contains("@ConfigMapping(prefix = \"" + key.substring(0, dot) + "\")")
            && source.contains(" " + method + "();");
  }

  @Test
  void eachThreatHasATestOrIsAGap() throws IOException {
    Set<String> untested = new TreeSet<>();
    Set<String> letters = new TreeSet<>();
    Set<String> ids = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (MatchResult threat : rows(THREAT)) {
      boolean isTested =
          NAMED
              .matcher(threat.group(2))
              .results()
              .anyMatch(code -> TEST.matcher(code.group(1)).matches());
      boolean hasGap = threat.group(2).contains("no test");
      letters.add(threat.group(1).substring(0, 1));
      if (hasGap) {
        untested.add(threat.group(1));
      }
      if (!ids.add(threat.group(1)) || !isTested && !hasGap) {
        wrong.add(threat.group());
      }
    }

    assertEquals(List.of(), wrong);
    assertEquals(Set.of("S", "T", "R", "I", "D", "E"), letters);
    assertEquals(
        untested,
        rows(GAP).stream().map(gap -> gap.group(1)).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void whatIsMetSaysWhere() throws IOException {
    assertEquals(
        List.of(),
        rows(REQUIREMENT).stream()
            .filter(row -> row.group(3).equals("met") && !NAMED.matcher(row.group(4)).find())
            .map(MatchResult::group)
            .toList());
  }

  @Test
  void eachRequirementOfTheFirstTwoLevelsStandsThereOnce() throws IOException {
    List<String> asked =
        requirements().stream()
            .filter(each -> each.get("L").textValue().matches("[12]"))
            .map(each -> each.get("req_id").textValue() + " of level " + each.get("L").textValue())
            .sorted()
            .toList();

    assertNotEquals(List.of(), asked);
    assertEquals(
        asked,
        rows(REQUIREMENT).stream()
            .map(row -> row.group(1) + " of level " + row.group(2))
            .sorted()
            .toList());
  }

  @Test
  void noSentenceIsTheStandardsOwn() throws IOException {
    Set<List<String>> theirs = new HashSet<>();
    requirements().forEach(each -> theirs.addAll(runs(each.get("req_description").textValue())));

    assertEquals(List.of(), runs(text()).stream().filter(theirs::contains).toList());
  }

  private static List<List<String>> runs(String text) {
    List<String> words =
        Stream.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
            .filter(word -> !word.isEmpty())
            .toList();
    return IntStream.rangeClosed(0, words.size() - RUN)
        .mapToObj(from -> words.subList(from, from + RUN))
        .toList();
  }

  private static List<JsonNode> requirements() throws IOException {
    Path file = ROOT.resolve("../shared/data/asvs/asvs-5.0.0.flat.json").normalize();
    assumeTrue(Files.exists(file), "it is not beside this checkout: " + file);
    List<JsonNode> requirements = new ArrayList<>();
    new ObjectMapper().readTree(file.toFile()).get("requirements").forEach(requirements::add);
    return requirements;
  }
}
