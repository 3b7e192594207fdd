package io.vigie.bench;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.postgresql.PGConnection;

/**
 * The offline verifier, as outsiders run it, over an export of real events: every leaf, payload,
 * search column, number and the root. There are so many that the start of the process and its
 * compiler are little beside them. The limit is the slower of the tree in memory and of what the
 * database can give out of the same rows at best ({@code COPY … TO}). And how time and memory grow
 * with the entries.
 */
final class LogVerify implements Benchmark {

  /**
   * Little memory, and the first compiler alone, which is soon done: the second one still makes
   * entries cheaper after the first hundred thousand.
   */
  private static final List<String> SMALL =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1");

  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  /** What a collection of the whole heap leaves, as the JVM logs it. */
  private static final Pattern KEPT = Pattern.compile("Pause Full .*->([0-9]+)M\\(");

  private static final Pattern VERIFIED =
      Pattern.compile("verified: (?:the first [0-9]+ of )?([0-9]+) entries");

  @Override
  public String name() {
    return "log-verify";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int wanted = bed.quick() ? 20_000 : 3_000_000;
    bed.fresh("audit");
    Path hundredth = null;
    Path tenth = null;
    Path export = null;
    try {
      hundredth = exported(bed, wanted / 100);
      tenth = exported(bed, wanted / 10);
      export = exported(bed, wanted);
      bed.only(); // outsiders verify where no service reads along
      List<Row> rows = measured(bed, export);
      if (!bed.quick()) { // which is over before there is anything to tell apart, or to collect
        rows.add(slope(bed, hundredth, tenth, export));
        rows.add(memory(bed, tenth, export));
      }
      return rows;
    } finally {
      for (Path each : Arrays.asList(hundredth, tenth, export)) {
        if (each != null) {
          Files.deleteIfExists(each);
          Files.deleteIfExists(key(each));
        }
      }
    }
  }

  /** An export of a log that has been grown to this many entries. */
  private static Path exported(Bed bed, int entries) throws Exception {
    while (bed.size() < entries) {
      Ingest.log(bed, (int) Math.min(200_000, entries - bed.size()));
    }
    Path export = bed.root().resolve("benchmarks/target/export-" + entries + ".ndjson");
    LogApi log = new LogApi(bed);
    log.download("/v1/log/export", export);
    log.download("/log/vkey", key(export));
    return export;
  }

