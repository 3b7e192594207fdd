package io.vigie.console.page;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How numbers follow each other, as lines to draw in {@value #WIDTH} by {@value #HEIGHT}.
 *
 * @param from the number at the bottom
 * @param to the one at the top
 */
public record Chart(double from, double to) {

  public static final int WIDTH = 300;
  public static final int HEIGHT = 60;

  /** So that a line at an edge is seen as a whole. */
  private static final int MARGIN = 3;

  /** One that has all of these, of which there is one at least, in sight. */
  public static Chart around(Collection<Double> shown) {
    return new Chart(Collections.min(shown), Collections.max(shown));
  }

  /** A line through two numbers or more, as SVG has it. Where one is null there is a gap. */
  public String path(List<Double> numbers) {
    StringBuilder path = new StringBuilder();
    boolean drawn = false;
    for (int i = 0; i < numbers.size(); i++) {
      Double number = numbers.get(i);
      if (number != null) {
        String place = number((double) WIDTH * i / (numbers.size() - 1)) + " " + height(number);
        // Of one alone, a dot
        path.append(drawn ? "L" + place : "M" + place + "l0 0");
      }
      drawn = number != null;
    }
    return path.toString();
  }

  public String height(double number) {
    double share = to == from ? 0 : (number - from) / (to - from);
    return number(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN));
  }

  /** As SVG has it. */
  public static String number(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
