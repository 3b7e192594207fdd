package io.vigie.bench;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.postgresql.PGConnection;

/**
 * The offline verifier, as outsiders run it, over an export of real events: every leaf, payload,
 * search column, number and the root. The limit is the slower of the tree in memory and of what the
 * database can give out of the same rows at best ({@code COPY … TO}).
 */
final class LogVerify implements Benchmark {

  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private static final Pattern VERIFIED = Pattern.compile("verified: ([0-9]+) entries");

  @Override
  public String name() {
    return "log-verify";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int wanted = bed.quick() ? 100_000 : 1_000_000;
    bed.stack();
    while (bed.size() < wanted) {
      Ingest.log(bed, (int) Math.min(200_000, wanted - bed.size()));
    }
    Path export = bed.root().resolve("benchmarks/target/export.ndjson");
    try {
      LogApi log = new LogApi(bed);
      log.download("/v1/log/export", export);
      log.download("/log/vkey", key(export));
      return measured(bed, export);
    } finally {
      Files.deleteIfExists(export);
      Files.deleteIfExists(key(export));
    }
  }

  private List<Row> measured(Bed bed, Path export) throws Exception {
    boolean canBeCold = Files.isWritable(DROP_CACHES);
    double[] warm = new double[bed.rounds()];
    double[] cold = new double[bed.rounds()];
    double[] limit = new double[bed.rounds()];
    verify(bed, export);
    for (int round = 0; round < bed.rounds(); round++) {
      warm[round] = verify(bed, export);
      double tree = TreeInMemory.tree(500_000);
      limit[round] = Math.min(tree, copyOut(bed));
      if (canBeCold) {
        new ProcessBuilder("sync").start().waitFor();
        Files.writeString(DROP_CACHES, "3");
        cold[round] = verify(bed, export);
      }
    }
    List<Row> rows = new ArrayList<>(List.of(row("", warm, limit, bed)));
    if (canBeCold) {
      rows.add(row("-cold", cold, limit, bed));
    }
    return rows;
  }

  private Row row(String suffix, double[] verified, double[] limit, Bed bed) {
    Row row =
        new Row(
            name() + suffix,
            new Samples(verified),
            "entries/s",
            "the slower of COPY TO and the tree in memory",
            new Samples(limit),
            Goal.ratioAtLeast(0.7));
    return bed.quick() ? row.notJudged("at this size it is the start of the process") : row;
  }

  private static Path key(Path export) {
    return export.resolveSibling("export.vkey");
  }

  private static double verify(Bed bed, Path export) throws Exception {
    Process verifier =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-jar",
                bed.root().resolve("verifier/target/vigie-verifier.jar").toString(),
                "export",
                export.toString(),
                "--vkey",
                key(export).toString())
            .redirectErrorStream(true)
            .start();
    long start = System.nanoTime();
    String said = new String(verifier.getInputStream().readAllBytes());
    int exit = verifier.waitFor();
    double seconds = (System.nanoTime() - start) / 1e9;
    Matcher verified = VERIFIED.matcher(said);
    if (exit != 0 || !verified.find()) {
      throw new IllegalStateException("the verifier ends with " + exit + ": " + said);
    }
    return Long.parseLong(verified.group(1)) / seconds;
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
                      + " order by index) to stdout",
                  OutputStream.nullOutputStream());
      return rows / ((System.nanoTime() - start) / 1e9);
    }
  }
}
