package io.vigie.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a folder of files is made of: the SHA-256 of each in a file {@value #NAME}, as {@code
 * sha256sum} writes and checks it. It is written last, so that a folder without it is not whole.
 */
final class Manifest {
  static final String NAME = "SHA256SUMS";

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([a-z][a-z.-]*)");

  private Manifest() {}

  /** Describes the files that the folder holds. */
  static void write(Path folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        lines.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
      }
    }
    OwnerOnly.write(folder.resolve(NAME), lines.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The names of the files that the folder is made of, each of which is as it was.
   *
   * @param needed those that must be among them
   * @throws StackException when it has no manifest, or does not match the one it has
   */
  static List<String> verified(Path folder, Collection<String> needed) throws IOException {
    Path manifest = folder.resolve(NAME);
    if (!Files.isRegularFile(manifest)) {
      throw new StackException(
          folder + " is no backup, or one that was interrupted: it has no " + NAME + ".");
    }
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(manifest, StandardCharsets.ISO_8859_1)) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new StackException(manifest + " is damaged: it has the line \"" + line + "\".");
      }
      Path file = folder.resolve(parts.group(2));
      if (!Files.isRegularFile(file)) {
        throw new StackException("The backup is not whole: " + file + " is missing.");
      }
      if (!sha256(file).equals(parts.group(1))) {
        throw new StackException(
            file + " is not the file that was backed up: its SHA-256 is another.");
      }
      names.add(parts.group(2));
    }
    for (String name : needed) {
      if (!names.contains(name)) {
        throw new StackException("The backup is not whole: " + manifest + " lacks " + name + ".");
      }
    }
    return names;
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
