package io.vigie.bench;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;
import io.vigie.verifier.InclusionProof;

/**
 * Random inclusion proofs over HTTP, each checked with the offline verifier's code. The other side
 * of their time is the smallest answer of the same service; of their length, what RFC 9162 gives;
 * of what they read, a tile for each factor of 256 in the size, beside those at the right edge. And
 * what the service needs to start again at the largest size beside the smallest.
 */
final class LogProof implements Benchmark {

  private static final long SMALL = 100_000;
  private static final long LARGE = 10_000_000;

  @Override
  public String name() {
    return "log-proof";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.fresh();
    List<Row> rows = new ArrayList<>();
    long[] sizes = bed.quick() ? new long[] {SMALL, 300_000} : new long[] {SMALL, 1_000_000, LARGE};
    double[] small = null;
    for (long size : sizes) {
      BigLog.growTo(size, bed);
      rows.addAll(at(size, bed));
      if (size == SMALL) {
        small = restarts(bed);
      }
    }
    Row restart =
        new Row(
            name() + "-restart",
            new Samples(restarts(bed)),
            "s to start",
            "at 100,000 entries",
            new Samples(small),
            Goal.ratioAtMost(1.2));
    rows.add(bed.quick() ? restart.notJudged("the goal is for 10 M entries") : restart);
    return rows;
  }

  private static double[] restarts(Bed bed) throws Exception {
    double[] seconds = new double[bed.quick() ? 1 : 5];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = bed.restart();
    }
    return seconds;
  }

  private List<Row> at(long size, Bed bed) throws Exception {
    LogApi api = new LogApi(bed);
    Random random = new Random(size);
    int proofs = bed.quick() ? 1_000 : 10_000;
    api.warmUp(() -> "/v1/log/entries/" + random.nextLong(size) + "/proof");
    double[] times = new double[proofs];
    double[] bare = new double[proofs];
    long longest = 0;
    long tiles = 0;
    for (int i = 0; i < proofs; i++) {
      long index = random.nextLong(size);
      LogApi.Timed answer = api.get("/v1/log/entries/" + index + "/proof");
      times[i] = answer.millis();
      longest = Math.max(longest, checked(index, answer.body()));
      tiles = Math.max(tiles, tilesBesideTheEdge(index, size));
      bare[i] = api.get("/q/health/live").millis();
    }
    Row p99 =
        new Row(
            name() + "-" + size + "-p99",
            new Samples(new Samples(times).percentile(0.99)),
            "ms",
            "an answer without a proof, p99",
            new Samples(new Samples(bare).percentile(0.99)),
            Goal.atMost(5, "ms"));
    Row hashes =
        new Row(
            name() + "-" + size + "-hashes",
            new Samples(longest),
            "hashes at most",
            "⌈log₂ n⌉",
            new Samples(Long.SIZE - Long.numberOfLeadingZeros(size - 1)),
            Goal.ratioAtMost(1));
    Row read =
        new Row(
            name() + "-" + size + "-tiles",
            new Samples(tiles),
            "full tiles read at most",
            "one for each factor of 256",
            new Samples(3),
            Goal.ratioAtMost(1));
    return List.of(
        size == LARGE ? p99 : p99.notJudged("the goal is for 10 M entries"), hashes, read);
  }

  /** What the service reads for this proof and could not have read for one about another leaf. */
  private static long tilesBesideTheEdge(long index, long size) {
    return MerkleTree.inclusion(index, size).tiles().stream().filter(Tile::isFull).count();
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
