package io.vigie.kernel.web;

import java.util.Collection;
import java.util.stream.Collectors;

/** Rows of a spreadsheet, RFC 4180. */
public final class Csv {

  private Csv() {}

  /** The cells with commas between, and the end of the line; nothing for null. */
  public static String row(Collection<?> cells) {
    return cells.stream()
            .map(cell -> cell(cell == null ? null : cell.toString()))
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  /** A text that begins as a formula does would be run by whoever opens the file. */
  public static String cell(String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    String harmless = "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return harmless.matches("(?s).*[\",\\r\\n].*")
        ? '"' + harmless.replace("\"", "\"\"") + '"'
        : harmless;
  }
}
