package io.vigie.deploy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the manifests set is what the services read, and nothing that they need is left out. */
class SettingsTest {
  static Iterable<String> modules() {
    return Settings.MODULES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void eachVariableIsOneThatTheServiceReads(String module) {
    assertEquals(Set.of(), Settings.of(module).unread(Environment.inFiles(module)));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void nothingThatTheServiceNeedsIsLeftOut(String module) {
    Set<String> left = new TreeSet<>(Settings.of(module).needed());
    assertTrue(left.contains("VIGIE_DB_PASSWORD"), "something is needed");
    left.removeAll(Environment.inFiles(module).keySet());

    assertEquals(Set.of(), left);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void noSecretStandsInAFile(String module) {
    Map<String, String> written = new TreeMap<>(Environment.inFiles(module));
    written
        .keySet()
        .removeIf(
            name -> !name.matches(".*(PASSWORD|SECRET|JAAS_CONFIG|LOG_KEY|KEYS_MASTER|TOKEN)"));
    assertTrue(written.containsKey("VIGIE_DB_PASSWORD"), "there are secrets");
    written.values().removeIf(String::isEmpty);

    assertEquals(Map.of(), written);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void whatIsReadHereIsWhatIsRendered(String module) {
    Iterable<JsonNode> rendered = Manifests.rendered("overlays/production");
    for (JsonNode manifest : rendered) {
      if (Manifests.kind(manifest).equals("Deployment")
          && Manifests.name(manifest).equals(module + "-service")) {
        Map<String, String> settings = Environment.of(manifest, rendered);
        settings.replaceAll((name, value) -> value.replace(module + "-db", "service-db"));

        assertEquals(Environment.inFiles(module), settings);
        return;
      }
    }
    throw new AssertionError("no deployment of " + module);
  }

  @Test
  void whatNobodyReadsIsFound() {
    assertEquals(
        Set.of(
            "KAFKA_SASL_MECHANISMS",
            "QUARKUS_DATASOURCE_DB_KIND",
            "QUARKUS_MAILER_HOST",
            "VIGIE_OICD"),
        Settings.of("asset")
            .unread(
                Map.of(
                    "VIGIE_OICD", "https://sso.example.org",
                    "VIGIE_OIDC", "https://sso.example.org",
                    "KAFKA_SASL_MECHANISMS", "SCRAM-SHA-512",
                    "QUARKUS_DATASOURCE_DB_KIND", "h2",
                    "QUARKUS_MAILER_HOST", "mail.example.org")));
  }
}
