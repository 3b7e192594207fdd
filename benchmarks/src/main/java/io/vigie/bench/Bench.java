package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code ./vigie bench [NAME…] [--quick] [--record]}: runs the named benchmarks, or all.
 *
 * <p>Exit codes: 0 every goal that could be judged is met; 1 one is not, or a benchmark failed; 2
 * wrong usage.
 */
public final class Bench {

  private static final List<Benchmark> ALL =
      List.of(
          new TreeInMemory(),
          new ConsolePages(),
          new ConsoleFirstLoad(),
          new Directory(),
          new Start(),
          new LogVerify(),
          new Ingest(),
          new LogProof(),
          new LogSearch(),
          new LogAppend(),
          new RestWrite(),
          new RestRead(),
          new RestGrowth(),
          new TrailLatency(),
          new TrailGrowth(),
          new AssetRegister(),
          new SoftwareMatching(),
          new Certification(),
          new PeopleImport(),
          new Alerts(),
          new Scans(),
          new Coverage(),
          new RelayDrain(),
          new RelayLatency(),
          new RelayWriterCost(),
          new RelayOutboxGrowth());

  private final Path root;
  private final List<Row> rows = new ArrayList<>();
  private boolean failed;

  private Bench(Path root) {
    this.root = root;
  }

  /** The system property {@code vigie.root} names the checkout. */
  public static void main(String[] args) throws IOException {
    List<String> words = List.of(args);
    List<String> names = words.stream().filter(word -> !word.startsWith("--")).toList();
    List<String> known = ALL.stream().map(Benchmark::name).toList();
    boolean understood =
        Stream.concat(known.stream(), Stream.of("--quick", "--record")).toList().containsAll(words);
    if (!understood) {
      System.err.println("Usage: ./vigie bench [NAME…] [--quick] [--record]");
      System.err.println("Names: " + String.join(", ", known));
      System.exit(2);
    }
    Path root = Path.of(System.getProperty("vigie.root", "")).toAbsolutePath();
    List<Benchmark> chosen =
        ALL.stream().filter(each -> names.isEmpty() || names.contains(each.name())).toList();
    System.exit(new Bench(root).run(chosen, words.contains("--quick"), words.contains("--record")));
  }

  private int run(List<Benchmark> chosen, boolean quick, boolean record) throws IOException {
    try (Bed bed = new Bed(root, quick)) {
      Runtime.getRuntime().addShutdownHook(new Thread(bed::abort));
      for (Benchmark benchmark : chosen) {
        run(benchmark, bed, record);
        write();
      }
    }
    boolean missed = rows.stream().anyMatch(row -> Boolean.FALSE.equals(row.met()));
    return failed || missed ? 1 : 0;
  }

  /** What is known so far: a run of all takes hours, and may be ended. */
  private void write() throws IOException {
    Path results = root.resolve("benchmarks/target/results.json");
    Files.createDirectories(results.getParent());
    Report.write(rows, results);
  }

  private void run(Benchmark benchmark, Bed bed, boolean record) {
    System.out.println(benchmark.name());
    long begun = System.nanoTime();
    try {
      List<Row> measured = benchmark.run(bed);
      if (bed.quick()) {
        measured = measured.stream().map(Row::ofQuickRun).toList();
      }
      measured.forEach(row -> System.out.println(Report.line(row)));
      rows.addAll(measured);
      if (record) {
        Report.record(
            benchmark.table(),
            measured,
            facts(benchmark, bed),
            root.resolve("docs/performance.md"));
      }
    } catch (Exception | OutOfMemoryError e) {
      failed = true;
      System.out.println("  no figure: " + e);
      e.printStackTrace(System.out);
    }
    System.out.printf("  took %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
  }

  /** What the table was made with. */
  private static String facts(Benchmark benchmark, Bed bed) throws IOException {
    return "`./vigie bench %s%s` on %s: %s, %d processors, %d MiB, Java %s."
        .formatted(
            benchmark.name(),
            bed.quick() ? " --quick" : "",
            LocalDate.now(ZoneOffset.UTC),
            processor(),
            Runtime.getRuntime().availableProcessors(),
            memory(),
            Runtime.version().feature());
  }

  private static String processor() throws IOException {
    return new TreeSet<>(value(Path.of("/proc/cpuinfo"), "model name").map(String::trim).toList())
        .stream().findFirst().orElse(System.getProperty("os.arch"));
  }

  private static long memory() throws IOException {
    return value(Path.of("/proc/meminfo"), "MemTotal")
            .map(text -> text.replaceAll("\\D", ""))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(0)
        / 1024;
  }

  private static Stream<String> value(Path file, String key) throws IOException {
    if (!Files.isReadable(file)) {
      return Stream.empty();
    }
    return Arrays.stream(Files.readString(file).split("\n"))
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1));
  }
}
