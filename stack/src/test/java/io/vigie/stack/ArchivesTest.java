package io.vigie.stack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ArchivesTest {
  @TempDir Path directory;

  @Test
  void aPackedFolderHoldsEveryFileBelowIt() throws IOException {
    // Given
    Path folder = Files.createDirectories(directory.resolve("docs/" + "deep/".repeat(30)));
    Files.writeString(folder.resolve("last.md"), "é");
    Files.writeString(directory.resolve("docs/first.md"), "one");
    Files.createDirectory(directory.resolve("docs/empty"));

    // When
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    int files = Archives.tarGz(directory.resolve("docs"), packed);

    // Then
    assertEquals(2, files);
    assertEquals(
        Map.of("docs/first.md", "one", "docs/" + "deep/".repeat(30) + "last.md", "é"),
        unpack(packed.toByteArray()));
  }

  @Test
  void whatAnEarlierAttemptLeftHalfDoneIsThrownAway() throws Exception {
    // Given
    Path half = Files.createDirectory(directory.resolve("tool.half"));
    Files.writeString(half.resolve("torn"), "");
    Path target = directory.resolve("tool");

    // When
    Archives.once(target, fresh -> Files.writeString(fresh.resolve("whole"), ""));

    // Then
    assertTrue(Files.exists(target.resolve("whole")));
    assertFalse(Files.exists(target.resolve("torn")));
    assertFalse(Files.exists(half));
  }

  @Test
  void aFailedAttemptLeavesNothingAndTheNextOneIsWhole() throws Exception {
    Path target = directory.resolve("tool");

    assertThrows(
        IOException.class,
        () ->
            Archives.once(
                target,
                fresh -> {
                  Files.writeString(fresh.resolve("torn"), "");
                  throw new IOException("no space left");
                }));
    assertFalse(Files.exists(target));
    assertFalse(Files.exists(directory.resolve("tool.half")));

    Archives.once(target, fresh -> Files.writeString(fresh.resolve("whole"), ""));
    assertTrue(Files.exists(target.resolve("whole")));
  }

  @Test
  void aLinkedFolderKeepsWhatItHoldsWhenABuildReplacesTheOriginal() throws IOException {
    // Given
    Path built = Files.createDirectories(directory.resolve("built/lib"));
    Files.writeString(built.resolve("a.jar"), "old");
    Path copy = directory.resolve("run/copy");
    Archives.link(directory.resolve("built"), copy);

    // When
    Archives.delete(directory.resolve("built"));
    Files.createDirectories(built);
    Files.writeString(built.resolve("a.jar"), "new");
    assertEquals("old", Files.readString(copy.resolve("lib/a.jar")));

    // Then the next one takes all of it
    Files.writeString(copy.resolve("lib/gone.jar"), "");
    Archives.link(directory.resolve("built"), copy);
    assertEquals("new", Files.readString(copy.resolve("lib/a.jar")));
    assertFalse(Files.exists(copy.resolve("lib/gone.jar")));
  }

  private static Map<String, String> unpack(byte[] packed) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (var tar =
        new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(packed)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
