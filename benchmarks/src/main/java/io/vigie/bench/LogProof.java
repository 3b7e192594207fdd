package io.vigie.bench;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.verifier.InclusionProof;

/**
 * Random inclusion proofs over HTTP, each checked with the offline verifier's code. The other side
 * is the smallest answer of the same service: what a request costs without a proof.
 */
final class LogProof implements Benchmark {

  @Override
  public String name() {
    return "log-proof";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    List<Row> rows = new ArrayList<>();
    for (long size :
        bed.quick() ? new long[] {100_000} : new long[] {100_000, 1_000_000, 10_000_000}) {
      BigLog.growTo(size, bed);
      Row row = at(size, bed);
      rows.add(size == 10_000_000 ? row : row.notJudged("the goal is for 10 M entries"));
    }
    return rows;
  }

  private Row at(long size, Bed bed) throws Exception {
    LogApi api = new LogApi(bed);
    Random random = new Random(size);
    int proofs = bed.quick() ? 1_000 : 10_000;
    for (int i = 0; i < proofs / 10; i++) {
      api.get("/v1/log/entries/" + random.nextLong(size) + "/proof");
    }
    double[] times = new double[proofs];
    double[] bare = new double[proofs];
    for (int i = 0; i < proofs; i++) {
      long index = random.nextLong(size);
      LogApi.Timed answer = api.get("/v1/log/entries/" + index + "/proof");
      times[i] = answer.millis();
      require(index, answer.body());
      bare[i] = api.get("/q/health/live").millis();
    }
    return new Row(
        name() + "-" + size + "-p99",
        new Samples(new Samples(times).percentile(0.99)),
        "ms",
        "an answer without a proof, p99",
        new Samples(new Samples(bare).percentile(0.99)),
        Goal.atMost(5, "ms"));
  }

  private static void require(long index, JsonNode proof) {
    List<byte[]> hashes = new ArrayList<>();
    proof.get("hashes").forEach(hash -> hashes.add(bytes(hash)));
    long size = proof.get("size").asLong();
    boolean holds =
        InclusionProof.verify(
            index, size, bytes(proof.get("leafHash")), hashes, bytes(proof.get("root")));
    int longest = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    if (!holds || hashes.size() > longest) {
      throw new IllegalStateException("the proof for " + index + " does not hold");
    }
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.textValue());
  }
}
