package io.vigie.audit.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.vigie.audit.merkle.MerkleTree.Range;

/**
 * A proof about the tree of a certain size, in two steps: which tiles it needs, then its hashes.
 */
public final class Proof {

  private final long size;
  private final List<Range> ranges;

  Proof(long size, List<Range> ranges) {
    this.size = size;
    this.ranges = List.copyOf(ranges);
  }

  /**
   * The tiles that {@link #hashes} will ask for, each at the width it has in the tree of this size.
   */
  public Set<Tile> tiles() {
    Set<Tile> tiles = new LinkedHashSet<>();
    for (Range range : ranges) {
      for (Node node : nodes(range)) {
        tiles.add(node.tile(size));
      }
    }
    return tiles;
  }

  /**
   * The hashes of the proof, in the order in which RFC 9162 has them.
   *
   * @param tiles gives the hashes of a tile, one after the other: at least as many as its width,
   *     further ones are ignored
   */
  public List<byte[]> hashes(Function<Tile, byte[]> tiles) {
    TreeHash hash = new TreeHash();
    List<byte[]> hashes = new ArrayList<>();
    for (Range range : ranges) {
      List<byte[]> subtrees = new ArrayList<>();
      for (Node node : nodes(range)) {
        subtrees.add(node.hash(hash, tiles.apply(node.tile(size))));
      }
      hashes.add(MerkleTree.fold(hash, subtrees));
    }
    return hashes;
  }

  /** The complete subtrees that make up a range, the largest first. */
  private static List<Node> nodes(Range range) {
    List<Node> nodes = new ArrayList<>();
    for (long start = range.start(); start < range.end(); ) {
      long leaves = Long.highestOneBit(range.end() - start);
      int level = Long.numberOfTrailingZeros(leaves);
      nodes.add(new Node(level, start >> level));
      start += leaves;
    }
    return nodes;
  }

  /**
   * The root of the complete subtree of {@code 2^level} leaves that begins at leaf {@code index *
   * 2^level}.
   */
  private record Node(int level, long index) {

    private long firstHash() {
      return index << level % Tile.HEIGHT;
    }

    Tile tile(long size) {
      int tileLevel = level / Tile.HEIGHT;
      long tileIndex = firstHash() / Tile.FULL;
      long hashesFromHere = (size >> tileLevel * Tile.HEIGHT) - tileIndex * Tile.FULL;
      return new Tile(tileLevel, tileIndex, (int) Math.min(Tile.FULL, hashesFromHere));
    }

    byte[] hash(TreeHash hash, byte[] tile) {
      int first = (int) (firstHash() % Tile.FULL);
      byte[][] level = new byte[1 << this.level % Tile.HEIGHT][];
      for (int i = 0; i < level.length; i++) {
        int at = (first + i) * TreeHash.LENGTH;
        level[i] = Arrays.copyOfRange(tile, at, at + TreeHash.LENGTH);
      }
      for (int width = level.length / 2; width > 0; width /= 2) {
        for (int i = 0; i < width; i++) {
          level[i] = hash.node(level[2 * i], level[2 * i + 1]);
        }
      }
      return level[0];
    }
  }
}
