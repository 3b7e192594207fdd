package io.vigie.console.page;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whoever reads a page finds no name of a kind of object, or of a role, that is for machines. */
class KindWordsTest {

  private static final Path CONTRACTS = Path.of("..", "contracts");
  private static final Path READERS =
      Path.of("..", "audit-service", "src", "main", "resources", "application.properties");

  private static final Pattern READER =
      Pattern.compile("(?m)^vigie\\.log\\.history-readers\\.([a-z-]+)=");
  private static final Pattern BEHIND = Pattern.compile("'([a-z-]+)' as kind");

  @Test
  void eachKindThatRulesOrFiguresOrTheLogTellOfHasWordsInBothLanguages() throws IOException {
    Set<String> kinds = new TreeSet<>();
    for (String folder : List.of("controls", "kpis")) {
      try (Stream<Path> files = Files.list(CONTRACTS.resolve(folder))) {
        for (Path file : files.toList()) {
          if (file.toString().endsWith(".json")) {
            new ObjectMapper()
                .readTree(file.toFile())
                .path("reads")
                .fieldNames()
                .forEachRemaining(kinds::add);
          } else {
            kinds.addAll(found(BEHIND, file));
          }
        }
      }
    }
    kinds.addAll(found(READER, READERS));
    assertTrue(kinds.size() > 60, kinds::toString);

    Properties english = words("kinds");
    Properties french = words("kinds_fr");
    assertEquals(english.keySet(), french.keySet());
    kinds.removeAll(english.stringPropertyNames());
    assertEquals(Set.of(), kinds);
  }

  @Test
  void eachRoleThatIsInChargeOfWhatFailsHasWordsInBothLanguages() throws IOException {
    Set<String> roles = new TreeSet<>();
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("controls"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        String role = new ObjectMapper().readTree(file.toFile()).path("inCharge").textValue();
        if (role != null) {
          roles.add(role);
        }
      }
    }
    assertTrue(roles.size() > 4, roles::toString);

    Properties english = words("roles");
    assertEquals(english.keySet(), words("roles_fr").keySet());
    roles.removeAll(english.stringPropertyNames());
    assertEquals(Set.of(), roles);
  }

  private static List<String> found(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
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
