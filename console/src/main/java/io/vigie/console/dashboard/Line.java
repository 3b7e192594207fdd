package io.vigie.console.dashboard;

import java.util.ArrayList;
import java.util.List;

import io.vigie.console.page.Chart;
import io.vigie.console.service.FigureService.Better;
import io.vigie.console.service.FigureService.Day;
import io.vigie.console.service.FigureService.Figure;
import io.vigie.console.service.FigureService.Unit;

/**
 * How a figure was, as a line to draw: a percentage between 0 and 100, all else from 0 on. Where
 * nothing was known there is a gap.
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

  /** The line; null unless something is known of two days. */
  static Line of(Figure figure, List<Day> days) {
    List<Day> known =
        days == null ? List.of() : days.stream().filter(day -> day.value() != null).toList();
    if (known.size() < 2) {
      return null;
    }
    Chart chart = chart(figure, known);
    Day first = known.get(0);
    Day last = known.get(known.size() - 1);
    // Of what is not known now nothing is said to have become better
    Double now = days.get(days.size() - 1).value();
    Double by = now == null ? null : now - first.value();
    return new Line(
        chart.path(days.stream().map(Day::value).toList()),
        figure.target() == null ? null : chart.height(figure.target().value()),
        first,
        last,
        known.stream().mapToDouble(Day::value).min().getAsDouble(),
        known.stream().mapToDouble(Day::value).max().getAsDouble(),
        by,
        by == null || by == 0 ? null : by > 0 == (figure.better() == Better.HIGHER));
  }

  private static Chart chart(Figure figure, List<Day> known) {
    if (figure.unit() == Unit.PERCENT) {
      return new Chart(0, 100);
    }
    List<Double> shown = new ArrayList<>(known.stream().map(Day::value).toList());
    shown.add(0.0);
    if (figure.target() != null) {
      shown.add(figure.target().value());
    }
    return Chart.around(shown);
  }
}
