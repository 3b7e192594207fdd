package io.vigie.asset.network;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * TCP or UDP ports and ranges of them, as in {@code 80,443,8000-8099}; 0 stands for protocols
 * without ports.
 */
record Ports(List<int[]> ranges) {

  static final String FORM = "[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?){0,19}";

  private static final Pattern SHAPE = Pattern.compile(FORM);
  private static final int HIGHEST = 65_535;

  /**
   * @throws IllegalArgumentException when it is no such text
   */
  static Ports of(String text) {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return new Ports(Arrays.stream(text.split(",")).map(Ports::range).toList());
  }

  static Ports of(int port) {
    return new Ports(List.of(new int[] {port, port}));
  }

  private static int[] range(String text) {
    String[] ends = text.split("-");
    int first = Integer.parseInt(ends[0]);
    int last = Integer.parseInt(ends[ends.length - 1]);
    if (first > last || last > HIGHEST) {
      throw new IllegalArgumentException(text);
    }
    return new int[] {first, last};
  }

  boolean contains(int port) {
    return ranges.stream().anyMatch(range -> range[0] <= port && port <= range[1]);
  }

  /** Whether more than half of all ports are among them, so that they say nothing. */
  boolean areAll() {
    return areAll(List.of(this));
  }

  /** The same of several such texts together. */
  static boolean areAll(List<Ports> several) {
    BitSet named = new BitSet();
    several.stream()
        .flatMap(ports -> ports.ranges.stream())
        .forEach(range -> named.set(range[0], range[1] + 1));
    return named.cardinality() > HIGHEST / 2;
  }
}
