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
