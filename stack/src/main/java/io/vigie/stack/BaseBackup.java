package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A base backup of the running server: all of its databases as they are at one moment, the one at
 * which it is stopped. By the server's own functions and a copy of its files, since the binaries
 * that come as an artefact have neither {@code pg_basebackup} nor {@code pg_dump}.
 */
final class BaseBackup implements AutoCloseable {
  /** A checkpoint of much that changed takes a slow disk a while. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String WAL = "pg_wal";
  private static final String LABEL = "backup_label";

  /** As pg_basebackup has it: what a server makes anew when it starts, and what is added last. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          WAL,
          LABEL,
          "backup_label.old",
          "pg_dynshmem",
          "pg_notify",
          "pg_replslot",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans",
          "postmaster.opts",
          "postmaster.pid");

  private static final List<String> LEFT_OUT_BY_PREFIX = List.of("pg_internal.init", "pgsql_tmp");

  private final Path data;
  private final Connection connection;
  private final String firstSegment;
  private String lastSegment;
  private String label;

  private BaseBackup(Path data, Connection connection, String firstSegment) {
    this.data = data;
    this.connection = connection;
    this.firstSegment = firstSegment;
  }

  /** Begins one; the server goes on as before. */
  static BaseBackup begin(Postgres postgres) throws SQLException {
    Connection connection = postgres.connect(Postgres.SUPERUSER);
    try (Statement sql = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
      // Keeps the log of writes from here on, for as long as this connection lasts.
      sql.execute("select pg_create_physical_replication_slot('vigie_backup', true, true)");
      String first = "select pg_walfile_name(pg_backup_start('./vigie backup', fast => true))";
      try (ResultSet row = sql.executeQuery(first)) {
        row.next();
        return new BaseBackup(postgres.data(), connection, row.getString(1));
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Packs the server's files, of which some are written to meanwhile. */
  void copy(StateArchive archive) throws IOException {
    archive.add(data, path -> isLeftOut(path.getFileName().toString()));
  }

  private static boolean isLeftOut(String name) {
    return LEFT_OUT.contains(name) || LEFT_OUT_BY_PREFIX.stream().anyMatch(name::startsWith);
  }

  /** The moment that a server which starts with this backup goes on from. */
  void stop() throws SQLException {
    String stop =
        "select pg_walfile_name(lsn), labelfile from pg_backup_stop(wait_for_archive => false)";
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(stop)) {
      row.next();
      lastSegment = row.getString(1);
      label = row.getString(2);
    }
  }

  /** Packs what makes of those files what they were at that moment, once it was stopped. */
  void finish(StateArchive archive) throws IOException {
    List<Path> segments;
    try (Stream<Path> files = Files.list(data.resolve(WAL))) {
      segments = files.filter(this::isOfThisBackup).sorted().toList();
    }
    if (segments.isEmpty() || !segments.get(0).endsWith(firstSegment)) {
      throw new IOException("PostgreSQL has thrown away " + firstSegment + " of its log of writes");
    }
    for (Path segment : segments) {
      archive.add(segment);
    }
    archive.add(data.resolve(LABEL), label);
  }

  /** Names of segments are in hexadecimal digits, in the order of what they hold. */
  private boolean isOfThisBackup(Path file) {
    String name = file.getFileName().toString();
    return name.matches("[0-9A-F]{24}")
        && name.compareTo(firstSegment) >= 0
        && name.compareTo(lastSegment) <= 0;
  }

  /** Gives it up where it was not stopped. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
