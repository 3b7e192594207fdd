package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogKeyTest {
  @TempDir Path directory;

  @Test
  void aKeyIsMadeOnceAndOnlyItsOwnerReadsIt() throws IOException {
    Path file = directory.resolve("log/key");
    LogKey.ensure(file);
    String made = Files.readString(file);
    LogKey.ensure(file);

    assertEquals(made, Files.readString(file));
    assertTrue(
        made.matches("PRIVATE\\+KEY\\+vigie\\.local/log\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{44}\n"),
        "the form that the log reads");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }
}
