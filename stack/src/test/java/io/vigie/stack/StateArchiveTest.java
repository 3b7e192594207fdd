package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StateArchiveTest {
  @TempDir Path directory;

  @Test
  void whatIsPackedComesBackUnderItsPathForItsOwnerAlone() throws IOException {
    // Given
    Path state = Files.createDirectory(directory.resolve("state"));
    Files.createDirectories(state.resolve("data/server/empty"));
    byte[] large = new byte[200_001];
    large[200_000] = 7;
    Files.write(state.resolve("data/server/large"), large);
    Files.writeString(state.resolve("secret"), "é");
    Path file = directory.resolve("some.tar");

    // When
    try (StateArchive archive = new StateArchive(state, file)) {
      archive.add(state.resolve("data"));
      archive.add(state.resolve("secret"));
      archive.add(state.resolve("data/server/label"), "a text");
      archive.add(state.resolve("never was"));
    }
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    Archives.untar(file, unpacked);
    OwnerOnly.make(unpacked);

    // Then
    assertArrayEquals(large, Files.readAllBytes(unpacked.resolve("data/server/large")));
    assertEquals("é", Files.readString(unpacked.resolve("secret")));
    assertEquals("a text", Files.readString(unpacked.resolve("data/server/label")));
    assertTrue(Files.isDirectory(unpacked.resolve("data/server/empty")));
    assertEquals("rw-------", permissions(file));
    assertEquals("rw-------", permissions(unpacked.resolve("secret")));
    assertEquals("rwx------", permissions(unpacked.resolve("data/server/empty")));
  }

  @Test
  void ofAFolderThatIsLeftOutTheNameIsPacked() throws IOException {
    Path wal = Files.createDirectories(directory.resolve("state/data/wal"));
    Files.writeString(wal.resolve("segment"), "");
    Files.writeString(wal.resolveSibling("pid"), "");
    Files.writeString(wal.resolveSibling("kept"), "");

    Path unpacked =
        packed(path -> path.endsWith("wal") || path.endsWith("pid"), directory.resolve("state"));

    assertTrue(Files.isDirectory(unpacked.resolve("data/wal")));
    assertFalse(Files.exists(unpacked.resolve("data/wal/segment")));
    assertFalse(Files.exists(unpacked.resolve("data/pid")));
    assertTrue(Files.exists(unpacked.resolve("data/kept")));
  }

  @Test
  void aFileThatGoesAwayWhileItsFolderIsPackedIsLeftOut() throws IOException {
    Path data = Files.createDirectories(directory.resolve("state/data"));
    Files.writeString(data.resolve("going"), "");
    Files.writeString(data.resolve("kept"), "");

    Path unpacked =
        packed(
            path -> {
              if (path.endsWith("going")) {
                assertTrue(path.toFile().delete());
              }
              return false;
            },
            directory.resolve("state"));

    assertFalse(Files.exists(unpacked.resolve("data/going")));
    assertTrue(Files.exists(unpacked.resolve("data/kept")));
  }

  private Path packed(Predicate<Path> isLeftOut, Path state) throws IOException {
    Path file = directory.resolve("some.tar");
    try (StateArchive archive = new StateArchive(state, file)) {
      archive.add(state.resolve("data"), isLeftOut);
    }
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    Archives.untar(file, unpacked);
    return unpacked;
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
