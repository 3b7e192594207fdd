package io.vigie.kernel.web;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows of a spreadsheet, RFC 4180. */
public final class Csv {

  /**
   * Where a cell may begin and the text would be a formula: at its own beginning, and, since many
   * spreadsheets part cells at semicolons whatever quotes stand around, behind each semicolon and
   * each line break.
   */
  private static final Pattern FORMULA =
      Pattern.compile("^(?='*[=+@\\t\\r\\n-])|(?<=[;\\r\\n])(?='*[=+@-])");

  private static final Pattern HARMLESS =
      Pattern.compile("^'(?='*[=+@\\t\\r\\n-])|(?<=[;\\r\\n])'(?='*[=+@-])");

  private Csv() {}

  /** The cells with commas between, and the end of the line; nothing for null. */
  public static String row(Collection<?> cells) {
    return cells.stream()
            .map(cell -> cell(cell == null ? null : cell.toString()))
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  /**
   * What whoever opens the file would run has an apostrophe before it; {@link #plain} takes it
   * away.
   */
  public static String cell(String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    String harmless = FORMULA.matcher(text).replaceAll("'");
    return harmless.matches("(?s).*[\",\\r\\n].*")
        ? '"' + harmless.replace("\"", "\"\"") + '"'
        : harmless;
  }

  /** The text of a cell without the apostrophes that {@link #cell} puts into it. */
  static String plain(String cell) {
    return HARMLESS.matcher(cell).replaceAll("");
  }
}
