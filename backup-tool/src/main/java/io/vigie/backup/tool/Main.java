package io.vigie.backup.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The command line. The exit code is that of the command that was run; as in a shell {@value
 * CommandRun#NOT_FOUND} when it cannot be started. {@value #USAGE_ERROR}: it was called wrongly and
 * nothing was run. With {@code --send}, {@value #WAITING} when reports still wait.
 */
public final class Main {

  static final int USAGE_ERROR = 64;
  static final int WAITING = 75;

  private static final String USAGE =
      """
      Usage: vigie-backup --plan ID [--form FORM] [--spool DIR] [--wait SECONDS] [--] COMMAND [ARGUMENT]...
             vigie-backup --send [--spool DIR]

      Runs the command, with its input, output and exit code as they are, and reports the run of the backup plan. While
      the platform is away it tries again for --wait seconds (60); then the report stays in the spool folder, and the
      next call or --send sends it. What the platform refuses is kept in refused/, with the reason.

      --form says what the command writes on its output: restic (restic backup --json) or borg (borg create --json). Of
      other commands, and of runs that failed, the exit code, the times and the end of the output are reported.

      Environment:
        VIGIE_BACKUP_URL          backup-service, for example https://backup.example.com
        VIGIE_TOKEN_URL           the token endpoint of the realm
        VIGIE_CLIENT_ID           a client with the role internal-tool
        VIGIE_CLIENT_SECRET_FILE  a file with its secret, or VIGIE_CLIENT_SECRET
        VIGIE_SPOOL               the spool folder, unless --spool names it (.vigie-backup in the home folder)
      """;

  /** What was asked for on the command line. */
  record Call(
      UUID plan, Form form, Path spool, Duration patience, boolean send, List<String> command) {

    /**
     * @throws IllegalArgumentException with what is wrong
     */
    static Call parse(String[] arguments, Map<String, String> environment) {
      Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
      UUID plan = null;
      Form form = null;
      Path spool =
          Path.of(
              environment.getOrDefault(
                  "VIGIE_SPOOL", System.getProperty("user.home") + "/.vigie-backup"));
      Duration patience = Duration.ofSeconds(60);
      boolean send = false;
      boolean more = true;
      while (more && !left.isEmpty() && left.peek().startsWith("--")) {
        String option = left.poll();
        switch (option) {
          case "--" -> more = false;
          case "--plan" -> plan = UUID.fromString(value(option, left));
          case "--form" -> form = Form.named(value(option, left));
          case "--spool" -> spool = Path.of(value(option, left));
          case "--wait" -> patience = seconds(value(option, left));
          case "--send" -> send = true;
          default -> throw new IllegalArgumentException("there is no option " + option);
        }
      }
      if (send != left.isEmpty()) {
        throw new IllegalArgumentException(
            send ? "--send runs no command" : "which command is to be run?");
      }
      if (send == (plan != null) || send && form != null) {
        throw new IllegalArgumentException(
            send ? "--send is about all plans" : "--plan must say of which plan this is a run");
      }
      return new Call(plan, form, spool, patience, send, List.copyOf(left));
    }

    private static Duration seconds(String value) {
      long seconds = Long.parseLong(value);
      if (seconds < 0 || seconds > 86_400) {
        throw new IllegalArgumentException("--wait must be 0 to 86400");
      }
      return Duration.ofSeconds(seconds);
    }

    private static String value(String option, Deque<String> left) {
      if (left.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      return left.poll();
    }
  }

  private Main() {}

  /** In a thread of its own: one that exits while the process is told to stop never goes on. */
  public static void main(String[] arguments) throws InterruptedException {
    AtomicInteger exitCode = new AtomicInteger();
    Thread work =
        new Thread(
            () ->
                exitCode.set(
                    run(arguments, System.getenv(), System.out, System.err, Clock.systemUTC())));
    work.start();
    work.join();
    System.exit(exitCode.get());
  }

  static int run(
      String[] arguments,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Clock clock) {
    if (List.of(arguments).contains("--help") && arguments.length == 1) {
      out.print(USAGE);
      return 0;
    }
    Call call;
    try {
      call = Call.parse(arguments, environment);
    } catch (IllegalArgumentException e) {
      err.println("vigie-backup: " + e.getMessage());
      err.print(USAGE);
      return USAGE_ERROR;
    }
    Spool spool = new Spool(call.spool());
    Delivery delivery = new Delivery(spool, environment, err, clock);
    if (call.send()) {
      return delivery.send(Duration.ZERO) ? 0 : WAITING;
    }
    AtomicReference<Process> process = new AtomicReference<>();
    Thread stop = new Stop(process, Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      CommandRun run = CommandRun.of(call.command(), out, err, clock, process::set);
      if (isKept(run.report(call.plan(), call.form()), spool, err, clock)) {
        delivery.send(call.patience());
      }
      return run.exitCode();
    } finally {
      remove(stop);
    }
  }

  private static boolean isKept(Report report, Spool spool, PrintStream err, Clock clock) {
    try {
      spool.keep(report.text(), clock.instant());
      return true;
    } catch (IOException e) {
      err.println("vigie-backup: the report cannot be kept (" + e + "). It was:");
      err.println(report.text());
      return false;
    }
  }

  /**
   * When this process is told to stop the command is told so too, and what it came to is still
   * reported, or kept.
   */
  private static final class Stop extends Thread {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    Stop(AtomicReference<Process> process, Thread work) {
      super(
          () -> {
            if (process.get() != null) {
              // The process's own destroy would close its output before all of it is read.
              process.get().toHandle().destroy();
            }
            try {
              work.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  private static void remove(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // It runs already.
    }
  }
}
