package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
  void onlyTheOwnerReadsTheFile() throws IOException {
    new Secrets(file).of("asset");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }
}
