package io.vigie.console.register;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows of a table, RFC 4180, written as the services write them. */
final class Csv {

  /**
   * Where a cell may begin and the text would be a formula: at its own beginning, and, since many
   * spreadsheets part cells at semicolons whatever quotes stand around, behind each semicolon and
   * each line break.
   */
  private static final Pattern FORMULA =
      Pattern.compile("^(?='*[=+@\\t\\r\\n-])|(?<=[;\\r\\n])(?='*[=+@-])");

  private static final Pattern QUOTED = Pattern.compile("[\",\\r\\n]");

  private Csv() {}

  /** The cells with commas between, and the end of the line. */
  static String row(List<String> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\r\n";
  }

  /** What whoever opens the file would run has an apostrophe before it. */
  static String cell(String text) {
    String harmless = FORMULA.matcher(text).replaceAll("'");
    return QUOTED.matcher(harmless).find() ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
  }
}
