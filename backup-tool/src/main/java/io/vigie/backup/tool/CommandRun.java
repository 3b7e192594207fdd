package io.vigie.backup.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * A command that was run to its end.
 *
 * @param exitCode as a shell tells it: 128 and the signal's number where one ended it
 * @param output the end of what it wrote, on both outputs as it came
 */
record CommandRun(String tool, Instant startedAt, Instant endedAt, int exitCode, String output) {

  static final int NOT_FOUND = 127;

  /** How long a command that is told to stop may take. */
  private static final Duration STOPPING = Duration.ofSeconds(30);

  /**
   * Runs {@code command}; what it writes is passed on at once. When this process is told to stop
   * the command is told so too, and the run is still reported.
   */
  static CommandRun of(List<String> command, PrintStream out, PrintStream err, Clock clock) {
    String tool = tool(command.get(0));
    Instant start = now(clock);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove("VIGIE_CLIENT_SECRET");
    Tail tail = new Tail();
    try {
      Process process = builder.start();
      Thread stop = stopper(process, Thread.currentThread());
      Runtime.getRuntime().addShutdownHook(stop);
      Thread errors = pump(process.getErrorStream(), err, tail);
      Thread output = pump(process.getInputStream(), out, tail);
      int exitCode = waitFor(process);
      waitFor(errors);
      waitFor(output);
      return new CommandRun(tool, start, now(clock), exitCode, tail.text());
    } catch (IOException e) {
      err.println("vigie-backup: " + e.getMessage());
      return new CommandRun(tool, start, now(clock), NOT_FOUND, e.getMessage());
    }
  }

  private static Instant now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The file's name as far as the platform takes it as a tool's name; null where it is none. */
  private static String tool(String file) {
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    return name.matches("[a-z0-9][a-z0-9._-]{0,49}") ? name : null;
  }

  private static Thread stopper(Process process, Thread main) {
    return new Thread(
        () -> {
          process.destroy();
          try {
            main.join(STOPPING.toMillis());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static Thread pump(InputStream from, PrintStream to, Tail tail) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[8_192];
              try (from) {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                  tail.add(buffer, n);
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
        process.destroy();
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

  /** The body of {@code POST /v1/runs}. */
  String report(UUID plan) {
    return new JsonObject()
        .with("plan", plan.toString())
        .with("startedAt", startedAt.toString())
        .with("endedAt", endedAt.toString())
        .with("outcome", exitCode == 0 ? "SUCCEEDED" : "FAILED")
        .with("tool", tool)
        .with("message", output.isBlank() ? "exit code " + exitCode : output)
        .toString();
  }
}
