package io.vigie.audit.intake;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A set of positive numbers that is nearly gapless: partitions interleave, so a source's numbers
 * arrive slightly out of order. Reads and writes PostgreSQL's text form of {@code int8multirange}.
 */
public final class NumberRanges {

  private static final Pattern RANGE = Pattern.compile("\\[(\\d+),(\\d+)\\)");

  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

  /** Reads {@code {[1,5),[7,9)}}: 1 to 4, 7 and 8. */
  public static NumberRanges parse(String multirange) {
    NumberRanges ranges = new NumberRanges();
    Matcher matcher = RANGE.matcher(multirange);
    while (matcher.find()) {
      ranges.lastByFirst.put(
          Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) - 1);
    }
    return ranges;
  }

  /**
   * Adds a number, at least 1 and below 2^63 - 1.
   *
   * @return false when it was in already
   */
  public boolean add(long number) {
    Map.Entry<Long, Long> below = lastByFirst.floorEntry(number);
    if (below != null && below.getValue() >= number) {
      return false;
    }
    boolean extendsBelow = below != null && below.getValue() == number - 1;
    Long lastAbove = lastByFirst.remove(number + 1);
    lastByFirst.put(extendsBelow ? below.getKey() : number, lastAbove == null ? number : lastAbove);
    return true;
  }

  /** Whether all of {@code first} to {@code last} are in. */
  public boolean has(long first, long last) {
    Map.Entry<Long, Long> around = lastByFirst.floorEntry(first);
    return around != null && around.getValue() >= last;
  }

  /** The highest number, 0 when there is none. */
  public long last() {
    return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue();
  }

  /** How many of 1 to {@code end} are not in. */
  public long missing(long end) {
    long present = 0;
    for (Map.Entry<Long, Long> range : lastByFirst.headMap(end, true).entrySet()) {
      present += Math.min(range.getValue(), end) - range.getKey() + 1;
    }
    return end - present;
  }

  /** The lowest of 1 to {@code end} that is not in, null when all are. */
  public Long firstMissing(long end) {
    Map.Entry<Long, Long> first = lastByFirst.firstEntry();
    long candidate = first == null || first.getKey() > 1 ? 1 : first.getValue() + 1;
    return candidate > end ? null : candidate;
  }

  /** The lowest that is in and not in {@code others}, null when all are. */
  public Long firstBeyond(NumberRanges others) {
    for (Map.Entry<Long, Long> run : lastByFirst.entrySet()) {
      Map.Entry<Long, Long> around = others.lastByFirst.floorEntry(run.getKey());
      if (around == null || around.getValue() < run.getKey()) {
        return run.getKey();
      }
      if (around.getValue() < run.getValue()) {
        return around.getValue() + 1;
      }
    }
    return null;
  }

  /** First and last of each run, in order. */
  public Map<Long, Long> runs() {
    return java.util.Collections.unmodifiableMap(lastByFirst);
  }

  /** PostgreSQL's text form. */
  @Override
  public String toString() {
    return lastByFirst.entrySet().stream()
        .map(run -> "[" + run.getKey() + "," + (run.getValue() + 1) + ")")
        .collect(Collectors.joining(",", "{", "}"));
  }
}
