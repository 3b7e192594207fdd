package io.vigie.audit.detect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.quarkus.runtime.configuration.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rules of a company's own, beside or in the place of those that come with the service. */
class RulesTest {

  private static final Path SHIPPED =
      Path.of(System.getProperty("vigie.root"), "contracts", "detections");

  private static final String RULE =
      """
      {
        "id": "night-watch",
        "title": { "en": "An asset retired at night", "fr": "Actif retiré la nuit" },
        "explanation": { "en": "Ask who did it.", "fr": "Demandez qui l'a fait." },
        "severity": "low",
        "match": [
          {
            "types": ["asset.retired.v1"],
            "where": [
              {
                "outside": {
                  "zone": "Europe/Lisbon",
                  "days": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"],
                  "from": "09:00",
                  "to": "18:00",
                  "holidays": ["06-10"]
                }
              }
            ],
            "group": "/subject"
          }
        ],
        "quiet": "PT1H"
      }
      """;

  @TempDir Path directory;

  private Rules rules() {
    return new Rules(List.of("mass-export"), Optional.of(directory));
  }

  private static List<String> ids(Rules rules) {
    return rules.all().stream().map(Rule::id).toList();
  }

  @Test
  void withoutADirectoryThoseThatAreNamedAreInForceAndNoOther() {
    assertEquals(List.of("mass-export"), ids(new Rules(List.of("mass-export"), Optional.empty())));
  }

  @Test
  void aRuleOfOnesOwnIsInForceBesideThoseThatAreNamed() throws IOException {
    // Given
    Files.writeString(directory.resolve("night-watch.json"), RULE);
    Files.writeString(directory.resolve("README.md"), "Ours");

    // When
    Rules rules = rules();

    // Then
    assertEquals(List.of("mass-export", "night-watch"), ids(rules));
    assertTrue(rules.typesRead().contains("asset.retired.v1"));
  }

  @Test
  void aChangedCopyTakesThePlaceOfARuleThatIsNotNamedAnyMore() throws IOException {
    String copy =
        Files.readString(SHIPPED.resolve("privileged-right-out-of-hours.json"))
            .replace("Europe/Paris", "Europe/Brussels");
    Files.writeString(directory.resolve("privileged-right-out-of-hours.json"), copy);

    Rule rule = rules().all().get(1);

    assertEquals("privileged-right-out-of-hours", rule.id());
    assertEquals("Europe/Brussels", rule.match().get(0).where().get(1).outside().zone().getId());
  }

  static Stream<Arguments> noRules() {
    return Stream.of(
        Arguments.of("night-watch", "no JSON", "Unrecognized token"),
        Arguments.of("night-watch", "[]", "object"),
        Arguments.of("night-watch", RULE.replace("\"quiet\"", "\"queit\""), "quiet"),
        Arguments.of("night-watch", RULE.replace("retired", "retierd"), "asset.retierd.v1"),
        Arguments.of("night-watch", RULE.replace("asset.retired.v1", "log.silense"), "log.silense"),
        Arguments.of("night-watch", RULE.replace("Lisbon", "Lissabon"), "Europe/Lissabon"),
        Arguments.of("night-watch", RULE.replace("PT1H", "P8D"), "looks back over more than"),
        Arguments.of("day-watch", RULE, "unlike the file's name"),
        Arguments.of("mass-export", RULE.replace("night-watch", "mass-export"), "another id"));
  }

  @ParameterizedTest
  @MethodSource("noRules")
  void whatIsNoRuleStopsTheStartAndIsNamed(String name, String content, String why)
      throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".json"), content);

    String refusal = assertThrows(ConfigurationException.class, this::rules).getMessage();

    assertTrue(refusal.startsWith("vigie.detections-dir: " + file + ": "), refusal);
    assertTrue(refusal.contains(why), refusal);
  }

  @Test
  void aDirectoryWithoutARuleStopsTheStart() throws IOException {
    assertTrue(
        assertThrows(ConfigurationException.class, this::rules)
            .getMessage()
            .contains(directory + " holds no rule"));

    Files.delete(directory);
    assertTrue(
        assertThrows(ConfigurationException.class, this::rules)
            .getMessage()
            .contains("cannot be read"));
  }
}
