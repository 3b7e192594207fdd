package io.vigie.console.register;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.console.page.Chart;

/**
 * How a number went from one object of a list to the next, against what was asked for, as lines to
 * draw from 0 on. Where it is not known there is a gap.
 *
 * @param path as SVG has it
 * @param goalLabel of what was asked for
 * @param goal the line of that; null unless it is known of two objects
 */
record Curve(
    String label,
    String path,
    String goalLabel,
    String goal,
    Long first,
    Long last,
    Long low,
    Long high) {

  /** The curve of a field and of the one that has its goal; null unless two objects have it. */
  static Curve of(List<JsonNode> objects, String field, String goalField, Locale language) {
    List<Double> numbers = numbers(objects, field);
    List<Double> goals = numbers(objects, goalField);
    List<Double> known = known(numbers);
    if (known.size() < 2) {
      return null;
    }
    List<Double> shown = new ArrayList<>(known);
    shown.addAll(known(goals));
    shown.add(0.0);
    Chart chart = Chart.around(shown);
    return new Curve(
        DataWords.ofField(field, language),
        chart.path(numbers),
        DataWords.ofField(goalField, language),
        known(goals).size() < 2 ? null : chart.path(goals),
        known.get(0).longValue(),
        known.get(known.size() - 1).longValue(),
        Collections.min(known).longValue(),
        Collections.max(known).longValue());
  }

  private static List<Double> numbers(List<JsonNode> objects, String field) {
    Stream<JsonNode> values = objects.stream().map(object -> Registers.at(object, field));
    return values.map(value -> value.isNumber() ? (Double) value.asDouble() : null).toList();
  }

  private static List<Double> known(List<Double> numbers) {
    return numbers.stream().filter(Objects::nonNull).toList();
  }
}
