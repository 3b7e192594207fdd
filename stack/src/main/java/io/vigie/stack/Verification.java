package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the offline verifier, which shares nothing with the services, on what it is given or on what
 * the running stack shows.
 */
final class Verification {
  /** The verifier's exit code for an export that matches, but lacks numbers its sources gave. */
  static final int NUMBERS_MISSING = 3;

  private final Site site;
  private final Stack stack;

  Verification(Site site, Stack stack) {
    this.site = site;
    this.stack = stack;
  }

  /**
   * Verifies the export in the file, or one taken from the running audit service when there is
   * none.
   *
   * @return the verifier's exit code: 0 when every leaf and the root are as recomputed, 1 when they
   *     are not, 2 when the file cannot be read or is no export, 3 when all is as recomputed but
   *     numbers that the sources gave are missing
   */
  int of(Path export) throws IOException, InterruptedException {
    if (export != null) {
      return verify(export);
    }
    requireAudit("name an export: ./vigie verify FILE");
    Path fetched = Files.createTempFile(site.run(), "export", ".ndjson");
    try {
      fetch(fetched);
      return verify(fetched);
    } finally {
      Files.delete(fetched);
    }
  }

  /**
   * Runs a command of the verifier. What it lacks comes from the running stack: the log's address
   * and a token for its entries, the key it is verified with. A single word that is no command is
   * an export's file.
   *
   * @return the verifier's exit code
   */
  int with(List<String> words) throws IOException, InterruptedException {
    String command = words.isEmpty() ? "export" : words.get(0);
    switch (command) {
      case "log":
        return completed(words, operand(words) == null);
      case "receipt":
        return completed(words, false);
      default:
        if (words.size() < 2) {
          return of(command.equals("export") ? null : Path.of(command));
        }
        return verifier(words);
    }
  }

  private int completed(List<String> words, boolean ownLog)
      throws IOException, InterruptedException {
    if (!ownLog && words.contains("--vkey") || words.contains("--help")) {
      return verifier(words);
    }
    requireAudit("name what to verify and its key: ./vigie verify log URL|DIR --vkey KEY|FILE");
    List<String> whole = new ArrayList<>(words);
    Path key = Files.createTempFile(site.run(), "vkey", "");
    Path token = Files.createTempFile(site.run(), "token", "");
    try {
      if (ownLog) {
        whole.add(stack.url("audit") + "/log");
      }
      if (ownLog && !words.contains("--token")) {
        // In a file that its owner alone may read: arguments can be seen by everyone.
        Files.writeString(token, stack.token("auditor"));
        whole.addAll(List.of("--token", token.toString()));
      }
      if (!words.contains("--vkey")) {
        Files.writeString(key, Http.get(URI.create(stack.url("audit") + "/log/vkey")));
        whole.addAll(List.of("--vkey", key.toString()));
      }
      return verifier(whole);
    } finally {
      Files.delete(key);
      Files.delete(token);
    }
  }

  /** The first word after the command that is neither an option nor its value; null without one. */
  private static String operand(List<String> words) {
    for (int i = 1; i < words.size(); i++) {
      if (!words.get(i).startsWith("--")) {
        return words.get(i);
      }
      i++;
    }
    return null;
  }

  private void requireAudit(String otherwise) {
    if (!stack.healthy("audit")) {
      throw new StackException(
          "The audit service does not run here. Start it (./vigie up -d) or " + otherwise);
    }
  }

  /** Takes an export of the whole log from the running audit service. */
  void fetch(Path into) throws IOException {
    Http.send(
        HttpRequest.newBuilder(URI.create(stack.url("audit") + "/v1/log/export"))
            .header("Authorization", "Bearer " + stack.token("auditor")),
        HttpResponse.BodyHandlers.ofFile(into));
  }

  private int verify(Path export) throws IOException, InterruptedException {
    return verifier(List.of("export", export.toString()));
  }

  /** Runs the verifier on these arguments, and nothing else. */
  int verifier(List<String> arguments) throws IOException, InterruptedException {
    Path jar = site.root().resolve("verifier/target/vigie-verifier.jar");
    List<String> words = new ArrayList<>(List.of("-jar", jar.toString()));
    words.addAll(arguments);
    return Tool.java(words).inheritIO().start().waitFor();
  }
}
