package io.vigie.verifier;

/** How C2SP tlog-tiles names its files. */
final class TilePath {

  /** Hashes in a full tile, entries in a full bundle. */
  static final int WIDTH = 256;

  private static final int HEIGHT = 8;

  private TilePath() {}

  /** A hash tile, {@code tile/<L>/<N>[.p/<W>]}. */
  static String hashes(int level, long n, int width) {
    return path(Integer.toString(level), n, width);
  }

  /** An entry bundle, {@code tile/entries/<N>[.p/<W>]}. */
  static String entries(long n, int width) {
    return path("entries", n, width);
  }

  private static String path(String kind, long n, int width) {
    StringBuilder elements = new StringBuilder(threeDigits(n % 1000));
    for (long rest = n / 1000; rest > 0; rest /= 1000) {
      elements.insert(0, "x" + threeDigits(rest % 1000) + "/");
    }
    return "tile/" + kind + "/" + elements + (width < WIDTH ? ".p/" + width : "");
  }

  private static String threeDigits(long number) {
    return Long.toString(1000 + number).substring(1);
  }

  /** How many full hashes the level of a tree of this size has. */
  private static long hashes(long size, int level) {
    return level * HEIGHT < Long.SIZE - 1 ? size >> level * HEIGHT : 0;
  }

  /** The width of the partial tile at the right edge of a level; 0 when there is none. */
  static int partialWidth(long size, int level) {
    return (int) (hashes(size, level) % WIDTH);
  }

  /** The index of that tile, which is also how many full tiles the level has. */
  static long fullTiles(long size, int level) {
    return hashes(size, level) / WIDTH;
  }
}
