package io.vigie.verifier;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static io.vigie.verifier.Terminal.quoted;

/**
 * The table for spreadsheets beside an export, RFC 4180: a row for each entry that is shown in
 * full, in their order, of its index, its search columns, its leaf hash and its payload as text.
 * What a spreadsheet would take for a formula, also one that parts cells at semicolons, has an
 * apostrophe before it.
 */
final class CsvTable {

  private static final List<String> COLUMNS =
      List.of(
          "index",
          "time",
          "type",
          "source",
          "subject",
          "actor",
          "id",
          "eventNumber",
          "sourceNumber",
          "alert",
          "leafHash",
          "payload");
  private static final Pattern FORMULA =
      Pattern.compile("^(?='*[=+@\\t\\r\\n-])|(?<=[;\\r\\n])(?='*[=+@-])");

  private final InputStream rows;

  /**
   * Reads the first line.
   *
   * @throws Rejected when it is not that of a table beside an export
   */
  CsvTable(InputStream table) throws IOException, Rejected {
    this.rows = new BufferedInputStream(table, 1 << 16);
    if (!Arrays.equals(row(COLUMNS), next())) {
      throw new Rejected("the table does not begin with the names of its columns");
    }
  }

  /** The row that an entry must have, line end included. */
  static byte[] row(long index, Map<String, String> columns, String leaf, byte[] payload) {
    List<String> cells = new ArrayList<>(COLUMNS.size());
    cells.add(Long.toString(index));
    for (String column : COLUMNS.subList(1, COLUMNS.size() - 2)) {
      cells.add(harmless(columns.get(column)));
    }
    cells.add(leaf);
    cells.add(harmless(payload == null ? null : new String(payload, StandardCharsets.UTF_8)));
    return row(cells);
  }

  private static String harmless(String text) {
    return text == null ? "" : FORMULA.matcher(text).replaceAll("'");
  }

  private static byte[] row(List<String> cells) {
    StringBuilder row = new StringBuilder();
    for (String cell : cells) {
      boolean isQuoted = cell.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
      row.append(row.length() == 0 ? "" : ",")
          .append(isQuoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
    }
    return row.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What is wrong with the next row, which must be this one of the entry at the index; or null. */
  String problem(long index, byte[] expected) throws IOException {
    byte[] actual = next();
    if (Arrays.equals(actual, expected)) {
      return null;
    }
    if (actual == null) {
      return "has no row in the table, which ends before it";
    }
    List<String> said = cells(actual);
    long named = Canonical.number(said.get(0));
    if (named > index) {
      return "has no row where it must stand in the table: there is that of entry " + named;
    }
    if (named < index) {
      return "stands in the table behind a row too many: " + quoted(text(actual));
    }
    List<String> due = cells(expected);
    for (int i = 0; i < Math.min(due.size(), said.size()); i++) {
      if (!due.get(i).equals(said.get(i))) {
        return "has another %s in the table, %s, than in the export, %s"
            .formatted(COLUMNS.get(i), quoted(said.get(i)), quoted(due.get(i)));
      }
    }
    return "is written in another form in the table: " + quoted(text(actual));
  }

  /** What stands behind the last row, which must be nothing; or null. */
  String rest() throws IOException {
    byte[] more = next();
    return more == null
        ? null
        : "is not the end of the table, which has a row too many: " + quoted(text(more));
  }

  /** A row with its line end; cut off where it is longer than any can be; null at the end. */
  private byte[] next() throws IOException {
    ByteArrayOutputStream row = new ByteArrayOutputStream();
    boolean isQuoted = false;
    int read = 0;
    while ((read != '\n' || isQuoted) && row.size() < Lines.MAX_LENGTH) {
      read = rows.read();
      if (read < 0) {
        break;
      }
      isQuoted ^= read == '"';
      row.write(read);
    }
    return row.size() == 0 ? null : row.toByteArray();
  }

  private static List<String> cells(byte[] row) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (char c : text(row).toCharArray()) {
      isQuoted ^= c == '"';
      if (c == ',' && !isQuoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().stripTrailing());
    return cells;
  }

  private static String text(byte[] row) {
    return new String(row, StandardCharsets.UTF_8);
  }
}
