package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Archives, and what programs find in them. */
final class SampleZip {

  private SampleZip() {}

  static byte[] of(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /** What a program finds that believes the directory at the end. */
  static Map<String, String> unpacked(Path file) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (var entry : zip.stream().toList()) {
        files.put(
            entry.getName(),
            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  /**
   * An archive whose directory shows {@code hidden} in place of {@code shown}, which is what it
   * holds when it is read from its front. Both have the same files; those of the hidden one stand
   * behind those of the shown one.
   */
  static byte[] ofTwoReadings(byte[] shown, byte[] hidden) throws IOException {
    int directory = directory(shown);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(shown, 0, directory);
    byte[] second = hidden.clone();
    int start = directory(second);
    for (int at = start; word(second, at) == 0x02014b50; at = next(second, at)) {
      put(second, at + 42, word(second, at + 42) + directory);
    }
    put(second, second.length - 6, start + directory);
    bytes.write(second);
    return bytes.toByteArray();
  }

  private static int next(byte[] zip, int at) {
    return at + 46 + half(zip, at + 28) + half(zip, at + 30) + half(zip, at + 32);
  }

  /** Where the directory of an archive without comment begins. */
  private static int directory(byte[] zip) {
    return word(zip, zip.length - 6);
  }

  private static int half(byte[] zip, int at) {
    return zip[at] & 0xff | (zip[at + 1] & 0xff) << 8;
  }

  private static int word(byte[] zip, int at) {
    return half(zip, at) | half(zip, at + 2) << 16;
  }

  private static void put(byte[] zip, int at, int word) {
    for (int i = 0; i < 4; i++) {
      zip[at + i] = (byte) (word >> 8 * i);
    }
  }
}
