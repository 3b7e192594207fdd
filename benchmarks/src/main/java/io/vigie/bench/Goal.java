package io.vigie.bench;

import java.util.Locale;

/**
 * What a figure has to reach.
 *
 * @param ratio whether it is the ratio to the other side that counts, or the figure itself
 * @param least infinite where there is no such bound, as is {@code most}
 */
record Goal(boolean ratio, double least, double most, String unit) {

  static Goal ratioAtLeast(double bound) {
    return new Goal(true, bound, Double.POSITIVE_INFINITY, "×");
  }

  static Goal ratioAtMost(double bound) {
    return new Goal(true, Double.NEGATIVE_INFINITY, bound, "×");
  }

  static Goal atMost(double bound, String unit) {
    return new Goal(false, Double.NEGATIVE_INFINITY, bound, unit);
  }

  static Goal between(double least, double most, String unit) {
    return new Goal(false, least, most, unit);
  }

  boolean isMetBy(double figure, double against) {
    double value = ratio ? figure / against : figure;
    return value >= least && value <= most;
  }

  @Override
  public String toString() {
    if (Double.isInfinite(most)) {
      return "≥ " + number(least) + " " + unit;
    }
    return (Double.isInfinite(least) ? "≤ " : number(least) + " to ") + number(most) + " " + unit;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : Double.toString(value);
  }
}