  /**
   * In a JVM whose heap is small: how much longer ten times as many more take, so that neither the
   * start of the process nor what its compiler does in the beginning is counted.
   */
  private Row slope(Bed bed, Path hundredth, Path tenth, Path export) throws Exception {
    double[] slopes = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      double ofHundredth = verified(bed, hundredth, SMALL).seconds();
      double ofTenth = verified(bed, tenth, SMALL).seconds();
      double all = verified(bed, export, SMALL).seconds();
      slopes[round] = Math.log10((all - ofTenth) / (ofTenth - ofHundredth));
    }
    return new Row(
        name() + "-slope",
        new Samples(slopes),
        "log-log slope of the time by the entries, from a hundredth to a tenth and on to all",
        "in proportion",
        new Samples(1),
        Goal.between(0.9, 1.1, "(slope)"));
  }

  private Row memory(Bed bed, Path tenth, Path export) throws Exception {
    double[] kept = new double[bed.rounds()];
    double[] keptOfTenth = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      keptOfTenth[round] = kept(bed, tenth);
      kept[round] = kept(bed, export);
    }
    return new Row(
        name() + "-memory",
        new Samples(kept),
        "MiB that a full collection leaves at most",
        "a tenth of the entries",
        new Samples(keptOfTenth),
        Goal.ratioAtMost(1.2));
  }

  private List<Row> measured(Bed bed, Path export) throws Exception {
    boolean canBeCold = Files.isWritable(DROP_CACHES);
    double[] warm = new double[bed.rounds()];
    double[] cold = new double[bed.rounds()];
    double[] limit = new double[bed.rounds()];
    double[] coldLimit = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      Files.copy(export, OutputStream.nullOutputStream()); // the round before took it from memory
      warm[round] = verify(bed, export);
      double tree = TreeInMemory.tree(500_000);
      copyOut(bed); // the cold run before took the pages from memory
      limit[round] = Math.min(tree, copyOut(bed));
      if (canBeCold) {
        forget();
        cold[round] = verify(bed, export);
        forget();
        coldLimit[round] = Math.min(tree, copyOut(bed));
      }
    }
    List<Row> rows = new ArrayList<>(List.of(row("", warm, "", limit, bed)));
    if (canBeCold) {
      rows.add(row("-cold", cold, ", cold", coldLimit, bed));
    }
    return rows;
  }

  /**
   * Has the system read from the disk what is read next, but for what the database itself keeps.
   */
  private static void forget() throws Exception {
    new ProcessBuilder("sync").start().waitFor();
    Files.writeString(DROP_CACHES, "3");
  }

  private Row row(String suffix, double[] verified, String how, double[] limit, Bed bed) {
    Row row =
        new Row(
            name() + suffix,
            new Samples(verified),
            "entries/s",
            "the slower of COPY TO%s and the tree in memory".formatted(how),
            new Samples(limit),
            Goal.ratioAtLeast(0.7));
    return bed.quick() ? row.notJudged("at this size it is the start of the process") : row;
  }

  private static Path key(Path export) {
    return export.resolveSibling(export.getFileName().toString().replace(".ndjson", ".vkey"));
  }

  private static double verify(Bed bed, Path export) throws Exception {
    Verified verified = verified(bed, export, List.of());
    return verified.entries() / verified.seconds();
  }

  /** How many MiB of objects are needed at most, as collections twice a second find. */
  private static double kept(Bed bed, Path export) throws Exception {
    Path collections = export.resolveSibling("collections.log");
    List<String> options = new ArrayList<>(SMALL);
    options.add("-Xlog:gc:file=" + collections);
    Process verifier = start(bed, export, options);
    do {
      new ProcessBuilder(java("jcmd"), Long.toString(verifier.pid()), "GC.run")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } while (!verifier.waitFor(500, TimeUnit.MILLISECONDS));
    entries(verifier);
    double kept =
        KEPT.matcher(Files.readString(collections))
            .results()
            .mapToDouble(full -> Double.parseDouble(full.group(1)))
            .max()
            .orElseThrow();
    Files.delete(collections);
    return kept;
  }

  private record Verified(long entries, double seconds) {}

  private static Verified verified(Bed bed, Path export, List<String> options) throws Exception {
    long start = System.nanoTime();
    Process verifier = start(bed, export, options);
    verifier.waitFor();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Verified(entries(verifier), seconds);
  }

  private static Process start(Bed bed, Path export, List<String> options) throws Exception {
    List<String> command = new ArrayList<>(options);
    command.add(0, java("java"));
    command.addAll(
        List.of(
            "-jar",
            bed.root().resolve("verifier/target/vigie-verifier.jar").toString(),
            "export",
            export.toString(),
            "--vkey",
            key(export).toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** How many entries a verifier that has ended found intact; all must be. */
  private static long entries(Process verifier) throws Exception {
    String said = new String(verifier.getInputStream().readAllBytes());
    Matcher verified = VERIFIED.matcher(said);
    if (verifier.exitValue() != 0 || !verified.find()) {
      throw new IllegalStateException(
          "the verifier ends with " + verifier.exitValue() + ": " + said);
    }
    return Long.parseLong(verified.group(1));
  }

  private static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  private static double copyOut(Bed bed) throws Exception {
    try (Connection connection = bed.log()) {
      long start = System.nanoTime();
      long rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "copy (select e.*, p.salt, p.body from entry e left join payload p using (index)"
                      + " order by index) to stdout (format binary)",
                  OutputStream.nullOutputStream());
      return rows / ((System.nanoTime() - start) / 1e9);
    }
  }
}
