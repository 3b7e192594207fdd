package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class SecretsTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void inADirectoryThatDoesNotExistYet() {
    file = directory.resolve("state/secrets.properties");
  }

  @Test
  void aPasswordIsMadeOnceAndSurvivesARestart() throws IOException {
    String made = new Secrets(file).of("asset");

    assertEquals(48, made.length());
    assertEquals(made, new Secrets(file).of("asset"));
  }

  @Test
  void everyNameHasItsOwnPassword() throws IOException {
    Secrets secrets = new Secrets(file);
    assertNotEquals(secrets.of("asset"), secrets.of("asset_owner"));
  }

  @Test
  void theClientOfEachProgramHasASecretOfItsOwnAndNoneStandsInTheRepository() throws IOException {
    // Given the clients that have secrets
    Map<String, String> names = new HashMap<>(Keycloak.PROGRAMS);
    names.put(RealmUpdate.CLIENT, Keycloak.DIRECTORY_CLIENT);
    names.put(RealmUpdate.CONSOLE, Keycloak.CONSOLE_CLIENT);
    Path realm =
        Path.of(System.getProperty("vigie.root")).resolve("deploy/keycloak/vigie-realm.json");
    Set<String> clients = new HashSet<>();
    for (JsonNode client : Http.JSON.readTree(realm.toFile()).path("clients")) {
      if (!client.path("publicClient").asBoolean() && !client.path("bearerOnly").asBoolean()) {
        clients.add(client.path("clientId").asText());
        assertFalse(client.has("secret"), client::toString);
      }
    }
    assertEquals(clients, names.keySet());

    // Then no two share one
    Secrets secrets = new Secrets(file);
    Set<String> values = new HashSet<>();
    names.values().forEach(name -> values.add(secrets.of(name)));
    assertEquals(clients.size(), values.size());
  }

  @Test
  void onlyTheOwnerReadsTheFile() throws IOException {
    new Secrets(file).of("asset");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }
}
