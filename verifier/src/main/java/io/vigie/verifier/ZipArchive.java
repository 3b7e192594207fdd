package io.vigie.verifier;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * A ZIP archive of certain files and nothing else, which every program unpacks alike. Some read it
 * from its front and believe what stands before each file, others believe the directory at its end:
 * an archive in which the two differ could show a person another content than the one verified.
 */
final class ZipArchive implements AutoCloseable {

  private static final int LOCAL_FILE = 0x04034b50;
  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int ZIP64_LOCATOR = 0x07064b50;
  private static final int ZIP64_LOCATOR_LENGTH = 20;
  private static final long MAX_LENGTH = 0xffffffffL;
  private static final int CHUNK = 1 << 16;

  private final ZipFile zip;

  private ZipArchive(Path file) throws IOException {
    this.zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
  }

  /** Whether a file begins as archives do. */
  static boolean isOne(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(4), littleEndian(4).putInt(LOCAL_FILE).array());
    }
  }

  /**
   * Opens an archive, after one reading of all of it.
   *
   * @param names the files that it must hold, in this order
   * @throws Unusable when it is no archive, or one of something else
   * @throws Rejected when it is damaged, holds anything more or less, or can be read in two ways
   */
  static ZipArchive open(Path file, List<String> names) throws IOException, Unusable, Rejected {
    if (!isOne(file)) {
      throw new Unusable(file + " is no ZIP archive");
    }
    try {
      ZipArchive archive = new ZipArchive(file);
      try {
        archive.requireNames(names);
        requireEnd(file, names.size());
        archive.requireOneReading(file);
        return archive;
      } catch (IOException | Unusable | Rejected e) {
        archive.close();
        throw e;
      }
    } catch (ZipException | EOFException e) {
      throw new Rejected("the archive is damaged: " + e.getMessage());
    }
  }

  InputStream content(String name) throws IOException {
    return zip.getInputStream(zip.getEntry(name));
  }

  /** Nothing stands behind the archive, and nothing between its directory and its end. */
  private static void requireEnd(Path file, int files) throws IOException, Unusable, Rejected {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      long length = bytes.length();
      if (length > MAX_LENGTH) {
        throw new Unusable("the archive is longer than 4 GiB: unpack it, and verify what it holds");
      }
      if (length < END_LENGTH + ZIP64_LOCATOR_LENGTH) {
        throw new EOFException("it is cut off");
      }
      ByteBuffer tail = littleEndian(END_LENGTH + ZIP64_LOCATOR_LENGTH);
      bytes.seek(length - tail.capacity());
      bytes.readFully(tail.array());
      boolean isZip64 = tail.getInt() == ZIP64_LOCATOR;
      tail.position(ZIP64_LOCATOR_LENGTH);
      boolean isPlain =
          tail.getInt() == END
              && tail.getInt() == 0 // one disk
              && tail.getShort() == files
              && tail.getShort() == files;
      long directory = Integer.toUnsignedLong(tail.getInt());
      long start = Integer.toUnsignedLong(tail.getInt());
      if (isZip64 || !isPlain || start + directory + END_LENGTH != length || tail.getShort() != 0) {
        throw new Rejected(
            "the archive does not end where its file does, or holds other than %d files"
                .formatted(files));
      }
    }
  }

  private void requireNames(List<String> names) throws Unusable, Rejected {
    List<String> listed = zip.stream().map(ZipEntry::getName).toList();
    if (listed.isEmpty() || !listed.get(0).equals(names.get(0))) {
      throw new Unusable(
          "the archive is of something else: it does not begin with " + names.get(0));
    }
    if (!listed.equals(names)) {
      throw new Rejected("the archive must hold %s, in this order".formatted(names));
    }
  }

  private void requireOneReading(Path file) throws IOException, Rejected {
    try (ZipInputStream front =
        new ZipInputStream(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      Iterator<? extends ZipEntry> directory = zip.stream().iterator();
      while (directory.hasNext()) {
        requireSame(front, directory.next());
      }
      if (next(front) != null) {
        throw new Rejected("the archive holds a file that its directory does not list");
      }
    }
  }

  /** A name that is no UTF-8 is an unchecked exception on Java before 18. */
  private static ZipEntry next(ZipInputStream front) throws IOException, Rejected {
    try {
      return front.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new Rejected("the archive is damaged: the name of a file in it is no text");
    }
  }

  private void requireSame(ZipInputStream front, ZipEntry listed) throws IOException, Rejected {
    ZipEntry entry = next(front);
    boolean isSame = entry != null && entry.getName().equals(listed.getName());
    try (InputStream content = zip.getInputStream(listed)) {
      byte[] chunk = new byte[0];
      do {
        if (isSame) {
          chunk = front.readNBytes(CHUNK);
          isSame = Arrays.equals(chunk, content.readNBytes(CHUNK));
        }
      } while (isSame && chunk.length > 0);
    }
    // What the front says of the file is known once it was read.
    if (!isSame
        || entry.getCrc() != listed.getCrc()
        || entry.getSize() != listed.getSize()
        || entry.getCompressedSize() != listed.getCompressedSize()) {
      throw new Rejected(
          "the archive can be read in two ways: its directory shows another " + listed.getName());
    }
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
