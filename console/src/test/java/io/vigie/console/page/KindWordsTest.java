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

/**
 * Whoever reads a page finds no name of a kind of object, of an event or of a role that is for
 * machines alone.
 */
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

  @Test
  void whatEachEventSaysHasWordsInBothLanguagesAndNothingElseHas() throws IOException {
    Set<String> events = new TreeSet<>();
    for (Path file : events(".schema.json")) {
      events.add(file.getFileName().toString().replaceFirst("\\.v[0-9]+\\.schema\\.json$", ""));
    }
    assertTrue(events.size() > 400, events::toString);

    assertEquals(events, words("events").stringPropertyNames());
    assertEquals(events, words("events_fr").stringPropertyNames());
  }

  @Test
  void eachMemberOfAStateThatAnEventChangesHasWordsInBothLanguages() throws IOException {
    Set<String> members = new TreeSet<>();
    for (Path file : events(".example.json")) {
      new ObjectMapper()
          .readTree(file.toFile())
          .path("changes")
          .fieldNames()
          .forEachRemaining(name -> members.add("field." + name));
    }
    assertTrue(members.size() > 200, members::toString);

    for (String name : List.of("registers", "registers_fr")) {
      Set<String> missing = new TreeSet<>(members);
      missing.removeAll(words(name).stringPropertyNames());
      assertEquals(Set.of(), missing, name);
    }
  }

  /** What the contracts have of events, each in a file of its own. */
  private static List<Path> events(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("events"))) {
      return files.filter(each -> each.toString().endsWith(suffix)).toList();
    }
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
