package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Every object that the contracts of events know is reconciled, or it is said why not. */
class KindTest {

  private static final String SCHEMA = ".schema.json";
  private static final String SNAPSHOT = ".snapshot.v1" + SCHEMA;

  /** What events are about that has no row of its own with a state that they tell. */
  private static final Map<String, String> NO_OBJECTS =
      Map.ofEntries(
          entry("account", "Keycloak's: a read model is held against its tables"),
          entry("session", "Keycloak's, told as it happens"),
          entry("sign-in", "Keycloak's, told as it happens"),
          entry("asset-rights", "what access-service says of an asset: a read model"),
          entry("asset-backups", "what backup-service says of an asset: a read model"),
          entry("passage", "what doors told: a read model is held against those of misused badges"),
          entry("operator", "what an operator did by hand: nobody does here"),
          entry("person-data", "that somebody's data was read, which changes nothing"),
          entry("security", "a refusal, which changes nothing"),
          entry("audit", "what the log says of itself, which the verifier checks"),
          entry("heartbeat", "a service's count, which is checked and not logged"));

  private static Set<String> subjects(String end) throws IOException {
    Path events = Path.of(System.getProperty("vigie.root"), "contracts", "events");
    try (Stream<Path> files = Files.list(events)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(end))
          .map(name -> name.substring(0, name.indexOf('.')))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> kinds() {
    return Kind.ALL.stream().map(Kind::name).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whateverEventsAreAboutIsAKindOrItIsSaidWhyNot() throws IOException {
    Set<String> others = subjects(SCHEMA);
    others.removeAll(kinds());

    assertEquals(new TreeSet<>(NO_OBJECTS.keySet()), others);
  }

  @Test
  void theKindsAreThoseWhoseStateIsPublishedAnewOnDemand() throws IOException {
    assertEquals(subjects(SNAPSHOT), kinds());
  }
}
