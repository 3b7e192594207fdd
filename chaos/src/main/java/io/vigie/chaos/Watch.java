package io.vigie.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.vigie.stack.Stack;

/**
 * What processes, with their children, and databases hold on to while clients work: threads, file
 * handles, memory that is theirs alone, live objects after a collection, connections, the tables
 * that ought to stay small, and what a row takes in those that keep theirs for days. What is larger
 * in the last quarter of the time than in the second, beyond a margin, grows.
 */
final class Watch implements AutoCloseable {

  private static final int SECONDS = 15;
  private static final int SAMPLES_NEEDED = 8;

  /** A look takes a while, and one may miss something; of each figure there is one a minute. */
  private static final long BETWEEN_SAMPLES_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int HISTOGRAM_SECONDS = 30;
  private static final double MARGIN = 1.25;

  /** A kind of figure, and what it may differ by in any case. */
  enum What {
    THREADS(8, 1),
    HANDLES(40, 1),
    /** A heap may fill to its limit, and give back what it does not need, at any time. */
    OWN_MIB(96, 1 << 20),
    LIVE_MIB(8, 1 << 20),
    CONNECTIONS(5, 1),
    TABLE_MIB(4, 1 << 20),
    ROW_BYTES(100, 1);

    private final double slack;
    private final double unit;

    What(double slack, double unit) {
      this.slack = slack;
      this.unit = unit;
    }
  }

