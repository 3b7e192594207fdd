package io.vigie.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The processor time of PostgreSQL and of one more process, in seconds. Nothing else of a run is so
 * steady on a shared machine.
 */
final class Processor {

  private static final double TICKS_PER_SECOND = 100;
  private static final long WARM_UP_SECONDS = 300;
  private static final double WARM_SECONDS = 5;

  /** What all processors of the machine have done since it began, in ticks. */
  record Machine(long used, long idle) {

    /** How much of the time they were in use, by whomever, in percent. */
    double busySince(Machine before) {
      double inUse = used - before.used;
      return 100 * inUse / (inUse + idle - before.idle);
    }
  }

  private final long postmaster;
  private final long process;

  Processor(Connection database, long process) throws SQLException {
    this.process = process;
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      this.postmaster = Long.parseLong(stat(Path.of("/proc/" + row.getLong(1)))[1]);
    }
  }

  /** The machine now; waiting for a disk is idle, time taken by other machines is in use. */
  static Machine machine() throws IOException {
    // cpu, user, nice, system, idle, iowait, irq, softirq, steal; guests are in user and nice
    String[] line = Files.readString(Path.of("/proc/stat")).lines().findFirst().get().split(" +");
    long[] ticks = Arrays.stream(line, 1, 9).mapToLong(Long::parseLong).toArray();
    long idle = ticks[3] + ticks[4];
    return new Machine(LongStream.of(ticks).sum() - idle, idle);
  }

  /** What has been used since the processes began. */
  double seconds() {
    return (ticks(process) + ticks(postmaster) + children().map(Processor::ticks).sum())
        / TICKS_PER_SECOND;
  }

  /** What the process's just-in-time compiler has used. */
  double compilerSeconds() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process + "/task"))) {
      return threads.filter(Processor::compiles).mapToLong(Processor::ticks).sum()
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs this, over and over, until the compiler, which takes its time of the processors that
   * answer, has had less than a fiftieth of one for five seconds; which neither a clock nor a count
   * of answers tells. Gives up after five minutes.
   */
  void warmUp(Callable<?> load) throws Exception {
    long deadline = System.nanoTime() + WARM_UP_SECONDS * 1_000_000_000L;
    while (compiles(load) && System.nanoTime() < deadline) {}
  }

  private boolean compiles(Callable<?> load) throws Exception {
    long start = System.nanoTime();
    double before = compilerSeconds();
    double passed;
    do {
      load.call();
      passed = (System.nanoTime() - start) / 1e9;
    } while (passed < WARM_SECONDS);
    return (compilerSeconds() - before) / passed > 0.02;
  }

  private LongStream children() {
    return ProcessHandle.of(postmaster).stream()
        .flatMap(ProcessHandle::children)
        .mapToLong(ProcessHandle::pid);
  }

  private static boolean compiles(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*");
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  private static long ticks(long pid) {
    return ticks(Path.of("/proc/" + pid));
  }

  /** Its own, and that of children that have ended; of a thread, its own. */
  private static long ticks(Path task) {
    String[] stat = stat(task);
    return stat.length == 0
        ? 0
        : LongStream.of(11, 12, 13, 14).map(i -> Long.parseLong(stat[(int) i])).sum();
  }

  /** The fields behind the name, which may hold anything: state, parent and so on. */
  private static String[] stat(Path task) {
    Path file = task.resolve("stat");
    try {
      String line = Files.readString(file);
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw new UncheckedIOException(e);
      }
      return new String[0]; // it has just ended, and its parent counts it
    }
  }
}
