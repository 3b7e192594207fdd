package io.vigie.verifier;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers that each source gave its events, as ranges, so that memory grows with the holes in
 * them and the names of sources, and not with the log. Numbers arrive almost in order: the log
 * reads several partitions side by side.
 */
final class SourceNumbers {

  /** There are more holes, or more sources, than memory is set aside for. */
  static final class TooManyRanges extends Exception {
    TooManyRanges() {
      super(
          "its source numbers have more than "
              + MAX_RANGES
              + " holes, or its sources names of more than "
              + MAX_NAMES
              + " characters, too many to look for duplicates in bounded memory",
          null,
          false,
          false);
    }
  }

  private static final int MAX_RANGES = 1_000_000;
  private static final int MAX_NAMES = 16 << 20;

  private final Map<String, TreeMap<Long, Long>> lastByFirst = new TreeMap<>();
  private int ranges;
  private int names;

  /**
   * Records a number.
   *
   * @return false when that source already gave it
   */
  boolean add(String source, long number) throws TooManyRanges {
    TreeMap<Long, Long> known = lastByFirst.computeIfAbsent(source, s -> new TreeMap<>());
    names += known.isEmpty() ? source.length() : 0;
    Map.Entry<Long, Long> below = known.floorEntry(number);
    if (below != null && below.getValue() >= number) {
      return false;
    }
    boolean extendsBelow = below != null && below.getValue() == number - 1;
    Long lastAbove = number == Long.MAX_VALUE ? null : known.remove(number + 1);
    known.put(extendsBelow ? below.getKey() : number, lastAbove == null ? number : lastAbove);
    ranges += 1 - (extendsBelow ? 1 : 0) - (lastAbove == null ? 0 : 1);
    if (ranges > MAX_RANGES || names > MAX_NAMES) {
      throw new TooManyRanges();
    }
    return true;
  }

  /** What is known of each source, in the order of their names. */
  List<SourceCoverage> coverage() {
    return lastByFirst.entrySet().stream()
        .map(source -> coverage(source.getKey(), source.getValue()))
        .toList();
  }

  private static SourceCoverage coverage(String source, TreeMap<Long, Long> known) {
    long missing = 0;
    long firstMissing = 0;
    long expected = 1;
    for (Map.Entry<Long, Long> range : known.entrySet()) {
      if (range.getKey() > expected) {
        missing += range.getKey() - expected;
        firstMissing = firstMissing == 0 ? expected : firstMissing;
      }
      expected = range.getValue() + 1;
    }
    return new SourceCoverage(source, known.lastEntry().getValue(), missing, firstMissing);
  }
}
