package io.vigie.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.vigie.stack.Site;
import io.vigie.stack.Stack;
import org.apache.kafka.clients.admin.Admin;

import static java.util.function.Predicate.not;

/**
 * What benchmarks lie on: the components that services need, on free ports, with a state of its own
 * that begins empty. Started when the first of them asks for it; a service runs when one asks for
 * that.
 */
final class Bed implements AutoCloseable {

  /** What runs beside the database and the services. */
  private static final List<String> OTHERS = List.of("kafka", "mail", "keycloak");

  /** The services and the console. */
  private static final List<String> APPLICATIONS =
      List.of("asset", "access", "incident", "backup", "audit", "console");

  static final long PATIENCE_NANOS = 600_000_000_000L;

  /** For so long a token serves, whose five minutes nobody's requests outlast that way. */
  private static final long TOKEN_NANOS = 60_000_000_000L;

  private record Token(String value, long nanoTime) {}

  /** Asks a service's database whether nothing waits to be told. */
  static final String TOLD = "select count(*) = 0 from outbox";

  private final Path root;
  private final boolean quick;
  private volatile Site site;
  private volatile Stack stack;
  private boolean started;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final Map<String, Token> tokens = new HashMap<>();

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

  /** Where the platform keeps what it has. */
  Path state() {
    return root.resolve("benchmarks/target/stack");
  }

  /** The same platform, as if it had but these components. */
  Stack part(String... names) throws SQLException {
    stack();
    return new Stack(site, names);
  }

  /** The running platform. */
  synchronized Stack stack() throws SQLException {
    if (!started) {
      site = new Site(root, state(), root.resolve(".vigie/cache"), Stack.freeOffset());
      stack = new Stack(site);
      stack.wipe();
      stack.start("postgresql");
      requireFsync(stack);
      writeForLoad();
      OTHERS.parallelStream().forEach(stack::start);
      APPLICATIONS.forEach(stack::prepare);
      started = true;
    }
    return stack;
  }

  /** Fails where a commit would be faster than a disk. */
  static void requireFsync(Stack stack) throws SQLException {
    try (Connection server = stack.superuser("postgres");
        Statement statement = server.createStatement();
        ResultSet row = statement.executeQuery("show fsync")) {
      row.next();
      if (!row.getString(1).equals("on")) {
        throw new IllegalStateException("fsync is off: no figure would mean anything");
      }
    }
  }

  /** Of the services the named ones run, and all of them begin anew, with the same accounts. */
  synchronized void fresh(String... services) throws Exception {
    forget();
    only(services);
  }

  /** The same, which takes a while; in a quick run what is there stays. */
  void freshUnlessQuick(String... services) throws Exception {
    if (quick) {
      only(services);
    } else {
      fresh(services);
    }
  }

