package io.vigie.audit.tlog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vigie.audit.merkle.Tile;
import io.vigie.kernel.Problem;

/**
 * The place of a tile as c2sp.org/tlog-tiles writes it: {@code <L>/<N>[.p/<W>]}, with {@code N} in
 * elements of three digits, {@code x001/x234/067}. One tile has one path: no further zeroes.
 */
final class TilePath {

  /** Up to 15 digits: no log has 10^15 tiles, and none of the numbers below overflows. */
  private static final Pattern PATH =
      Pattern.compile("(?!x000/)((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  private static final Pattern LEVEL = Pattern.compile("[0-9]|[1-5][0-9]|6[0-3]");
  private static final long LARGEST_TREE = 1L << 62;

  private TilePath() {}

  /**
   * The tile at this path.
   *
   * @throws Problem 404 when no tree, however large, has a tile there
   */
  static Tile tile(String level, String path) {
    Matcher parts = PATH.matcher(path);
    if (!LEVEL.matcher(level).matches() || !parts.matches()) {
      throw notFound();
    }
    boolean isPartial = parts.group(2) != null;
    int width = isPartial ? Integer.parseInt(parts.group(2)) : Tile.FULL;
    long index = Long.parseLong(parts.group(1).replaceAll("[x/]", ""));
    int shift = Integer.parseInt(level) * Tile.HEIGHT;
    if (isPartial && width >= Tile.FULL
        || shift >= Long.SIZE
        || end(index, width) > LARGEST_TREE >> shift) {
      throw notFound();
    }
    return new Tile(Integer.parseInt(level), index, width);
  }

  /** The size of the smallest tree in which this tile has its hashes. */
  static long smallestTree(Tile tile) {
    return end(tile.index(), tile.width()) << tile.level() * Tile.HEIGHT;
  }

  static Problem notFound() {
    return Problem.notFound("No published tree has a tile here.");
  }

  private static long end(long index, int width) {
    return index * Tile.FULL + width;
  }
}
