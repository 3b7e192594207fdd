package io.vigie.bench;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** The figures of the rounds of one side. */
final class Samples {

  private static final int PARTS = 3;

  private final double[] sorted;
  private final double figure;

  Samples(double... figures) {
    sorted = sorted(figures);
    figure = median();
  }

  private Samples(double figure, double[] parts) {
    sorted = sorted(parts);
    this.figure = figure;
  }

  private static double[] sorted(double[] figures) {
    if (figures.length == 0) {
      throw new IllegalArgumentException("a figure needs at least one round");
    }
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * What many requests took, one after the other, as three rounds: this figure of each third of
   * them, in turn.
   */
  static double[] thirds(double[] inTurn, ToDoubleFunction<Samples> figure) {
    double[] figures = new double[PARTS];
    for (int i = 0; i < PARTS; i++) {
      int from = inTurn.length * i / PARTS;
      int to = inTurn.length * (i + 1) / PARTS;
      figures[i] = figure.applyAsDouble(new Samples(Arrays.copyOfRange(inTurn, from, to)));
    }
    return figures;
  }

  /** The percentile of all requests; its range is that of the thirds. */
  static Samples percentiles(double[] inTurn, double share) {
    return new Samples(
        new Samples(inTurn).percentile(share), thirds(inTurn, third -> third.percentile(share)));
  }

  /** What is told of this side: the median of its rounds, or what all of it comes to together. */
  double figure() {
    return figure;
  }

  int rounds() {
    return sorted.length;
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

  /** The distance between the extremes, as a part of the figure. */
  double spread() {
    return (max() - min()) / Math.abs(figure);
  }

  /** The smallest figure that this share of them does not exceed. */
  double percentile(double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
