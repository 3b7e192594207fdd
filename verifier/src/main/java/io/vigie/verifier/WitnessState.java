package io.vigie.verifier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * What a witness must never forget: of each log the latest checkpoint it cosigned, as one file, a
 * signed note that bears the log's signature and its own. A file is replaced whole or not at all,
 * and is on the disk when {@link #write} returns. One process at a time.
 */
final class WitnessState implements AutoCloseable {

  private final Path directory;
  private final FileChannel lock;

  private WitnessState(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Opens the state in a directory, which is made when it is not there.
   *
   * @throws Unusable when another witness has it open
   */
  static WitnessState open(Path directory) throws IOException, Unusable {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new Unusable("another witness keeps its state in " + directory);
    }
    return new WitnessState(directory, channel);
  }

  /** The name under which a log's checkpoint is kept and served: SHA-256 of its origin, in hex. */
  static String name(String origin) {
    return HexFormat.of()
        .formatHex(TreeHash.sha256().digest(origin.getBytes(StandardCharsets.UTF_8)));
  }

  Path file(String origin) {
    return directory.resolve(name(origin));
  }

  /** The note last written for a log, null when there is none. */
  byte[] read(String origin) throws IOException {
    try {
      return Files.readAllBytes(file(origin));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Replaces the note of a log.
   *
   * @throws IOException when it is not certain that the note will be there after a crash
   */
  void write(String origin, byte[] note) throws IOException {
    Path file = file(origin);
    Path next = directory.resolve(name(origin) + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(note);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel renamed = FileChannel.open(directory, StandardOpenOption.READ)) {
      renamed.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
