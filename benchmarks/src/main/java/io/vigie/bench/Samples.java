package io.vigie.bench;

import java.util.Arrays;

/** The figures of the rounds of one side. */
final class Samples {

  private final double[] sorted;

  Samples(double... figures) {
    if (figures.length == 0) {
      throw new IllegalArgumentException("a figure needs at least one round");
    }
    sorted = figures.clone();
    Arrays.sort(sorted);
  }

  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double min() {
    return sorted[0];
  }

  double max() {
    return sorted[sorted.length - 1];
  }

  /** The distance between the extremes, as a part of the median. */
  double spread() {
    return (max() - min()) / median();
  }

  /** The smallest figure that this share of them does not exceed. */
  double percentile(double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
