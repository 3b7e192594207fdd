package io.vigie.backup.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * The command line. The exit code is that of the command that was run; as in a shell {@value
 * CommandRun#NOT_FOUND} when it cannot be started. {@value #USAGE_ERROR}: it was called wrongly and
 * nothing was run. With {@code --send}, {@value #WAITING} when reports still wait. Of a test of a
 * restore, {@value #FAILED} unless it passed, or is not due and was asked for if it is. A command
 * that prunes is not run, {@value #HELD}, where copies are held, nor, {@value #WAITING}, where the
 * platform does not say.
 */
public final class Main {

  static final int FAILED = 1;
  static final int USAGE_ERROR = 64;
  static final int WAITING = 75;
  static final int HELD = 77;

  private static final String USAGE =
      """
      Usage: vigie-backup --plan ID [--form FORM] [--spool DIR] [--wait SECONDS] [--] COMMAND [ARGUMENT]...
             vigie-backup restore-test --plan ID [--due DAYS] [--depth L0|L1|L2|L3] [--snapshot ID] [--subset PART]
                          [--manifest FILE] [--sample FILES] [--sandbox DIR] [--spool DIR] [--wait SECONDS]
                          [-- PROBE [ARGUMENT]...]
             vigie-backup prune --plan ID [--plan ID]... [--spool DIR] [--wait SECONDS] [--] COMMAND [ARGUMENT]...
             vigie-backup --send [--spool DIR]

      Runs the command, with its input, output and exit code as they are, and reports the run of the backup plan. While
      the platform is away it tries again for --wait seconds (60); then the report stays in the spool folder, and the
      next call or --send sends it. What the platform refuses is kept in refused/, with the reason. A report that cannot be
      written there is sent at once, and printed on the error output where that fails, too.

      --form says what the command writes on its output: restic (restic backup --json) or borg (borg create --json). Of
      other commands, and of runs that failed, the exit code, the times and the end of the output are reported.

      restore-test tests whether restic can restore the snapshot (latest), and reports it. L0: restic reads a part of the
      packs (--subset, 10%) and finds no error. L1 (unless --depth says otherwise): some files of the manifest (--sample,
      25), taken at random, are restored into a folder of their own below --sandbox and are as the manifest has them. L2:
      all of the snapshot is restored, and some files compared. L3: and PROBE, run in that folder, succeeds. The manifest
      is what sha256sum wrote of the files when they were backed up. Restic finds the repository and its password in its
      own environment; the platform gets neither. The exit code is 0 if it passed, and 1 if it failed. It is 1,
      too, and nothing is reported, when nothing could be tested: without the snapshot or the manifest, while something
      else has the repository locked, or when it is stopped. With --due the platform is asked first: nothing is tested,
      and the exit code is 0, unless a test of that asset is due within so many days (0 to 366); where the platform does
      not say, nothing is tested either, and it is 75.

      prune runs a command that deletes copies, such as restic forget --prune, unless the copies of a plan are held: it
      asks the platform first, of each plan whose copies are where the command deletes. Where they are held the command is
      not run, why and until when is said, and the exit code is 77; where the platform does not say whether they are, it
      is not run either, and the exit code is 75. Restic itself is asked before and after which copies there are, with
      its own environment; where it does not say the command is not run, 75, and those that are gone are reported. Which
      ones another command deletes is not reported.

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
      Path spool = defaultSpool(environment);
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

    static Duration seconds(String value) {
      long seconds = Long.parseLong(value);
      if (seconds < 0 || seconds > 86_400) {
        throw new IllegalArgumentException("--wait must be 0 to 86400");
      }
      return Duration.ofSeconds(seconds);
    }

    static String value(String option, Deque<String> left) {
      if (left.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      return left.poll();
    }
  }

  private Main() {}

  private static Path defaultSpool(Map<String, String> environment) {
    return Path.of(
        environment.getOrDefault(
            "VIGIE_SPOOL", System.getProperty("user.home") + "/.vigie-backup"));
  }

  /** In a thread of its own: one that exits while the process is told to stop never goes on. */
  public static void main(String[] arguments) throws InterruptedException {
    // What stays when the thread does not come to its end.
    AtomicInteger exitCode = new AtomicInteger(FAILED);
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
    IntSupplier work;
    try {
      work = work(arguments, environment, out, err, clock);
    } catch (IllegalArgumentException e) {
      err.println("vigie-backup: " + e.getMessage());
      err.print(USAGE);
      return USAGE_ERROR;
    }
    return work.getAsInt();
  }

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  private static IntSupplier work(
      String[] arguments,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Clock clock) {
    if (arguments.length > 0 && arguments[0].equals(RestoreCall.COMMAND)) {
      RestoreCall call = RestoreCall.parse(arguments, defaultSpool(environment));
      Delivery delivery = new Delivery(new Spool(call.spool()), environment, err, clock);
      return () ->
          call.dueWithin() == null
              ? testRestore(call, delivery, out, err, clock)
              : testRestoreIfDue(call, environment, delivery, out, err, clock);
    }
    if (arguments.length > 0 && arguments[0].equals(PruneCall.COMMAND)) {
      PruneCall call = PruneCall.parse(arguments, defaultSpool(environment));
      return () -> prune(call, environment, out, err, clock);
    }
    Call call = Call.parse(arguments, environment);
    Delivery delivery = new Delivery(new Spool(call.spool()), environment, err, clock);
    return call.send()
        ? () -> delivery.send(Duration.ZERO) ? 0 : WAITING
        : () -> runCommand(call, delivery, out, err, clock);
  }

  private static int runCommand(
      Call call, Delivery delivery, PrintStream out, PrintStream err, Clock clock) {
    return stoppable(
        started -> {
          CommandRun run = CommandRun.of(call.command(), null, out, err, clock, started);
          Report report = run.report(call.plan(), call.form());
          delivery.deliver(List.of(report), call.patience());
          return run.exitCode();
        });
  }

  private static int testRestoreIfDue(
      RestoreCall call,
      Map<String, String> environment,
      Delivery delivery,
      PrintStream out,
      PrintStream err,
      Clock clock) {
    try {
      Instant before = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(call.dueWithin());
      if (!Platform.of(environment).isTestDue(call.task().plan(), before)) {
        err.println("vigie-backup: nothing was tested, for no test is due before " + before);
        return 0;
      }
    } catch (IOException e) {
      err.println(
          "vigie-backup: nothing was tested, for nobody says whether that is due: "
              + e.getMessage());
      return WAITING;
    }
    return testRestore(call, delivery, out, err, clock);
  }

  private static int testRestore(
      RestoreCall call, Delivery delivery, PrintStream out, PrintStream err, Clock clock) {
    return stoppable(
        started -> {
          RestoreTest test = new RestoreTest(call.task(), out, err, clock, started);
          try {
            delivery.deliver(List.of(test.run()), call.patience());
            return test.isPassed() ? 0 : FAILED;
          } catch (IOException e) {
            err.println("vigie-backup: nothing was tested: " + e.getMessage());
            return FAILED;
          }
        });
  }

  private static int prune(
      PruneCall call,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Clock clock) {
    try {
      Platform platform = Platform.of(environment);
      for (UUID plan : call.plans()) {
        String hold = platform.hold(plan);
        if (hold != null) {
          err.println("vigie-backup: nothing was pruned. Plan " + plan + " is held: " + hold);
          return HELD;
        }
      }
    } catch (IOException e) {
      err.println(
          "vigie-backup: nothing was pruned, for nobody says whether copies are held: "
              + e.getMessage());
      return WAITING;
    }
    Delivery delivery = new Delivery(new Spool(call.spool()), environment, err, clock);
    return stoppable(
        started -> {
          Pruning pruning = new Pruning(call, out, err, clock, started);
          try {
            int exitCode = pruning.run();
            delivery.deliver(pruning.reports(), call.patience());
            return exitCode;
          } catch (IOException e) {
            err.println("vigie-backup: nothing was pruned: " + e.getMessage());
            return WAITING;
          }
        });
  }

  private static int stoppable(ToIntFunction<Consumer<Process>> work) {
    Stop stop = new Stop(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      return work.applyAsInt(stop::started);
    } finally {
      remove(stop);
    }
  }

  /**
   * When this process is told to stop the command is told so too, and each that starts after it;
   * what it came to is still reported, or kept.
   */
  static final class Stop extends Thread {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Thread work;
    private volatile Process process;
    private volatile boolean told;

    Stop(Thread work) {
      this.work = work;
    }

    void started(Process command) {
      process = command;
      if (told) {
        end(command);
      }
    }

    @Override
    public void run() {
      told = true;
      Process command = process;
      if (command != null) {
        end(command);
      }
      try {
        work.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void end(Process command) {
      // The process's own destroy would close its output before all of it is read.
      command.toHandle().destroy();
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
