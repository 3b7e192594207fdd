package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A log's files in a directory, laid out as its URLs are. */
final class LogDirectory implements LogSource {

  private final Path directory;

  LogDirectory(Path directory) {
    this.directory = directory;
  }

  @Override
  public byte[] read(String path, int limit) throws IOException {
    try (InputStream file = Files.newInputStream(directory.resolve(path))) {
      return file.readNBytes(limit + 1);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public boolean showsEntries(String firstBundle) {
    return Files.exists(directory.resolve("tile/entries"));
  }
}
