package io.vigie.backup.tool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tests whether restic can restore a copy. Restic finds the repository and its password where it
 * always does, in its own environment: neither goes anywhere else.
 */
final class RestoreTest {

  /** How much is tested, each with all before it. */
  enum Depth {
    L0,
    L1,
    L2,
    L3
  }

  /**
   * What is to be tested.
   *
   * @param snapshot as restic names it
   * @param subset of the packs that are read, as {@code restic check --read-data-subset} takes it
   * @param manifest null at L0
   * @param sample how many of its files are compared
   * @param sandbox the folder in which a folder for what is restored is made, and removed
   * @param probe a command that fails unless what is restored works; empty below L3
   */
  record Task(
      UUID plan,
      Depth depth,
      String snapshot,
      String subset,
      Path manifest,
      int sample,
      Path sandbox,
      List<String> probe) {}

  private static final Pattern SNAPSHOT = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f]{64})\"");
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private final Task task;
  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final Consumer<Process> started;
  private final List<String> failures = new ArrayList<>();
  private Instant validatedAt;

  RestoreTest(Task task, PrintStream out, PrintStream err, Clock clock, Consumer<Process> started) {
    this.task = task;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.started = started;
  }

  /**
   * Tests it. The time counts from the restore on; reading the repository before is no part of it.
   *
   * @throws IOException when there is nothing to test: no such snapshot, no manifest
   */
  Report run() throws IOException {
    String snapshot = snapshot();
    List<Manifest.Entry> files =
        task.manifest() == null ? List.of() : Manifest.read(task.manifest()).sample(task.sample());
    Instant start = now();
    call("restic check", null, "restic", "check", "--read-data-subset=" + task.subset());
    int differences = 0;
    if (task.depth() != Depth.L0) {
      start = now();
      differences = restore(snapshot, files);
    }
    Instant end = validatedAt == null ? now() : validatedAt;
    failures.forEach(failure -> err.println("vigie-backup: " + failure));
    JsonObject report =
        new JsonObject()
            .with("snapshot", snapshot)
            .with("depth", task.depth().name())
            .with("outcome", isPassed() ? "PASSED" : "FAILED")
            .with("startedAt", start.toString())
            .with("endedAt", end.toString())
            .with("message", message());
    if (task.depth() != Depth.L0) {
      report.with("sampled", files.size()).with("differences", differences);
    }
    return new Report(
        Report.RESTORE_TEST, task.plan().toString(), start, null, report.toString(), "");
  }

  /** Whether nothing failed, once it was run. */
  boolean isPassed() {
    return failures.isEmpty();
  }

  private String message() {
    String all = String.join("\n", failures);
    return isPassed() ? null : all.substring(0, Math.min(all.length(), CommandRun.LONGEST_MESSAGE));
  }

  private String snapshot() throws IOException {
    CommandRun found =
        CommandRun.of(
            List.of("restic", "snapshots", "--json", task.snapshot()),
            null,
            NOWHERE,
            err,
            clock,
            started);
    Matcher id = SNAPSHOT.matcher(found.output());
    String last = null;
    while (id.find()) {
      last = id.group(1);
    }
    if (found.exitCode() != 0 || last == null) {
      throw new IOException("restic has no snapshot " + task.snapshot());
    }
    return last;
  }

  /** How many of the files are not as they were. */
  private int restore(String snapshot, List<Manifest.Entry> files) throws IOException {
    Path sandbox = Files.createTempDirectory(task.sandbox(), "vigie-restore-").toRealPath();
    try {
      List<String> restore =
          new ArrayList<>(List.of("restic", "restore", snapshot, "--target", sandbox.toString()));
      if (task.depth() == Depth.L1) {
        files.forEach(file -> restore.addAll(List.of("--include", pattern(file.path()))));
      }
      call("restic restore", null, restore.toArray(String[]::new));
      List<String> differences =
          files.stream().map(file -> file.difference(sandbox)).filter(Objects::nonNull).toList();
      failures.addAll(differences);
      if (task.depth() == Depth.L3 && isPassed()) {
        call("the probe", sandbox, task.probe().toArray(String[]::new));
      }
      validatedAt = now();
      return differences.size();
    } finally {
      remove(sandbox);
    }
  }

  /** That file alone: what restic takes for a pattern is escaped. */
  private static String pattern(String path) {
    return "/" + path.replaceAll("^/+", "").replaceAll("([\\\\*?\\[\\]])", "\\\\$1");
  }

  private void call(String what, Path folder, String... command) {
    CommandRun run = CommandRun.of(List.of(command), folder, out, err, clock, started);
    if (run.exitCode() != 0) {
      failures.add(
          what + " failed with exit code " + run.exitCode() + ": " + run.message().strip());
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** What was restored is as secret as what was backed up, and does not stay. */
  private void remove(Path sandbox) {
    try (Stream<Path> files = Files.walk(sandbox)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      err.println("vigie-backup: remove " + sandbox + " by hand, for " + e);
    }
  }
}
