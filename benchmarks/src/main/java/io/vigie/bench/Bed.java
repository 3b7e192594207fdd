package io.vigie.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.vigie.stack.Site;
import io.vigie.stack.Stack;

/**
 * What benchmarks lie on: audit-service and the components it needs, on free ports, with a state of
 * its own that begins empty. Started when the first of them asks for it.
 */
final class Bed implements AutoCloseable {

  private final Path root;
  private final boolean quick;
  private volatile Stack stack;
  private boolean started;
  private Process audit;

  Bed(Path root, boolean quick) {
    this.root = root;
    this.quick = quick;
  }

  /** Whether sizes are small and rounds few, for a first impression. */
  boolean quick() {
    return quick;
  }

  int rounds() {
    return quick ? 1 : 3;
  }

  Path root() {
    return root;
  }

  /** The running platform. */
  synchronized Stack stack() throws SQLException {
    if (!started) {
      Site site =
          new Site(
              root,
              root.resolve("benchmarks/target/stack"),
              root.resolve(".vigie/cache"),
              Stack.freeOffset());
      stack = new Stack(site, "postgresql", "kafka", "keycloak", "mail", "audit");
      stack.wipe();
      stack.start((component, what) -> System.out.println("  " + component + " " + what));
      if (!text("select current_setting('fsync')").equals("on")) {
        throw new IllegalStateException("fsync is off: no figure would mean anything");
      }
      writeForLoad();
      stack.stop("audit");
      startAudit(Map.of());
      started = true;
    }
    return stack;
  }

  /** As a server is set up: memory for the pages in use, a full-page image of each but seldom. */
  private void writeForLoad() throws SQLException {
    try (Connection server = stack.superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("alter system set shared_buffers = '2GB'");
      statement.execute("alter system set max_wal_size = '8GB'");
      statement.execute("alter system set checkpoint_timeout = '15min'");
    }
    stack.stop("postgresql");
    stack.start("postgresql");
    stack.awaitHealthy("postgresql");
  }

  /** The log takes events in, and nothing else reads them: neither rules nor the SIEM feed. */
  synchronized void logAlone() throws SQLException {
    stack();
    stopAudit();
    startAudit(Map.of("VIGIE_DETECT_EVERY", "off", "VIGIE_SIEM_KAFKA", "false"));
  }

  /** Everything runs, as it does by default; what was logged meanwhile is left alone. */
  synchronized void readersToo() throws SQLException {
    stack();
    stopAudit();
    try (Connection connection = log()) {
      BigLog.markAsRead(connection);
    }
    startAudit(Map.of());
  }

  /** On one machine services start fast and run slower; what is measured runs as in production. */
  private void startAudit(Map<String, String> settings) {
    ProcessBuilder command = stack.command("audit");
    command.environment().putAll(settings);
    command.command().remove("-XX:TieredStopAtLevel=1");
    command
        .command()
        .replaceAll(word -> word.equals("-XX:+UseSerialGC") ? "-XX:+UseParallelGC" : word);
    command.command().replaceAll(word -> word.equals("-Xmx256m") ? "-Xmx1g" : word);
    command
        .redirectErrorStream(true)
        .redirectOutput(root.resolve("benchmarks/target/audit.log").toFile());
    try {
      audit = command.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!answers()) {
      if (!audit.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "audit-service does not start: benchmarks/target/audit.log");
      }
      LockSupport.parkNanos(200_000_000);
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection ready =
          (HttpURLConnection)
              stack.url("audit").resolve("/q/health/ready").toURL().openConnection();
      return ready.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The log's database, as the superuser. */
  Connection log() throws SQLException {
    return stack().superuser("audit");
  }

  /** How many entries the log has. */
  long size() throws SQLException {
    return number("select size from head");
  }

  long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  private String text(String query) throws SQLException {
    try (Connection connection = stack.superuser("audit");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  String token(String account) throws SQLException, IOException {
    return stack().token(account);
  }

  /** Ends a start that is under way, too, and waits until it has cleaned up behind itself. */
  void abort() {
    if (stack != null) {
      stack.abort();
    }
    close();
  }

  private void stopAudit() {
    if (audit != null) {
      audit.destroy();
      audit.onExit().join();
      audit = null;
    }
  }

  @Override
  public synchronized void close() {
    stopAudit();
    if (stack != null) {
      stack.wipe();
      stack = null;
      started = false;
    }
  }
}
