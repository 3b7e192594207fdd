package io.vigie.verifier;

import java.io.IOException;
import java.util.Arrays;

/**
 * The tiles and entry bundles of a log, read and measured. Where a partial one is gone its full one
 * serves, as the specification allows. Safe for use by several threads.
 */
final class LogFiles {

  private static final int HASH = TreeHash.LENGTH;
  private static final int MAX_BUNDLE = TilePath.WIDTH * (2 + 0xffff);

  private final LogSource log;

  LogFiles(LogSource log) {
    this.log = log;
  }

  /**
   * The first {@code width} hashes of a tile.
   *
   * @throws Rejected when the log lacks the tile or it has another length than it must
   */
  byte[] hashes(int level, long n, int width) throws IOException, Rejected {
    String path = TilePath.hashes(level, n, width);
    int expected = width * HASH;
    byte[] tile = log.read(path, expected);
    if (tile == null && width < TilePath.WIDTH) {
      path = TilePath.hashes(level, n, TilePath.WIDTH);
      expected = TilePath.WIDTH * HASH;
      tile = log.read(path, expected);
    }
    if (tile == null) {
      throw new Rejected(
          TilePath.hashes(level, n, width) + " is missing, which the checkpoint says is there");
    }
    if (tile.length != expected) {
      throw new Rejected(
          path
              + (tile.length > expected ? " is longer than " : " has " + tile.length + " of ")
              + expected
              + " bytes");
    }
    return width * HASH == tile.length ? tile : Arrays.copyOf(tile, width * HASH);
  }

  /**
   * The leaf hashes of the first {@code width} entries of a bundle.
   *
   * @throws Rejected when the log lacks the bundle or it is not made of that many entries
   */
  byte[] leaves(long n, int width, TreeHash hash) throws IOException, Rejected {
    String path = TilePath.entries(n, width);
    boolean mayHoldMore = false;
    byte[] bundle = log.read(path, MAX_BUNDLE);
    if (bundle == null && width < TilePath.WIDTH) {
      path = TilePath.entries(n, TilePath.WIDTH);
      mayHoldMore = true;
      bundle = log.read(path, MAX_BUNDLE);
    }
    if (bundle == null) {
      throw new Rejected(
          TilePath.entries(n, width) + " is missing, which the checkpoint says is there");
    }
    byte[] leaves = new byte[width * HASH];
    int position = 0;
    for (int i = 0; i < width; i++) {
      int start = position + Short.BYTES;
      int end =
          start > bundle.length
              ? start
              : start + ((bundle[position] & 0xff) << 8 | bundle[position + 1] & 0xff);
      if (end > bundle.length) {
        throw new Rejected(
            "entry %d: %s ends within it, at byte %d"
                .formatted(n * TilePath.WIDTH + i, path, bundle.length));
      }
      hash.leaf(bundle, start, end - start, leaves, i * HASH);
      position = end;
    }
    if (position < bundle.length && !mayHoldMore) {
      throw new Rejected(path + " has bytes after its last entry, from byte " + position + " on");
    }
    return leaves;
  }

  /** The index of the first hash in which two tiles differ, -1 when there is none. */
  static int firstDifference(byte[] one, byte[] other) {
    int at = Arrays.mismatch(one, other);
    return at < 0 ? -1 : at / HASH;
  }

  /** A hash of a tile, for a person to compare. */
  static String at(byte[] tile, int index) {
    return Canonical.base64(Arrays.copyOfRange(tile, index * HASH, (index + 1) * HASH));
  }
}
