package io.vigie.incident.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.Problem;
import org.jboss.logging.Logger;

/**
 * Files in a directory that all replicas share, for this account alone. A file is written beside
 * its place and moved there, so that what has its name is whole.
 */
@ApplicationScoped
class DirectoryFileStore implements FileStore {

  private static final Logger LOG = Logger.getLogger(DirectoryFileStore.class);
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OUR_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Optional<Path> root;

  DirectoryFileStore(AttachmentSettings settings) {
    this.root = settings.directory();
  }

  @Override
  public void keep(String sha256, byte[] content) {
    Path place = place(sha256);
    Path folder = place.getParent();
    try {
      Files.createDirectories(folder, OUR_FOLDER);
      Path incoming = Files.createTempFile(folder, "incoming", null, OURS);
      try {
        write(incoming, content);
        Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(incoming);
      }
      sync(folder);
      sync(folder.getParent()); // where the folder is new
    } catch (IOException e) {
      LOG.errorf(e, "%s cannot be written", place);
      throw Problem.unavailable("Files cannot be kept right now.");
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /** The names in it, too, survive a loss of power. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<byte[]> of(String sha256) {
    Path place = place(sha256);
    try {
      return Optional.of(Files.readAllBytes(place));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.errorf(e, "%s cannot be read", place);
      throw Problem.unavailable("Files cannot be read right now.");
    }
  }

  private Path place(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256: " + sha256);
    }
    return root.orElseThrow(
            () -> Problem.unavailable("No directory is configured in which to keep files."))
        .resolve(sha256.substring(0, 2))
        .resolve(sha256);
  }
}
