package io.vigie.bench;

import java.util.Locale;

/**
 * What a figure has to reach.
 *
 * @param ratio whether it is the ratio to the other side that counts, or the figure itself
 */
record Goal(boolean ratio, boolean atLeast, double bound, String unit) {

  static Goal ratioAtLeast(double bound) {
    return new Goal(true, true, bound, "×");
  }

  static Goal ratioAtMost(double bound) {
    return new Goal(true, false, bound, "×");
  }

  static Goal atMost(double bound, String unit) {
    return new Goal(false, false, bound, unit);
  }

  boolean isMetBy(double figure, double against) {
    double value = ratio ? figure / against : figure;
    return atLeast ? value >= bound : value <= bound;
  }

  @Override
  public String toString() {
    return (atLeast ? "≥ " : "≤ ") + number(bound) + " " + unit;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : Double.toString(value);
  }
}
