package io.vigie.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.LongStream;

/**
 * The processor time of PostgreSQL and of one more process, in seconds. Nothing else of a run is so
 * steady on a shared machine.
 */
final class Processor {

  private static final double TICKS_PER_SECOND = 100;

  private final long postmaster;
  private final long process;

  Processor(Connection database, long process) throws SQLException {
    this.process = process;
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      this.postmaster = Long.parseLong(stat(row.getLong(1))[1]);
    }
  }

  /** What has been used since the processes began. */
  double seconds() {
    return (ticks(process) + ticks(postmaster) + children().map(Processor::ticks).sum())
        / TICKS_PER_SECOND;
  }

  private LongStream children() {
    return ProcessHandle.of(postmaster).stream()
        .flatMap(ProcessHandle::children)
        .mapToLong(ProcessHandle::pid);
  }

  /** Its own, and that of children that have ended. */
  private static long ticks(long pid) {
    String[] stat = stat(pid);
    return stat.length == 0
        ? 0
        : LongStream.of(11, 12, 13, 14).map(i -> Long.parseLong(stat[(int) i])).sum();
  }

  /** The fields behind the name, which may hold anything: state, parent and so on. */
  private static String[] stat(long pid) {
    Path file = Path.of("/proc/" + pid + "/stat");
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
