package io.vigie.verifier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** A log's files in a directory, laid out as its URLs are. */
final class LogDirectory implements LogSource {

  private final Path directory;

  LogDirectory(Path directory) {
    this.directory = directory;
  }

  @Override
  public byte[] read(String path, int limit) throws IOException {
    try (SeekableByteChannel file = Files.newByteChannel(directory.resolve(path))) {
      ByteBuffer content = ByteBuffer.allocate((int) Math.min(file.size(), limit + 1L));
      while (content.hasRemaining() && file.read(content) >= 0) {
        // Mostly all of it comes at once.
      }
      return content.hasRemaining()
          ? Arrays.copyOf(content.array(), content.position())
          : content.array();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public boolean showsEntries(String firstBundle) {
    return Files.exists(directory.resolve("tile/entries"));
  }
}
