package io.vigie.backup.tool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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

  static final Pattern SNAPSHOT = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f]{64})\"");

  /** What restic says of it; the exit code differs by its version. */
  private static final String LOCKED = "repository is already locked";

  /** From restic 0.16 on; one of before fails at once. */
  private static final String RETRY_LOCK = "--retry-lock";

  private static final String LONGEST_LOCK = "10m";
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private final Task task;
  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final Consumer<Process> started;
  private final List<String> failures = new ArrayList<>();
  private boolean waitsForLocks;
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
   * @throws IOException when nothing can be said of the copy: there is no such snapshot or no
   *     manifest, something else has the repository locked, or a command was ended from outside
   */
  Report run() throws IOException {
    waitsForLocks = waitsForLocks();
    String snapshot = snapshot();
    List<Manifest.Entry> files =
        task.manifest() == null ? List.of() : Manifest.read(task.manifest()).sample(task.sample());
    Instant start = now();
    call("restic check", null, restic("check", "--read-data-subset=" + task.subset()));
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

  private boolean waitsForLocks() {
    List<String> help = List.of("restic", "check", "--help");
    return CommandRun.of(help, null, NOWHERE, NOWHERE, clock, started)
        .output()
        .contains(RETRY_LOCK);
  }

  private List<String> restic(String... arguments) {
    List<String> command = new ArrayList<>(List.of("restic"));
    command.addAll(List.of(arguments));
    if (waitsForLocks) {
      command.add(RETRY_LOCK + "=" + LONGEST_LOCK);
    }
    return command;
  }

  private String snapshot() throws IOException {
    CommandRun found =
        finished("restic snapshots", null, NOWHERE, restic("snapshots", "--json", task.snapshot()));
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
      List<String> restore = restic("restore", snapshot, "--target", sandbox.toString());
      if (task.depth() == Depth.L1) {
        files.forEach(file -> restore.addAll(List.of("--include", pattern(file.path()))));
      }
      call("restic restore", null, restore);
      List<String> differences =
          files.stream().map(file -> file.difference(sandbox)).filter(Objects::nonNull).toList();
      failures.addAll(differences);
      if (task.depth() == Depth.L3 && isPassed()) {
        call("the probe", sandbox, task.probe());
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

  private void call(String what, Path folder, List<String> command) throws IOException {
    CommandRun run = finished(what, folder, out, command);
    if (run.exitCode() != 0) {
      failures.add(failure(what, run));
    }
  }

  /**
   * @throws IOException when the command says nothing of the copy, whatever it ended with
   */
  private CommandRun finished(String what, Path folder, PrintStream out, List<String> command)
      throws IOException {
    CommandRun run = CommandRun.of(command, folder, out, err, clock, started);
    if (run.isUnfinished() || run.exitCode() != 0 && run.message().contains(LOCKED)) {
      throw new IOException(failure(what, run));
    }
    return run;
  }

  private static String failure(String what, CommandRun run) {
    return what + " failed with exit code " + run.exitCode() + ": " + run.message().strip();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** What was restored is as secret as what was backed up, and does not stay. */
  private void remove(Path sandbox) {
    List<IOException> left = new ArrayList<>();
    remove(sandbox, left);
    if (!left.isEmpty()) {
      err.println(
          "vigie-backup: remove %s by hand: %d of its files and folders stay, the first for %s"
              .formatted(sandbox, left.size(), left.get(0)));
    }
  }

  private static void remove(Path file, List<IOException> left) {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      open(file);
      entries(file).forEach(entry -> remove(entry, left));
    }
    try {
      Files.delete(file);
    } catch (IOException e) {
      left.add(e);
    }
  }

  /** A folder is restored with its permissions, and they may keep its owner out. */
  private static void open(Path folder) {
    PosixFileAttributeView permissions =
        Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (permissions != null) {
      try {
        permissions.setPermissions(PosixFilePermissions.fromString("rwx------"));
      } catch (IOException e) {
        // If they matter, the folder or what is in it cannot be deleted, and that is said.
      }
    }
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // the folder cannot be deleted then, and that is said
    }
  }
}
