package io.vigie.console.dashboard;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

import io.vigie.console.service.FigureService.Better;
import io.vigie.console.service.FigureService.Day;
import io.vigie.console.service.FigureService.Figure;
import io.vigie.console.service.FigureService.Unit;

/**
 * How a figure was, as a line to draw in {@value #WIDTH} by {@value #HEIGHT}: a percentage between
 * 0 and 100, all else from 0 on. Where nothing was known there is a gap.
 *
 * @param path as SVG has it
 * @param target the height at which the policy wants it; null where it sets none
 * @param by how much the last day differs from the first known; null where it is not known itself
 * @param isBetter whether that is good; null where it does not differ, or that is not known
 */
record Line(
    String path,
    String target,
    Day first,
    Day last,
    Double low,
    Double high,
    Double by,
    Boolean isBetter) {

  static final int WIDTH = 300;
  static final int HEIGHT = 60;

  /** So that the line at an edge is seen as a whole. */
  private static final int MARGIN = 3;

  /** The line; null unless something is known of two days. */
  static Line of(Figure figure, List<Day> days) {
    List<Day> known =
        days == null ? List.of() : days.stream().filter(day -> day.value() != null).toList();
    if (known.size() < 2) {
      return null;
    }
    Scale scale = Scale.of(figure, known);
    Day first = known.get(0);
    Day last = known.get(known.size() - 1);
    // Of what is not known now nothing is said to have become better
    Double now = days.get(days.size() - 1).value();
    Double by = now == null ? null : now - first.value();
    return new Line(
        path(days, scale),
        figure.target() == null ? null : scale.height(figure.target().value()),
        first,
        last,
        known.stream().mapToDouble(Day::value).min().getAsDouble(),
        known.stream().mapToDouble(Day::value).max().getAsDouble(),
        by,
        by == null || by == 0 ? null : by > 0 == (figure.better() == Better.HIGHER));
  }

  private static String path(List<Day> days, Scale scale) {
    StringBuilder path = new StringBuilder();
    boolean drawn = false;
    for (int i = 0; i < days.size(); i++) {
      Double value = days.get(i).value();
      if (value != null) {
        String place = number((double) WIDTH * i / (days.size() - 1)) + " " + scale.height(value);
        // Of a day alone, a dot
        path.append(drawn ? "L" + place : "M" + place + "l0 0");
      }
      drawn = value != null;
    }
    return path.toString();
  }

  /** As SVG has it. */
  static String number(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  /** How much is how high. */
  private record Scale(double from, double to) {

    static Scale of(Figure figure, List<Day> known) {
      if (figure.unit() == Unit.PERCENT) {
        return new Scale(0, 100);
      }
      double[] shown =
          DoubleStream.concat(
                  known.stream().mapToDouble(Day::value),
                  figure.target() == null
                      ? DoubleStream.of(0)
                      : DoubleStream.of(0, figure.target().value()))
              .sorted()
              .toArray();
      return new Scale(shown[0], shown[shown.length - 1]);
    }

    String height(double value) {
      double share = to == from ? 0 : (value - from) / (to - from);
      return number(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN));
    }
  }
}
