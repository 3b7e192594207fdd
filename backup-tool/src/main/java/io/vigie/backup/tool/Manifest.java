package io.vigie.backup.tool;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What files were when they were backed up, as {@code sha256sum} of the GNU coreutils tells it. */
final class Manifest {

  private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-f]{64}) [ *](.+)");

  private static final Pattern ESCAPED = Pattern.compile("\\\\([n\\\\])");

  /**
   * One file.
   *
   * @param path as it stands in the manifest, without a leading {@code ./}
   */
  record Entry(String path, String sha256) {

    /**
     * Why what was restored is not this file, or null.
     *
     * @param sandbox what was restored is in
     */
    String difference(Path sandbox) {
      try {
        // A link may lead to the live file, which says nothing of the copy.
        Path file = sandbox.resolve(path.replaceAll("^/+", "")).toRealPath();
        if (!file.startsWith(sandbox.toRealPath())) {
          return path + " is outside of what was restored";
        }
        if (!Files.isRegularFile(file)) {
          return path + " is missing";
        }
        return digest(file).equals(sha256) ? null : path + " is not as it was";
      } catch (NoSuchFileException e) {
        return path + " is missing";
      } catch (IOException e) {
        return path + " cannot be read";
      }
    }
  }

  private final List<Entry> entries;

  private Manifest(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * @throws IOException when it cannot be read, is not UTF-8, has a line that is none of a manifest
   *     or that names no file here, or has none
   */
  static Manifest read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
          throw new IOException(file + " has a line that sha256sum does not write: " + line);
        }
        String path = matcher.group(1).isEmpty() ? matcher.group(3) : unescaped(matcher.group(3));
        Path.of(path); // fails here, before anything is restored
        entries.add(new Entry(path.replaceFirst("^(\\./+)+", ""), matcher.group(2)));
      }
    } catch (CharacterCodingException e) {
      throw new IOException(file + " has a file name that is not UTF-8", e);
    } catch (InvalidPathException e) {
      throw new IOException(
          file
              + " has a name that no file can have under this locale (LC_ALL=C.UTF-8 has all): "
              + e.getInput(),
          e);
    }
    if (entries.isEmpty()) {
      throw new IOException(file + " names no file");
    }
    return new Manifest(entries);
  }

  /** Names with a backslash or a line's end have them escaped. */
  private static String unescaped(String path) {
    return ESCAPED.matcher(path).replaceAll(m -> m.group(1).equals("n") ? "\n" : "\\\\");
  }

  /** So many of the files, at random; all of them where there are no more. */
  List<Entry> sample(int size) {
    List<Entry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled);
    return shuffled.subList(0, Math.min(size, shuffled.size()));
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
