package io.vigie.backup.tool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder where reports wait, a file each. Its owner alone reads it: what commands say may be
 * secret. Several processes may use one at a time: a report that two of them send is taken once.
 */
final class Spool {

  private static final String ENDING = ".report";

  private final Path folder;

  Spool(Path folder) {
    this.folder = folder;
  }

  /** Keeps a report; once this returns, a crash does not lose it. */
  void keep(String report, Instant at) throws IOException {
    createFolder(folder);
    String name = "%013d_%s".formatted(at.toEpochMilli(), UUID.randomUUID());
    Path written = folder.resolve(name + ".part");
    try (FileChannel file =
        FileChannel.open(
            written,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            onlyOwner("rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(report.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(written, folder.resolve(name + ENDING), StandardCopyOption.ATOMIC_MOVE);
    force(folder);
  }

  /** What waits, oldest first. */
  List<Path> waiting() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
  }

  /** What makes a report that is sent again the same one. */
  static String key(Path report) {
    String name = report.getFileName().toString();
    return name.substring(name.indexOf('_') + 1, name.length() - ENDING.length());
  }

  void remove(Path report) throws IOException {
    Files.deleteIfExists(report);
  }

  /** Sets aside what the platform does not take, with its reason. */
  void refuse(Path report, String reason) throws IOException {
    Path refused = folder.resolve("refused");
    createFolder(refused);
    Path name = report.getFileName();
    Files.writeString(refused.resolve(name + ".reason"), reason);
    Files.move(report, refused.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, onlyOwner("rwx------"));
  }

  private static FileAttribute<?>[] onlyOwner(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** The new name, too, must be there after a crash; where folders cannot be forced it is. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folder.
    }
  }
}
