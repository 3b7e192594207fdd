package io.vigie.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the programs of the stack into its cache, once, whole or not at all; packs folders. */
final class Archives {
  private Archives() {}

  /** Work in a directory that nobody else sees yet. */
  interface Work {
    void in(Path directory) throws Exception;
  }

  /**
   * Makes {@code target} exist: runs the work in a fresh directory beside it and renames that in
   * one step. Does nothing when it exists already. One process at a time does it; what one that
   * died left half done is thrown away.
   */
  static void once(Path target, Work work) throws Exception {
    if (Files.exists(target)) {
      return;
    }
    Files.createDirectories(target.getParent());
    try (FileChannel channel =
        FileChannel.open(
            target.resolveSibling(target.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      channel.lock();
      if (Files.exists(target)) {
        return;
      }
      Path fresh = target.resolveSibling(target.getFileName() + ".half");
      delete(fresh);
      Files.createDirectory(fresh);
      try {
        work.in(fresh);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(fresh);
      }
    }
  }

  static void untarXz(InputStream archive, Path into) throws IOException {
    try (var tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
      unpack(tar, into);
    }
  }

  static void unzip(Path archive, Path into) throws IOException {
    try (var zip =
        new ZipArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      unpack(zip, into);
    }
  }

  static void untar(Path archive, Path into) throws IOException {
    try (var tar =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      unpack(tar, into);
    }
  }

  private static void unpack(ArchiveInputStream<?> archive, Path into) throws IOException {
    for (ArchiveEntry entry = archive.getNextEntry();
        entry != null;
        entry = archive.getNextEntry()) {
      Path file = into.resolve(entry.getName()).normalize();
      if (!file.startsWith(into)) {
        throw new IOException("The archive holds a path outside its directory: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
        continue;
      }
      Files.createDirectories(file.getParent());
      if (entry instanceof TarArchiveEntry tar && tar.isSymbolicLink()) {
        Files.createSymbolicLink(file, Path.of(tar.getLinkName()));
        continue;
      }
      Files.copy(archive, file);
      if (entry instanceof TarArchiveEntry tar && (tar.getMode() & 0100) != 0) {
        makeExecutable(file);
      }
    }
  }

  /**
   * Packs every regular file below the folder, with its path in it and its time, in order of path.
   *
   * @return how many files that were
   */
  static int tarGz(Path folder, OutputStream into) throws IOException {
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(into));
        Stream<Path> paths = Files.walk(folder)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      List<Path> files = paths.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        String name = folder.getFileName().resolve(folder.relativize(file)).toString();
        tar.putArchiveEntry(new TarArchiveEntry(file.toFile(), name));
        Files.copy(file, tar);
        tar.closeArchiveEntry();
      }
      return files.size();
    }
  }

  static void makeExecutable(Path file) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    permissions.addAll(
        EnumSet.of(
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_EXECUTE));
    Files.setPosixFilePermissions(file, permissions);
  }

  /**
   * Makes {@code copy} hold what the folder holds, and no more. Files are linked where the file
   * system can: a build that replaces its files (rather than writing into them) leaves the copy as
   * it is.
   */
  static void link(Path folder, Path copy) throws IOException {
    delete(copy);
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path to = copy.resolve(folder.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
          continue;
        }
        try {
          Files.createLink(to, path);
        } catch (IOException | UnsupportedOperationException e) {
          Files.copy(path, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** Deletes a directory and all it holds; nothing when there is none. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
