package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** Results for people, for programs and for {@code docs/performance.md}. */
final class Report {

  private static final String BEGIN = "<!-- results:%s -->";
  private static final String END = "<!-- end:%s -->";

  private Report() {}

  /** One line for a terminal. */
  static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "  %-28s %s %s (%s to %s)   %s: %s   ratio %.2f   goal %s: %s",
        row.name(),
        number(row.figures().figure()),
        row.unit(),
        number(row.figures().min()),
        number(row.figures().max()),
        row.against(),
        number(row.againstFigures().figure()),
        row.ratio(),
        row.goal(),
        verdict(row));
  }

  /** An array of {@code {name, figure, unit, against, againstFigure, ratio, goal, met}}. */
  static void write(List<Row> rows, Path file) throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", row.name());
      object.put("figure", row.figures().figure());
      object.put("unit", row.unit());
      object.put("against", row.against());
      object.put("againstFigure", row.againstFigures().figure());
      object.put("ratio", row.ratio());
      object.put("goal", row.goal().toString());
      object.put("met", row.met());
      list.add(object);
    }
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), list);
  }

  /**
   * Replaces what stands between the marks of a table; the prose around them stays.
   *
   * @throws IOException when the document cannot be written or has no such marks
   */
  static void record(String name, List<Row> rows, String run, Path document) throws IOException {
    String text = Files.readString(document);
    String begin = BEGIN.formatted(name);
    int from = text.indexOf(begin);
    int to = text.indexOf(END.formatted(name));
    if (from < 0 || to < from) {
      throw new IOException(document + " has no marks " + begin);
    }
    Files.writeString(
        document, text.substring(0, from + begin.length()) + table(rows, run) + text.substring(to));
  }

  private static String table(List<Row> rows, String run) {
    StringBuilder table = new StringBuilder("\n");
    table.append("| figure | this | against | ratio | goal | met |\n|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s %s (%s to %s) | %s: %s (%s to %s) | %.2f | %s | %s |%n",
              row.name(),
              number(row.figures().figure()),
              row.unit(),
              number(row.figures().min()),
              number(row.figures().max()),
              row.against(),
              number(row.againstFigures().figure()),
              number(row.againstFigures().min()),
              number(row.againstFigures().max()),
              row.ratio(),
              row.goal(),
              verdict(row)));
    }
    return table.append("\n").append(run).append("\n").toString();
  }

  private static String verdict(Row row) {
    if (row.comment() != null) {
      return "not judged: " + row.comment();
    }
    if (row.isNoisy()) {
      return "not judged: the rounds differ too much";
    }
    return row.met() ? "yes" : "no";
  }

  static String number(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.3f", value);
  }
}
