package io.vigie.console.page;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever a service refuses, who reads French is told so in French. */
class ProblemWordsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Path KERNEL = Path.of("../kernel/src/main/java/io/vigie/kernel");
  private static final Path MAKES_THEM = KERNEL.resolve("Problem.java");
  private static final Path ANSWERS_THEM = KERNEL.resolve("web/Problems.java");

  private static final String CODE = "\"([a-z]+(?:-[a-z]+)*)\"";

  /** What the kernel answers itself, as {@code 404, "not-found"}. */
  private static final Pattern GENERAL = Pattern.compile("\\b(?:\\d{3}|status),\\s*" + CODE + ",");

  private static final Pattern REFUSAL =
      Pattern.compile("\\b(?:conflict|unprocessable)\\(([^,;{]+?),");

  private static final Pattern LITERAL = Pattern.compile(CODE);

  /** As {@code "right-not-" + expected.name().toLowerCase(Locale.ROOT)}. */
  private static final Pattern OF_STATE =
      Pattern.compile("\"([a-z-]+-)\" *\\+ *(\\w+)\\.name\\(\\).*");

  /** As {@code "unknown-" + role}, or {@code code} alone. */
  private static final Pattern OF_PARAMETER =
      Pattern.compile("(?:\"([a-z-]+-)\" *\\+ *)?([a-z]\\w*)");

  @Test
  void eachCodeOfARefusalHasASentenceInFrenchAndNoOtherHas() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (Path file : List.of(MAKES_THEM, ANSWERS_THEM)) {
      all(GENERAL, source(file)).forEach(codes::add);
    }
    assertTrue(codes.size() > 10, codes::toString);
    for (String module : List.of("kernel", "asset", "access", "incident", "backup", "audit")) {
      String folder = module.equals("kernel") ? module : module + "-service";
      try (Stream<Path> files = Files.walk(Path.of("..", folder, "src", "main", "java"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          if (!file.equals(MAKES_THEM)) {
            codes.addAll(codes(file));
          }
        }
      }
    }
    assertTrue(codes.size() > 300, codes::toString);

    assertEquals(codes, words("problems_fr").stringPropertyNames());
    assertEquals(Set.of(), words("problems").stringPropertyNames());
  }

  @Test
  void eachSentenceIsWhole() throws IOException {
    words("problems_fr")
        .forEach(
            (code, sentence) ->
                assertTrue(
                    sentence.toString().matches("(?s)\\p{Lu}.*[^ ]\\."), code + "=" + sentence));
  }

  @Test
  void whatIsNoProblemSaysNothing() throws IOException {
    for (String body :
        List.of("{}", "[]", "3", "{\"type\": 3, \"errors\": {}, \"detail\": \" \"}")) {
      assertEquals(ServiceProblem.NONE, ServiceProblem.of(JSON.readTree(body)), body);
    }
  }

  /** Those of a source, however it makes them; fails for a way that is not known here. */
  private static Set<String> codes(Path file) {
    String source = source(file);
    Set<String> codes = new TreeSet<>();
    all(REFUSAL, source)
        .forEach(
            code -> {
              Matcher literal = LITERAL.matcher(code);
              Matcher ofState = OF_STATE.matcher(code);
              Matcher ofParameter = OF_PARAMETER.matcher(code);
              if (literal.matches()) {
                codes.add(literal.group(1));
              } else if (ofState.matches()) {
                states(ofState.group(2), file)
                    .map(state -> state.toLowerCase(Locale.ROOT).replace('_', '-'))
                    .forEach(state -> codes.add(ofState.group(1) + state));
              } else {
                assertTrue(ofParameter.matches(), code);
                String prefix = ofParameter.group(1) == null ? "" : ofParameter.group(1);
                Set<String> given = given(ofParameter.group(2), source);
                assertTrue(given.size() > 0, code);
                given.forEach(each -> codes.add(prefix + each));
              }
            });
    return codes;
  }

  /** The states that are asked for, or all that an object can be in. */
  private static Stream<String> states(String variable, Path file) {
    String source = source(file);
    String type = all(Pattern.compile("(\\w+State) " + variable + "\\b"), source).findFirst().get();
    List<String> states =
        variable.equals("state")
            ? all(
                    Pattern.compile("(?m)^  ([A-Z_]+)\\b(?! )"),
                    source(file.resolveSibling(type + ".java")))
                .toList()
            : all(Pattern.compile("\\brequire\\w*\\(([^;]*);"), source)
                .flatMap(asked -> all(Pattern.compile(type + "\\.([A-Z_]+)"), asked))
                .toList();
    assertTrue(states.size() > 1, type);
    return states.stream();
  }

  /** What is passed to the method that has this parameter: the first name of this form. */
  private static Set<String> given(String parameter, String source) {
    return all(Pattern.compile("(\\w+)\\([^()]*String " + parameter + "\\b[^()]*\\) \\{"), source)
        .flatMap(
            method ->
                all(
                    Pattern.compile(
                        "\\b" + method + "\\((?:[^;{\"]|\"[^\"]*[^a-z\"-][^\"]*\")*?" + CODE),
                    source))
        .collect(Collectors.toSet());
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1).strip());
  }

  /** Without comments. */
  private static String source(Path file) {
    try {
      return Files.readString(file).replaceAll("(?m)^ *(?:/\\*|\\*|//).*$", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties words(String name) throws IOException {
    Properties words = new Properties();
    try (Reader file =
        Files.newBufferedReader(
            Path.of("src", "main", "resources", "words", name + ".properties"))) {
      words.load(file);
    }
    return words;
  }
}
