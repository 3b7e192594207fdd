package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The newest checkpoint in a file, {@code vigie.log.checkpoint-file}: outside the database, so that
 * a database that was restored cannot take it back.
 */
@ApplicationScoped
class CheckpointFile {

  private final Path file;

  CheckpointFile(@ConfigProperty(name = "vigie.log.checkpoint-file") Path file) {
    this.file = file.toAbsolutePath();
  }

  /** The note in it; empty when none was ever written. */
  Optional<String> read() throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /**
   * Puts another note in its place, and returns when a power cut cannot undo that. Whoever reads
   * the file finds the one or the other, never a part.
   *
   * @throws IOException when it could not be done; the file may hold either
   */
  void replace(String note) throws IOException {
    if (read().filter(note::equals).isPresent()) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path fresh = Path.of(file + "." + UUID.randomUUID() + ".new"); // replicas may share the file
    try {
      write(fresh, note);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static void write(Path fresh, String note) throws IOException {
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
