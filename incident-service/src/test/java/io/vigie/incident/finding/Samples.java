package io.vigie.incident.finding;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Documents as scanners write them. */
final class Samples {

  private Samples() {}

  static String sarif() {
    return read("semgrep.sarif");
  }

  static String nmap() {
    return read("nmap.xml");
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String read(String name) {
    try (InputStream file = Samples.class.getResourceAsStream("/scans/" + name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
