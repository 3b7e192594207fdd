package io.vigie.backup.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;

/**
 * A command that deletes copies, and which ones it deleted: restic is asked before and after which
 * there are. Of other tools nobody knows.
 */
final class Pruning {

  /** As many as the platform takes at once. */
  static final int MOST = 200;

  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private final PruneCall call;
  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final Consumer<Process> started;
  private final List<Report> reports = new ArrayList<>();

  Pruning(
      PruneCall call, PrintStream out, PrintStream err, Clock clock, Consumer<Process> started) {
    this.call = call;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.started = started;
  }

  /**
   * Runs the command.
   *
   * @return its exit code
   * @throws IOException when it was not run, for restic does not say which copies there are
   */
  int run() throws IOException {
    boolean isRestic = "restic".equals(CommandRun.tool(call.command().get(0)));
    Set<String> before = isRestic ? snapshots(started) : Set.of();
    int exitCode = CommandRun.of(call.command(), null, out, err, clock, started).exitCode();
    if (!isRestic) {
      err.println("vigie-backup: which copies that deleted is not reported, for it is not restic");
      return exitCode;
    }
    try {
      Set<String> gone = new LinkedHashSet<>(before);
      // When this process is told to stop that must not end what finds out what is gone by then
      gone.removeAll(snapshots(listing -> {}));
      report(List.copyOf(gone));
    } catch (IOException e) {
      err.println("vigie-backup: which copies that deleted is not reported: " + e.getMessage());
    }
    return exitCode;
  }

  /**
   * What is to be told of each plan, once it was run; which copy is of which the platform knows.
   */
  List<Report> reports() {
    return reports;
  }

  private void report(List<String> gone) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    for (int from = 0; from < gone.size(); from += MOST) {
      String pruning =
          new JsonObject()
              .with("prunedAt", now.toString())
              .with("snapshots", gone.subList(from, Math.min(gone.size(), from + MOST)))
              .toString();
      for (UUID plan : call.plans()) {
        reports.add(new Report(Report.PRUNING, plan.toString(), now, null, pruning, ""));
      }
    }
  }

  private Set<String> snapshots(Consumer<Process> listing) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    CommandRun listed =
        CommandRun.of(
            List.of(call.command().get(0), "snapshots", "--json"),
            null,
            new PrintStream(output, true, StandardCharsets.UTF_8),
            NOWHERE,
            clock,
            listing);
    if (listed.exitCode() != 0) {
      throw new IOException(
          "restic does not say which copies there are: " + listed.message().strip());
    }
    Set<String> snapshots = new LinkedHashSet<>();
    Matcher id = RestoreTest.SNAPSHOT.matcher(output.toString(StandardCharsets.UTF_8));
    while (id.find()) {
      snapshots.add(id.group(1));
    }
    return snapshots;
  }
}