  private void forget() throws Exception {
    if (!started) {
      return;
    }
    APPLICATIONS.parallelStream().forEach(this::end);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.address("kafka")))) {
      admin.deleteTopics(admin.listTopics().names().get()).all().get();
    }
    try (Connection server = stack.superuser("postgres");
        Statement statement = server.createStatement()) {
      for (String application : APPLICATIONS) {
        statement.execute("drop database %s with (force)".formatted(application));
      }
    }
    stack.start("postgresql"); // which makes them
    // By which the log would know that it had been longer.
    Files.deleteIfExists(
        Path.of(stack.command("audit").environment().get("VIGIE_LOG_CHECKPOINT_FILE")));
  }

  /** Stops audit-service and starts it again; how many seconds the start takes. */
  synchronized double restart() throws SQLException {
    stack();
    stop("audit");
    long start = System.nanoTime();
    start("audit", Map.of());
    return (System.nanoTime() - start) / 1e9;
  }

  /** As a server is set up: memory for the pages in use, a full-page image of each but seldom. */
  private void writeForLoad() throws SQLException {
    try (Connection server = stack.superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("alter system set shared_buffers = '2GB'");
      statement.execute("alter system set max_wal_size = '8GB'");
      statement.execute("alter system set checkpoint_timeout = '15min'");
    }
    restartDatabase();
  }

  private void restartDatabase() {
    stack.stop("postgresql");
    stack.start("postgresql");
    stack.awaitHealthy("postgresql");
  }

  /** From now on the database's log tells a replica of tables what changed in them. */
  synchronized void logicalReplication() throws SQLException {
    try (Connection server = stack().superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("alter system set wal_level = 'logical'");
    }
    if (!text("select current_setting('wal_level')").equals("logical")) {
      restartDatabase();
    }
  }

  /** The log takes events in, and nothing else reads them: no rules, no controls, no SIEM feed. */
  synchronized void logAlone() throws SQLException {
    only();
    start(
        "audit",
        Map.of(
            "VIGIE_DETECT_EVERY", "off",
            "VIGIE_CONTROLS_EVERY", "off",
            "VIGIE_SIEM_KAFKA", "false"));
  }

  /** Everything runs, as it does by default; what was logged meanwhile is left alone. */
  synchronized void readersToo() throws SQLException {
    stack();
    stop("audit");
    try (Connection connection = log()) {
      BigLog.markAsRead(connection);
    }
    start("audit", Map.of());
  }

  /**
   * Starts a service of the running platform, again where it runs already, and returns when it is
   * ready. On one machine services start fast and run slower; what is measured runs as in
   * production.
   */
  synchronized Process start(String service, Map<String, String> settings) {
    ProcessBuilder command = command(service, settings);
    if (!quick) { // with another collector an archive of classes would be of no use
      command
          .command()
          .replaceAll(word -> word.equals("-XX:+UseSerialGC") ? "-XX:+UseParallelGC" : word);
    }
    command.command().replaceAll(word -> word.equals("-Xmx256m") ? "-Xmx1g" : word);
    return startReady(service, command);
  }

  /** The same with as little memory as on one machine: what does not fit in fails. */
  synchronized Process startSmall(String service, Map<String, String> settings) {
    return startReady(service, command(service, settings));
  }

  private ProcessBuilder command(String service, Map<String, String> settings) {
    ProcessBuilder command = stack.command(service);
    // A few callers send here what many do elsewhere.
    command.environment().put("VIGIE_HTTP_REQUESTS_PER_MINUTE", "1000000");
    command.environment().putAll(settings);
    if (quick) {
      // What was written past the log is signed at its next look.
      command.environment().put("VIGIE_LOG_PUBLISH_EVERY", "1s");
    } else {
      // Both compilers, with the room that is theirs by default. A short run would see the slower
      // one at work and little of what comes of it.
      command
          .command()
          .removeAll(List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=128m"));
    }
    return command;
  }

  private Process startReady(String service, ProcessBuilder command) {
    Process process = start(service, command);
    await(service, process, stack.url(service).resolve("/q/health/ready"), 200);
    return process;
  }

  /** Returns when a process that was started answers there with this status. */
  static void await(String name, Process process, URI address, int status) {
    long deadline = System.nanoTime() + 180_000_000_000L;
    while (!answers(address, status)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            name + " does not start: benchmarks/target/" + name + ".log");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Returns when this query says true, for ten minutes at most. */
  static void await(Statement statement, String condition) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!isTrue(statement, condition)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("never true: " + condition);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static boolean isTrue(Statement statement, String condition) throws SQLException {
    try (ResultSet row = statement.executeQuery(condition)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** Starts what ends with this bed at the latest; its output is {@code target/<name>.log}. */
  synchronized Process start(String name, ProcessBuilder command) {
    stop(name);
    Path log = root.resolve("benchmarks/target/" + name + ".log");
    try {
      Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      processes.put(name, process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean answers(URI address, int status) {
    try {
      return ((HttpURLConnection) address.toURL().openConnection()).getResponseCode() == status;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Everything begins anew and runs as {@code ./vigie up} starts it, with the little that it gives
   * each.
   */
  synchronized void up() throws Exception {
    forget();
    only();
    stack.start((component, what) -> System.out.println("  " + component + " " + what));
  }

  /** The services and the console run, as they do by default; what runs already goes on. */
  synchronized void everything() throws SQLException {
    only(APPLICATIONS.toArray(String[]::new));
  }

  /** Of these exactly the named ones run, as they do by default; what runs already goes on. */
  synchronized void only(String... services) throws SQLException {
    stack();
    Set<String> wanted = Set.of(services);
    APPLICATIONS.parallelStream().filter(not(wanted::contains)).forEach(this::end);
    for (String service : services) {
      if (!processes.containsKey(service) && !stack.healthy(service)) {
        if (service.equals("asset")) {
          numberAfterTheLog();
        }
        start(service, Map.of());
      }
    }
  }

  /** Other benchmarks have told the log of facts in the name of asset-service. */
  private void numberAfterTheLog() throws SQLException {
    String last = "select coalesce(max(source_number), 0) from entry where source = '%s'";
    try (Connection connection = stack.superuser("asset");
        Statement statement = connection.createStatement()) {
      if (text("select to_regclass('entry')") == null) {
        return; // there is no log
      }
      tables("asset");
      statement.execute(
          "update relay set last_number = greatest(last_number, %s)"
              .formatted(text(last.formatted(Events.SOURCE))));
    }
  }

  /** Makes the tables of a service that does not run, where it has none. */
  synchronized void tables(String service) throws SQLException {
    try (Connection connection = stack().superuser(service);
        Statement statement = connection.createStatement()) {
      if (isTrue(statement, "select to_regclass('relay') is null")) {
        statement.execute("set role %s_owner".formatted(service)); // as who owns them
        OwnDatabase.migrate(root, connection, service);
      }
    }
  }

  /** A service that runs. */
  synchronized Process service(String name) {
    return processes.get(name);
  }

  /** The log's database, as the superuser. */
  Connection log() throws SQLException {
    stack();
    return patient();
  }

  /** Some questions about millions of entries take longer than a service would wait. */
  private Connection patient() throws SQLException {
    Connection connection = stack.superuser("audit");
    connection.setNetworkTimeout(Runnable::run, (int) (PATIENCE_NANOS / 1_000_000));
    return connection;
  }

  /** How many entries the log has. */
  long size() throws SQLException {
    return number("select size from head");
  }

  long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  private String text(String query) throws SQLException {
    try (Connection connection = patient();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** A token of an account, which lives for four minutes at least. */
  synchronized String token(String account) throws SQLException, IOException {
    Token last = tokens.get(account);
    if (last == null || System.nanoTime() - last.nanoTime() > TOKEN_NANOS) {
      last = new Token(stack().token(account), System.nanoTime());
      tokens.put(account, last);
    }
    return last.value();
  }

  /** Ends a start that is under way, too, and waits until it has cleaned up behind itself. */
  void abort() {
    if (stack != null) {
      stack.abort();
    }
    close();
  }

  /** Ends a service, whoever started it. */
  private void end(String service) {
    stop(service);
    stack.stop(service);
  }

  /** Ends a service or another process, where it runs. */
  void stop(String name) {
    Process process = processes.remove(name);
    if (process != null) {
      process.destroy();
      process.onExit().join();
    }
  }

  @Override
  public synchronized void close() {
    // Nothing of it stays, so nothing has to be put away.
    processes.values().forEach(Process::destroyForcibly);
    List.copyOf(processes.keySet()).forEach(this::stop);
    if (stack != null) {
      Stream.of(APPLICATIONS, OTHERS).flatMap(List::stream).forEach(stack::kill);
      stack.wipe();
      stack = null;
      started = false;
      tokens.clear();
    }
  }
}
