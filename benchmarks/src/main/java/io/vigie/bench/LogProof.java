package io.vigie.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.verifier.InclusionProof;

/**
 * Random inclusion proofs over HTTP, each checked with the offline verifier's code. The other side
 * of their time is the smallest answer of the same service; of their length, what RFC 9162 gives;
 * of what they read, a tile for each factor of 256 in the size, beside the right edge, which is all
 * that a proof for the last entry needs; of that, what the design has for it. And what the service
 * needs to start again at the largest size beside the smallest, before and after.
 */
final class LogProof implements Benchmark {

  private static final long SMALL = 100_000;
  private static final long LARGE = 10_000_000;

  /** As PostgreSQL counts what the service asks of it, whichever way it then goes. */
  private static final String LOOKS =
      "select seq_scan + idx_scan from pg_stat_user_tables where relname = 'tile'";

  /** Requests a second, every other of which is for a proof. */
  private static final int RATE = 200;

  /** Factors of 256 in each of the sizes: so many levels of tiles there are. */
  private static final int LEVELS = 3;

  /** A tile that is not full is missed and, above the leaves, put together from those below it. */
  private static final int EDGE = 2 * LEVELS - 1;

  /** What the service looks up meanwhile on its own account: less than half a look a proof. */
  private static final double OWN_ACCOUNT = 1.1;

  /** A connection tells what it read when it has rested for ten seconds, or as soon as it ends. */
  private static final String TELL =
      """
      select count(*) from (
        select pg_terminate_backend(pid, 10000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
          and backend_type = 'client backend' and state = 'idle') ended""";

  @Override
  public String name() {
    return "log-proof";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.fresh("audit");
    List<Row> rows = new ArrayList<>();
    long[] sizes =
        bed.quick() ? new long[] {SMALL / 10, SMALL} : new long[] {SMALL, 1_000_000, LARGE};
    double[] small = null;
    double[] middle = null;
    for (long size : sizes) {
      BigLog.growTo(size, bed);
      if (size == sizes[sizes.length - 1] || !bed.quick()) {
        rows.addAll(times(size, bed));
        rows.addAll(reads(size, bed));
      }
      if (small == null) {
        small = restarts(bed);
      } else if (size != sizes[sizes.length - 1]) {
        middle = restarts(bed);
      }
    }
    double[] large = restarts(bed);
    if (!bed.quick()) {
      // Once more: the machine is not what it was when the log was small.
      bed.fresh("audit");
      BigLog.growTo(SMALL, bed);
      small = DoubleStream.concat(Arrays.stream(small), Arrays.stream(restarts(bed))).toArray();
    }
    Row restart = restart("", large, sizes[0], small);
    rows.add(bed.quick() ? restart.notJudged("the goal is for 10 M entries") : restart);
    if (middle != null) {
      rows.add(restart("-1000000", middle, sizes[0], small));
    }
    return rows;
  }

  private Row restart(String suffix, double[] seconds, long size, double[] small) {
    return new Row(
        name() + "-restart" + suffix,
        new Samples(seconds),
        "s to start",
        "at %,d entries".formatted(size),
        new Samples(small),
        Goal.ratioAtMost(1.2));
  }

  private static double[] restarts(Bed bed) throws Exception {
    double[] seconds = new double[bed.quick() ? 1 : 5];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = bed.restart();
    }
    return seconds;
  }

  private List<Row> times(long size, Bed bed) throws Exception {
    LogApi api = new LogApi(bed);
    Random random = new Random(size);
    int proofs = bed.quick() ? 300 : 10_000;
    api.warmUp(() -> proof(random.nextLong(size)));
    double[] times = new double[proofs];
    double[] bare = new double[proofs];
    long longest = 0;
    api.pace(RATE);
    for (int i = 0; i < proofs; i++) {
      long index = random.nextLong(size);
      LogApi.Timed answer = api.get(proof(index));
      times[i] = answer.millis();
      longest = Math.max(longest, checked(index, answer.body()));
      bare[i] = api.get("/q/health/live").millis();
    }
    Row p99 =
        new Row(
            name() + "-" + size + "-p99",
            Samples.percentiles(times, 0.99),
            "ms at %d/s".formatted(RATE),
            "an answer without a proof, p99",
            Samples.percentiles(bare, 0.99),
            Goal.atMost(5, "ms"));
    Row hashes =
        new Row(
            name() + "-" + size + "-hashes",
            new Samples(longest),
            "hashes at most",
            "⌈log₂ n⌉",
            new Samples(Long.SIZE - Long.numberOfLeadingZeros(size - 1)),
            Goal.ratioAtMost(1));
    return List.of(p99, hashes.counted());
  }

  private List<Row> reads(long size, Bed bed) throws Exception {
    LogApi api = new LogApi(bed);
    Random random = new Random();
    int counted = bed.quick() ? 200 : 1_000;
    double edge = looks(bed, api, () -> size - 1, counted);
    double looks = looks(bed, api, () -> random.nextLong(size), counted);
    Row atEdge =
        new Row(
            name() + "-" + size + "-edge",
            new Samples(edge),
            "looks into the tiles a proof for the last entry",
            "one for the leaves, two for each level above",
            new Samples(EDGE),
            Goal.ratioAtMost(OWN_ACCOUNT));
    Row read =
        new Row(
            name() + "-" + size + "-tiles",
            new Samples(looks),
            "looks into the tiles a proof",
            "those for the last entry, and one for each factor of 256",
            new Samples(edge + LEVELS),
            Goal.ratioAtMost(1));
    return List.of(atEdge.counted(), read.counted());
  }

  private static String proof(long index) {
    return "/v1/log/entries/" + index + "/proof";
  }

  /** How often the service looks into the table of tiles for a proof; each of them is checked. */
  private static double looks(Bed bed, LogApi api, LongSupplier indexes, int counted)
      throws Exception {
    bed.number(TELL); // or what was read before is told meanwhile
    long before = bed.number(LOOKS);
    for (int i = 0; i < counted; i++) {
      long index = indexes.getAsLong();
      checked(index, api.get(proof(index)).body());
    }
    bed.number(TELL);
    double looks = (bed.number(LOOKS) - before) / (double) counted;
    if (looks < 1) {
      throw new IllegalStateException("the database has not told yet how often it was asked");
    }
    return looks;
  }

  /**
   * Checks that the proof holds and is exactly as long as it must be.
   *
   * @return how many hashes it has
   */
  private static int checked(long index, JsonNode proof) {
    List<byte[]> hashes = new ArrayList<>();
    proof.get("hashes").forEach(hash -> hashes.add(bytes(hash)));
    long size = proof.get("size").asLong();
    boolean holds =
        InclusionProof.verify(
            index, size, bytes(proof.get("leafHash")), hashes, bytes(proof.get("root")));
    if (!holds || hashes.size() != length(index, size)) {
      throw new IllegalStateException("the proof for " + index + " does not hold");
    }
    return hashes.size();
  }

  /** RFC 9162 section 2.1.3.1: one hash for each time that the leaves split. */
  private static int length(long index, long size) {
    if (size == 1) {
      return 0;
    }
    long left = Long.highestOneBit(size - 1);
    return 1 + (index < left ? length(index, left) : length(index - left, size - left));
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.textValue());
  }
}
