package io.vigie.stack;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A tar archive of files under a stack's state directory, by their paths there, for its owner
 * alone. They may change while they are packed: each is as long as it was when its turn came,
 * filled up with zeros where it became shorter, and one that is gone by then is left out. Nothing
 * is compressed, so that the packing takes no longer than the disk does.
 */
final class StateArchive implements Closeable {
  private static final int FILE = 0100600;
  private static final int FOLDER = 040700;
  private static final int BUFFER = 1 << 16;

  private final Path state;
  private final FileChannel channel;
  private final BufferedOutputStream buffered;
  private final TarArchiveOutputStream tar;

  /** Begins the archive {@code file}, which must not exist. */
  StateArchive(Path state, Path file) throws IOException {
    this.state = state;
    channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.FILE);
    buffered = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
    tar = new TarArchiveOutputStream(buffered);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /** Packs a file, or a folder with all below it; nothing where there is none. */
  void add(Path root) throws IOException {
    add(root, path -> false);
  }

  /** The same without some of it: such a folder is packed as an empty one. */
  void add(Path root, Predicate<Path> isLeftOut) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            tar.putArchiveEntry(entry(folder, "/", FOLDER));
            tar.closeArchiveEntry();
            return isLeftOut.test(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && !isLeftOut.test(file)) {
              pack(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  /** Packs a text as a file of this path. */
  void add(Path file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = entry(file, "", FILE);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes, 0, bytes.length);
    tar.closeArchiveEntry();
  }

  private void pack(Path file) throws IOException {
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      TarArchiveEntry entry = entry(file, "", FILE);
      entry.setSize(source.size());
      tar.putArchiveEntry(entry);
      copy(Channels.newInputStream(source), entry.getSize());
      tar.closeArchiveEntry();
    } catch (NoSuchFileException e) {
      // Gone since its folder was read.
    }
  }

  private void copy(InputStream in, long size) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long left = size; left > 0; ) {
      int wanted = (int) Math.min(buffer.length, left);
      int read = in.read(buffer, 0, wanted);
      if (read < 0) {
        Arrays.fill(buffer, (byte) 0);
        read = wanted;
      }
      tar.write(buffer, 0, read);
      left -= read;
    }
  }

  private TarArchiveEntry entry(Path path, String end, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(state.relativize(path) + end);
    entry.setMode(mode);
    return entry;
  }

  /** Ends the archive, and returns when it is on the disk. */
  @Override
  public void close() throws IOException {
    try (channel) {
      tar.finish();
      buffered.flush();
      channel.force(true);
    }
  }
}