  private record Figure(What what, String of) implements Comparable<Figure> {
    @Override
    public int compareTo(Figure other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return of + " " + what.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private static final List<String> SMALL_TABLES =
      List.of("outbox", "relay", "parked", "revocation");

  /** They keep a row of each event for 35 days, and of each answer for a day. */
  private static final List<String> KEEPING_TABLES = List.of("inbox", "idempotency");

  /** Of fewer the pages of an empty table say more than they do. */
  private static final int ROWS = 1_000;

  private interface Look {
    void take() throws IOException, SQLException;
  }

  private interface Reading {
    long of(Path process) throws IOException;
  }

  private final Stack stack;
  private final List<String> components;
  private final Map<Figure, List<Double>> samples = new TreeMap<>();
  private final List<Difference> deaths = new ArrayList<>();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final long begun = System.nanoTime();

  Watch(Stack stack, List<String> components) {
    this.stack = stack;
    this.components = components;
    components.forEach(this::expect);
    thread.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** What is looked at, so that whatever is never seen is missed. */
  private void expect(String component) {
    for (What what : List.of(What.HANDLES, What.THREADS, What.OWN_MIB)) {
      samples.put(new Figure(what, component), new ArrayList<>());
    }
    if (!component.equals(Platform.DATABASE)) {
      samples.put(new Figure(What.LIVE_MIB, component), new ArrayList<>());
    }
    if (Platform.SERVICES.contains(component)) {
      samples.put(new Figure(What.CONNECTIONS, component), new ArrayList<>());
      for (String table : smallTables(component)) {
        samples.put(new Figure(What.TABLE_MIB, component + "." + table), new ArrayList<>());
      }
    }
  }

  private void look() {
    try {
      for (String component : components) {
        OptionalLong pid = stack.pid(component);
        if (pid.isPresent()) { // otherwise it ended by itself, which is a difference already
          attempt(() -> look(component, pid.getAsLong()));
        }
      }
      for (String service : Platform.SERVICES) {
        attempt(() -> lookAtDatabase(service));
      }
    } catch (RuntimeException e) {
      died(e);
      throw e; // no further look
    }
  }

  /** What fails keeps nothing else from being seen. */
  private static void attempt(Look look) {
    try {
      look.take();
    } catch (IOException | UncheckedIOException | SQLException e) {
      System.err.println("A sample is missing: " + e.getMessage());
    }
  }

  private synchronized void died(RuntimeException cause) {
    deaths.add(Difference.death("the watch over what grows", cause));
  }

  private void look(String component, long pid) throws IOException, SQLException {
    if (!component.equals(Platform.DATABASE)) {
      add(What.LIVE_MIB, component, liveBytes(pid)); // first: it collects
    }
    add(What.HANDLES, component, sum(pid, process -> entries(process.resolve("fd"))));
    add(What.THREADS, component, sum(pid, process -> entries(process.resolve("task"))));
    add(What.OWN_MIB, component, sum(pid, Watch::ownBytes));
  }

  /** Over a process and its children. */
  private static long sum(long pid, Reading reading) throws IOException {
    List<Path> processes =
        Stream.concat(
                Stream.of(pid),
                ProcessHandle.of(pid).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid))
            .map(id -> Path.of("/proc/" + id))
            .toList();
    long sum = 0;
    for (Path process : processes) {
      try {
        sum += reading.of(process);
      } catch (IOException | UncheckedIOException e) {
        if (Files.exists(process)) {
          throw e;
        }
        // a child that has ended meanwhile
      }
    }
    return sum;
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  /** Memory that a process shares with no other, and with no file. */
  static long ownBytes(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException(process + " does not tell its memory");
  }

  /** The histogram counts what a full collection leaves. */
  private static long liveBytes(long pid) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .start();
    process
        .onExit()
        .orTimeout(HISTOGRAM_SECONDS, TimeUnit.SECONDS)
        .exceptionally(late -> process.destroyForcibly());
    String[] lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
    String[] total = lines[lines.length - 1].trim().split("\\s+");
    if (!total[0].equals("Total")) {
      throw new IOException("process " + pid + " shows no histogram: " + lines[0]);
    }
    return Long.parseLong(total[2]);
  }

  private void lookAtDatabase(String service) throws SQLException {
    try (Connection connection = stack.superuser(service);
        Statement statement = connection.createStatement()) {
      add(
          What.CONNECTIONS,
          service,
          number(
              statement,
              "select count(*) from pg_stat_activity where datname = current_database()"));
      for (String table : smallTables(service)) {
        addSize(statement, service, table);
      }
      for (String table : KEEPING_TABLES) {
        long rows = number(statement, "select count(*) from " + table);
        if (rows >= ROWS) {
          add(What.ROW_BYTES, service + "." + table, size(statement, table) / (double) rows);
        }
      }
    }
  }

  private static List<String> smallTables(String service) {
    List<String> tables = new ArrayList<>(SMALL_TABLES);
    if (service.equals("access")) {
      tables.addAll(List.of("directory_change", "directory_examination"));
    }
    return tables;
  }

  private void addSize(Statement statement, String service, String table) throws SQLException {
    add(What.TABLE_MIB, service + "." + table, size(statement, table));
  }

  private static long size(Statement statement, String table) throws SQLException {
    return number(statement, "select pg_total_relation_size('" + table + "')");
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  synchronized void add(What what, String of, double value) {
    samples.computeIfAbsent(new Figure(what, of), any -> new ArrayList<>()).add(value / what.unit);
  }

  /** A line for each figure: the medians of the second and of the last quarter. */
  synchronized List<String> lines() {
    return samples.entrySet().stream()
        .filter(figure -> !figure.getValue().isEmpty())
        .map(
            figure ->
                String.format(
                    Locale.ROOT,
                    "  %-32s %8.1f then %8.1f",
                    figure.getKey(),
                    early(figure.getValue()),
                    late(figure.getValue())))
        .toList();
  }

  synchronized List<Difference> growth() {
    return growth(System.nanoTime() - begun);
  }

  /**
   * @param nanos how long it was watched
   */
  synchronized List<Difference> growth(long nanos) {
    long needed = Math.max(SAMPLES_NEEDED, nanos / BETWEEN_SAMPLES_NANOS);
    List<Difference> growth = new ArrayList<>(deaths);
    samples.forEach(
        (figure, values) -> {
          if (figure.what() == What.ROW_BYTES && values.size() < SAMPLES_NEEDED) {
            return; // a table of few rows
          }
          if (figure.what() != What.ROW_BYTES && values.size() < needed) {
            growth.add(
                new Difference(
                    figure.toString(), needed + " samples", values.size() + "; run longer"));
            return;
          }
          double most = Math.max(early(values) * MARGIN, early(values) + figure.what().slack);
          if (late(values) > most) {
            growth.add(
                new Difference(
                    figure.toString(),
                    "at most %.1f, after %.1f".formatted(most, early(values)),
                    "%.1f".formatted(late(values))));
          }
        });
    return growth;
  }

  private static double early(List<Double> values) {
    return median(
        values.subList(values.size() / 4, Math.max(values.size() / 4 + 1, values.size() / 2)));
  }

  private static double late(List<Double> values) {
    return median(values.subList(values.size() * 3 / 4, values.size()));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
