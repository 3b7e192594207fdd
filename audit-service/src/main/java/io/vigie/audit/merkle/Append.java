package io.vigie.audit.merkle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * An append to the tree, in two steps: which of the partial tiles it will fill, then the outcome.
 */
public final class Append {

  /** Tile levels that 2^62 leaves can need. */
  private static final int LEVELS = Long.SIZE / Tile.HEIGHT;

  private final Edge edge;
  private final int count;

  Append(Edge edge, int count) {
    this.edge = edge;
    this.count = count;
  }

  /**
   * What an append leaves behind.
   *
   * @param edge the right edge of the tree with the new leaves
   * @param tiles the tiles that became full, lower levels before the higher ones that hold their
   *     roots
   */
  public record Outcome(Edge edge, List<FullTile> tiles) {}

  /** The tiles that are partial now and will be full afterwards, at the width they have now. */
  public Set<Tile> tiles() {
    Set<Tile> tiles = new LinkedHashSet<>();
    for (int level = 0; level < LEVELS; level++) {
      long hashes = edge.size() >> level * Tile.HEIGHT;
      long hashesAfter = edge.size() + count >> level * Tile.HEIGHT;
      int width = (int) (hashes % Tile.FULL);
      if (width > 0 && hashesAfter / Tile.FULL > hashes / Tile.FULL) {
        tiles.add(new Tile(level, hashes / Tile.FULL, width));
      }
    }
    return tiles;
  }

  /**
   * Appends the leaves.
   *
   * @param leaves as many leaf hashes as were announced
   * @param tiles gives the hashes of each of {@link #tiles()}, one after the other
   * @throws IllegalArgumentException when there are more or fewer leaves than announced
   */
  public Outcome apply(List<byte[]> leaves, Function<Tile, byte[]> tiles) {
    if (leaves.size() != count) {
      throw new IllegalArgumentException(
          count + " leaves were announced, " + leaves.size() + " came");
    }
    Growth growth = new Growth();
    for (Tile tile : tiles()) {
      System.arraycopy(
          tiles.apply(tile), 0, growth.filling(tile.level()), 0, tile.width() * TreeHash.LENGTH);
    }
    leaves.forEach(growth::add);
    return growth.outcome();
  }

  /** The tree while leaves are added to it. */
  private final class Growth {

    private final TreeHash hash = new TreeHash();
    private final byte[][] subtreeByLevel = new byte[Long.SIZE][];
    private final byte[][] filling = new byte[LEVELS][];
    private final List<FullTile> full = new ArrayList<>();
    private long size = edge.size();

    Growth() {
      int next = 0;
      for (int level = Long.SIZE - 1; level >= 0; level--) {
        if ((size >> level & 1) == 1) {
          subtreeByLevel[level] = edge.subtrees().get(next++);
        }
      }
    }

    void add(byte[] leaf) {
      byte[] carried = leaf;
      keep(0, leaf);
      int level = 0;
      for (long occupied = size; (occupied & 1) == 1; occupied >>= 1) {
        carried = hash.node(subtreeByLevel[level], carried);
        level++;
        if (level % Tile.HEIGHT == 0) {
          keep(level / Tile.HEIGHT, carried);
        }
      }
      subtreeByLevel[level] = carried;
      size++;
    }

    /**
     * Puts a hash into the tile it belongs to. Being the root of the tile below, it completes that
     * one.
     */
    private void keep(int level, byte[] node) {
      long position = size >> level * Tile.HEIGHT;
      System.arraycopy(
          node, 0, filling(level), (int) (position % Tile.FULL) * TreeHash.LENGTH, TreeHash.LENGTH);
      if (level > 0) {
        full.add(new FullTile(level - 1, position, filling[level - 1], node));
        filling[level - 1] = null;
      }
    }

    private byte[] filling(int level) {
      if (filling[level] == null) {
        filling[level] = new byte[Tile.FULL * TreeHash.LENGTH];
      }
      return filling[level];
    }

    Outcome outcome() {
      List<byte[]> subtrees = new ArrayList<>();
      for (int level = Long.SIZE - 1; level >= 0; level--) {
        if ((size >> level & 1) == 1) {
          subtrees.add(subtreeByLevel[level]);
        }
      }
      return new Outcome(new Edge(size, subtrees), List.copyOf(full));
    }
  }
}
