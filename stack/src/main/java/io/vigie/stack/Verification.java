package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs the offline verifier, which shares nothing with the services, on what it is given or on what
 * the running stack shows.
 */
final class Verification {
  /** The verifier's exit code for an export that matches, but lacks numbers its sources gave. */
  static final int NUMBERS_MISSING = 3;

  private static final int NOTHING_VERIFIED = 2;
  private static final Set<String> COMMANDS = Set.of("export", "log", "pack", "receipt");

  private final Site site;
  private final Platform platform;

  Verification(Site site, Platform platform) {
    this.site = site;
    this.platform = platform;
  }

  /**
   * Runs a command of the verifier. What it lacks comes from the running stack: an export or the
   * log's address, a token for its entries, the key it is verified with. Words that do not begin
   * with a command are about an export.
   *
   * @return the verifier's exit code; 2 also when there is nothing to verify, or a service that it
   *     takes is away: 1 says that something does not match and nothing else
   */
  int with(List<String> words) throws InterruptedException {
    try {
      boolean isCommand = !words.isEmpty() && COMMANDS.contains(words.get(0));
      return run(isCommand ? words : plus(List.of("export"), words));
    } catch (StackException e) {
      System.err.println(e.getMessage());
    } catch (IOException | RuntimeException e) {
      System.err.println("Unexpected: " + e);
    }
    return NOTHING_VERIFIED;
  }

  private int run(List<String> words) throws IOException, InterruptedException {
    boolean ownLog = operand(words) == null;
    if (words.contains("--help")) {
      return verifier(words);
    }
    if (ownLog && words.get(0).equals("log")) {
      return ownLog(words);
    }
    return ownLog && words.get(0).equals("export") ? ownExport(words) : withKey(words);
  }

  /**
   * Verifies the export in the file: with the running log's key that it is signed, or, while no
   * audit service runs here, that it agrees with itself.
   *
   * @return the verifier's exit code
   */
  int of(Path export) throws IOException, InterruptedException {
    return withKey(List.of("export", export.toString()));
  }

  private int ownExport(List<String> words) throws IOException, InterruptedException {
    requireAudit("name an export: ./vigie verify FILE");
    Path fetched = Files.createTempFile(site.run(), "export", ".ndjson");
    try {
      fetch(fetched);
      return withKey(plus(words, List.of(fetched.toString())));
    } finally {
      Files.delete(fetched);
    }
  }

  private int ownLog(List<String> words) throws IOException, InterruptedException {
    requireAudit("name the log and its key: ./vigie verify log URL|DIR --vkey KEY|FILE");
    List<String> whole = plus(words, List.of(platform.url("audit") + "/log"));
    if (words.contains("--token")) {
      return withKey(whole);
    }
    try (FreshToken token = new FreshToken(site.run(), () -> platform.token("auditor"))) {
      return withKey(plus(whole, List.of("--token", token.file().toString())));
    }
  }

  /** Runs the verifier with the running log's key, unless another is given. */
  private int withKey(List<String> words) throws IOException, InterruptedException {
    boolean goesWithout = words.get(0).equals("export") && !platform.healthy("audit");
    if (words.contains("--vkey") || goesWithout) {
      return verifier(words);
    }
    requireAudit("name the log's key: --vkey KEY|FILE");
    Path key = Files.createTempFile(site.run(), "vkey", "");
    try {
      Files.writeString(key, Http.get(URI.create(platform.url("audit") + "/log/vkey")));
      return verifier(plus(words, List.of("--vkey", key.toString())));
    } finally {
      Files.delete(key);
    }
  }

  private static List<String> plus(List<String> words, List<String> more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(more);
    return all;
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
    if (!platform.healthy("audit")) {
      throw new StackException(
          "The audit service does not run here. Start it (./vigie up -d) or " + otherwise);
    }
  }

  /** Takes an export of the whole log from the running audit service. */
  void fetch(Path into) throws IOException {
    Http.send(
        HttpRequest.newBuilder(URI.create(platform.url("audit") + "/v1/log/export"))
            .header("Authorization", "Bearer " + platform.token("auditor")),
        // By itself it would leave the end of what was longer.
        HttpResponse.BodyHandlers.ofFile(
            into,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  /** Runs the verifier on these arguments, and nothing else. */
  int verifier(List<String> arguments) throws IOException, InterruptedException {
    Path jar = site.root().resolve("verifier/target/vigie-verifier.jar");
    if (!Files.isRegularFile(jar)) {
      throw new StackException("The verifier is not built: there is no " + jar + ".");
    }
    List<String> program = plus(site.tls().javaOptions(), List.of("-jar", jar.toString()));
    return Tool.java(plus(program, arguments)).inheritIO().start().waitFor();
  }
}
