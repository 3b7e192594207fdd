package io.vigie.bench;

import java.security.MessageDigest;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.vigie.audit.merkle.Append;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;

/**
 * The tree alone, without a database: leaves hashed and appended in batches of 1,000, tiles made.
 * The limit is the machine's SHA-256 over the same bytes: for each leaf, one hash of its entry and
 * one of a node.
 */
final class TreeInMemory implements Benchmark {

  private static final int BATCH = 1_000;
  private static final int ENTRY = 32;
  private static final int NODE = 65;

  @Override
  public String name() {
    return "tree-memory";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    int leaves = bed.quick() ? 500_000 : 2_000_000;
    tree(leaves);
    sha256(leaves);
    double[] tree = new double[bed.rounds()];
    double[] bound = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      tree[round] = tree(leaves);
      bound[round] = sha256(leaves);
    }
    return List.of(
        new Row(
            name(),
            new Samples(tree),
            "leaves/s",
            "SHA-256, two hashes a leaf",
            new Samples(bound),
            Goal.ratioAtLeast(0.8)),
        new Row(
                name() + "-hashes",
                new Samples(hashes(leaves)),
                "hashes a leaf",
                "a leaf and a node",
                new Samples(2),
                Goal.atMost(2.01, "hashes"))
            .counted());
  }

  /** How often SHA-256 is used for a leaf, the root after each batch included. */
  private static double hashes(int leaves) throws Exception {
    CountedSha256 counted = new CountedSha256();
    Security.insertProviderAt(counted, 1);
    try {
      tree(leaves);
      return (double) counted.hashes() / leaves;
    } finally {
      Security.removeProvider(counted.getName());
    }
  }

  static double tree(int leaves) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] entry = new byte[ENTRY];
    byte[][] filling = new byte[8][Tile.FULL * 32];
    Edge edge = Edge.EMPTY;
    long start = System.nanoTime();
    for (int done = 0; done < leaves; done += BATCH) {
      List<byte[]> hashes = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        entry[0] = (byte) i;
        digest.update((byte) 0);
        hashes.add(digest.digest(entry));
      }
      Append append = MerkleTree.append(edge, BATCH);
      edge = append.apply(hashes, tile -> filling[tile.level()]).edge();
      edge.root();
    }
    double rate = leaves / ((System.nanoTime() - start) / 1e9);
    if (edge.size() != leaves) {
      throw new IllegalStateException("the tree has " + edge.size() + " leaves");
    }
    return rate;
  }

  private static double sha256(int leaves) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] leaf = new byte[1 + ENTRY];
    byte[] node = new byte[NODE];
    long start = System.nanoTime();
    for (int i = 0; i < leaves; i++) {
      leaf[1] = (byte) i;
      byte[] hash = digest.digest(leaf);
      System.arraycopy(hash, 0, node, 1, hash.length);
      byte[] parent = digest.digest(node);
      System.arraycopy(parent, 0, node, 33, parent.length);
    }
    double rate = leaves / ((System.nanoTime() - start) / 1e9);
    if (Arrays.equals(node, new byte[NODE])) {
      throw new IllegalStateException("nothing was hashed");
    }
    return rate;
  }
}
