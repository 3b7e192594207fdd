package io.vigie.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that outlives the launcher, found again through its pid file. The file names the
 * process and the moment it started, so that another process which later gets the same number is
 * never taken for it, let alone stopped.
 */
class Daemon {
  private static final boolean LINUX = Files.exists(Path.of("/proc/self/stat"));
  private static final boolean SETSID = onPath("setsid");

  private final Path pidFile;
  private final Path log;
  private volatile Words words;

  Daemon(Path pidFile, Path log) {
    this.pidFile = pidFile;
    this.log = log;
    this.words = Words.from(log);
  }

  Path log() {
    return log;
  }

  /** What it said since its last start by this launcher. */
  Words words() {
    return words;
  }

  /**
   * Starts the process in a session of its own, so that a Ctrl-C meant for the launcher does not
   * reach it.
   */
  void start(ProcessBuilder process) throws IOException {
    Files.createDirectories(pidFile.getParent());
    Files.createDirectories(log.getParent());
    if (SETSID) {
      List<String> command = new ArrayList<>(List.of("setsid"));
      command.addAll(process.command());
      process.command(command);
    }
    process.redirectErrorStream(true);
    process.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    words = Words.from(log);
    Process started = process.start();
    try {
      long pid = started.pid();
      Files.writeString(pidFile, pid + " " + identity(pid).orElse("gone"));
    } catch (IOException e) {
      // Without the file nobody would find it again.
      started.destroyForcibly();
      throw e;
    }
  }

  /** The process, while it runs; empty once it ended, whatever its number is used for since. */
  Optional<ProcessHandle> process() {
    return process(pidFile);
  }

  /** The same of the process that a pid file names. */
  static Optional<ProcessHandle> process(Path pidFile) {
    try {
      String[] recorded = Files.readString(pidFile).trim().split(" ", 2);
      long pid = Long.parseLong(recorded[0]);
      return identity(pid).filter(recorded[1]::equals).flatMap(running -> ProcessHandle.of(pid));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  boolean alive() {
    return process().isPresent();
  }

  /** Whether it was started and not stopped by us since: with {@link #alive()} false, it died. */
  boolean expected() {
    return Files.exists(pidFile);
  }

  Optional<Instant> since() {
    return process().flatMap(p -> p.info().startInstant());
  }

  /** Sends a signal (its name without SIG) to the process, if it runs, and to its children. */
  void signal(String signal) {
    process()
        .ifPresent(
            p ->
                Stream.concat(Stream.of(p), p.descendants())
                    .forEach(member -> send(signal, member.pid())));
  }

  /**
   * Freezes the process and its children (STOP), and returns once none of its threads runs, where
   * the system tells that.
   *
   * @throws StackException when one still does after so long
   */
  void freeze(Duration within) {
    signal("STOP");
    long deadline = System.nanoTime() + within.toNanos();
    while (LINUX && process().filter(p -> !isFrozen(p.pid())).isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new StackException(name() + " does not stand still. Its log: " + log);
      }
      pause(Duration.ofMillis(1));
    }
  }

  private static boolean isFrozen(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.allMatch(Daemon::isThreadFrozen);
    } catch (IOException | UncheckedIOException e) {
      return true; // it ended
    }
  }

  private static boolean isThreadFrozen(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return "TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException e) {
      return true; // it ended
    }
  }

  /**
   * Stops the process: the signal first, then, when the time is over, KILL. Returns once it is
   * gone.
   *
   * @param grace how long to wait for it, after the signal and again after KILL
   * @throws StackException when it runs nonetheless; it stays on record, to be stopped again
   */
  void stop(String signal, Duration grace) {
    process()
        .ifPresent(
            p -> {
              // A postmaster that dies leaves children that hold the data directory for a moment.
              List<Member> family =
                  Stream.concat(p.descendants(), Stream.of(p))
                      .flatMap(member -> Member.of(member.pid()).stream())
                      .toList();
              send(signal, p.pid());
              // All of them: a parent may wait for a child that was frozen with it.
              family.forEach(member -> send("CONT", member.pid()));
              if (!ended(family, grace)) {
                family.stream().filter(Member::runs).forEach(member -> send("KILL", member.pid()));
                if (!ended(family, grace)) {
                  throw survived(p.pid());
                }
              }
            });
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new StackException("Cannot delete " + pidFile + ": " + e.getMessage(), e);
    }
  }

  /** A process of the family, with what tells it from a later one of the same number. */
  record Member(long pid, String identity) {
    /** Empty when it ended. */
    static Optional<Member> of(long pid) {
      return Daemon.identity(pid).map(identity -> new Member(pid, identity));
    }

    boolean runs() {
      return Daemon.identity(pid).filter(identity::equals).isPresent();
    }
  }

  private StackException survived(long pid) {
    return new StackException(
        "%s (process %d, or a child of it) still runs, although it was killed. Look at it with ps -fp %d, then stop it again."
            .formatted(name(), pid, pid));
  }

  private String name() {
    return pidFile.getFileName().toString().replace(".pid", "");
  }

  void send(String signal, long pid) {
    try {
      new ProcessBuilder("sh", "-c", "kill -\"$0\" \"$1\" 2>/dev/null", signal, Long.toString(pid))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new StackException("Cannot signal process " + pid + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean ended(List<Member> family, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (family.stream().anyMatch(Member::runs)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause(Duration.ofMillis(20));
    }
    return true;
  }

  static void pause(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted.", e);
    }
  }

  /**
   * What tells a running process from any other that ever had or will have its number: on Linux the
   * kernel's start tick (which a change of the clock does not move) and the boot it belongs to.
   * Empty when it ended, a zombie included.
   */
  static Optional<String> identity(long pid) {
    if (!LINUX) {
      return ProcessHandle.of(pid).flatMap(p -> p.info().startInstant()).map(Instant::toString);
    }
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The second field is the program's name in parentheses and may itself hold spaces and
      // parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
      return ended ? Optional.empty() : Optional.of(fields[19] + "@" + boot);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static boolean onPath(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }
}
