package io.vigie.backup.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A command that was run to its end.
 *
 * @param exitCode as a shell tells it: 128 and the signal's number where one ended it
 * @param output the end of what it wrote on standard output
 * @param message the end of what it wrote on both outputs, as it came
 */
record CommandRun(
    String tool, Instant startedAt, Instant endedAt, int exitCode, String output, String message) {

  static final int NOT_FOUND = 127;

  private static final int FIRST_SIGNAL = 128 + 1;
  private static final int LAST_SIGNAL = 128 + 64;

  /** Of the program's own errors: ILL, ABRT, BUS, FPE and SEGV. */
  private static final Set<Integer> CRASHES = Set.of(128 + 4, 128 + 6, 128 + 7, 128 + 8, 128 + 11);

  /** As long as the platform takes a message. */
  static final int LONGEST_MESSAGE = 4_000;

  /** More than any tool's summary, and less than the platform takes. */
  private static final int LONGEST_OUTPUT = 65_536;

  /**
   * Runs {@code command}; what it writes is passed on at once.
   *
   * @param folder to run it in; null for that of this process
   * @param started gets the process
   */
  static CommandRun of(
      List<String> command,
      Path folder,
      PrintStream out,
      PrintStream err,
      Clock clock,
      Consumer<Process> started) {
    String tool = tool(command.get(0));
    Instant start = now(clock);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder == null ? null : folder.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove("VIGIE_CLIENT_SECRET");
    Tail outputTail = new Tail(LONGEST_OUTPUT);
    Tail messageTail = new Tail(LONGEST_MESSAGE);
    try {
      Process process = builder.start();
      started.accept(process);
      Thread errors = pump(process.getErrorStream(), err, messageTail);
      Thread output = pump(process.getInputStream(), out, messageTail, outputTail);
      int exitCode = waitFor(process);
      waitFor(errors);
      waitFor(output);
      return new CommandRun(
          tool, start, now(clock), exitCode, outputTail.text(), messageTail.text());
    } catch (IOException e) {
      err.println("vigie-backup: " + e.getMessage());
      return new CommandRun(tool, start, now(clock), NOT_FOUND, "", e.getMessage());
    }
  }

  private static Instant now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The file's name as far as the platform takes it as a tool's name; null where it is none. */
  static String tool(String file) {
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    return name.matches("[a-z0-9][a-z0-9._-]{0,49}") ? name : null;
  }

  private static Thread pump(InputStream from, PrintStream to, Tail... tails) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[8_192];
              try (from) {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                  for (Tail tail : tails) {
                    tail.add(buffer, n);
                  }
                  to.write(buffer, 0, n);
                  to.flush();
                }
              } catch (IOException e) {
                // The command is gone, and with it what it had to say.
              }
            });
    thread.start();
    return thread;
  }

  private static int waitFor(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.toHandle().destroy();
      }
    }
  }

  private static void waitFor(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether it could not be started, or was ended from outside: it says nothing about what it was
   * to work on. A crash does.
   */
  boolean isUnfinished() {
    return exitCode == NOT_FOUND
        || exitCode >= FIRST_SIGNAL && exitCode <= LAST_SIGNAL && !CRASHES.contains(exitCode);
  }

  /**
   * What is reported of it: in the tool's own form where it succeeded and has one, and always in
   * the platform's, which stands in for it where the platform does not understand the tool.
   */
  Report report(UUID plan, Form form) {
    boolean succeeded = exitCode == 0;
    String run =
        new JsonObject()
            .with("startedAt", startedAt.toString())
            .with("endedAt", endedAt.toString())
            .with("outcome", succeeded ? "SUCCEEDED" : "FAILED")
            .with("tool", tool)
            .with("message", message.isBlank() ? "exit code " + exitCode : message)
            .toString();
    return succeeded && form != null
        ? new Report(plan.toString(), startedAt, form, run, output)
        : new Report(plan.toString(), startedAt, null, run, "");
  }
}
