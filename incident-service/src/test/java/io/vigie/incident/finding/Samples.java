package io.vigie.incident.finding;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Documents as scanners write them. */
final class Samples {

  private Samples() {}

  static String sarif() {
    return read("semgrep.sarif");
  }

  static String nmap() {
    return read("nmap.xml");
  }

  /**
   * What a tool named many found: one thing of each rule of these numbers.
   *
   * @param message of each
   */
  static String sarif(int from, int until, String message) {
    return """
    {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "many"}}, "results": [%s]}]}"""
        .formatted(
            IntStream.range(from, until)
                .mapToObj(
                    i ->
                        "{\"ruleId\": \"rule-%d\", \"message\": {\"text\": \"%s\"}}"
                            .formatted(i, message))
                .collect(Collectors.joining(",")));
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
