package io.vigie.stack;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/**
 * The passwords of one stack: 192 random bits each, made the first time they are asked for, kept in
 * one file that its owner alone may read. They never appear on a command line or in a log.
 */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private final Properties values = new Properties();

  Secrets(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        values.load(in);
      }
    }
  }

  /** The password of this name; the same one each time. */
  synchronized String of(String name) {
    String value = values.getProperty(name);
    if (value == null) {
      byte[] random = new byte[24];
      RANDOM.nextBytes(random);
      value = HexFormat.of().formatHex(random);
      values.setProperty(name, value);
      try {
        save();
      } catch (IOException e) {
        throw new StackException("Cannot write " + file + ": " + e.getMessage(), e);
      }
    }
    return value;
  }

  /** Whole or not at all: a half-written file would lock the stack out of its own database. */
  private void save() throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Path.of(file + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (Writer out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
      values.store(out, null);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
