package io.vigie.audit.merkle;

/**
 * The place of a tile: the first {@code width} of the 256 hashes that begin at {@code index * 256}
 * on the tree's level {@code 8 * level}.
 *
 * @param level 0 to 7; hashes of level 0 are those of leaves, hashes of level L are the roots of
 *     full tiles of level L - 1
 * @param index position within the level, from 0
 * @param width how many hashes, 1 to {@value #FULL}
 */
public record Tile(int level, long index, int width) {

  /** Tree levels that a tile spans. */
  public static final int HEIGHT = 8;

  /** Hashes in a full tile. */
  public static final int FULL = 1 << HEIGHT;

  /** Whether the tile has all its hashes and so will never change. */
  public boolean isFull() {
    return width == FULL;
  }
}
