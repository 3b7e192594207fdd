package io.vigie.kernel.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * Reads tables as they are sent: a header and rows, RFC 4180, in UTF-8, with commas or semicolons
 * between cells.
 */
public final class CsvTable {

  /** The columns that a table may have. */
  public interface Columns {

    boolean isRead(String column);

    /** Why a column that is not read must not be there; null where it is passed over. */
    String refusal(String column);

    /** These, and no others. */
    static Columns of(List<String> names) {
      return new Columns() {
        @Override
        public boolean isRead(String column) {
          return names.contains(column);
        }

        @Override
        public String refusal(String column) {
          return "is no column. Known: " + names;
        }
      };
    }
  }

  /** The cells of one row. */
  public static final class Row {

    private final Map<String, Integer> header;
    private final String[] cells;

    private Row(Map<String, Integer> header, String[] cells) {
      this.header = header;
      this.cells = cells;
    }

    /** The cell, empty where the row ends before it; null where the table has no such column. */
    public String get(String column) {
      Integer place = header.get(column);
      return place == null ? null : cell(place);
    }

    private String cell(int place) {
      return place < cells.length ? Csv.plain(cells[place]) : "";
    }

    /**
     * The cell as a value; {@code known} where the table has no such column, null where the cell is
     * blank, or is none, which is added to the errors.
     *
     * @param expected what it should be, in words
     * @param read fails with {@link IllegalArgumentException} or {@link DateTimeException} for what
     *     is none
     */
    public <T> T get(
        String column,
        T known,
        String expected,
        Function<String, T> read,
        List<FieldError> errors) {
      String text = get(column);
      if (text == null) {
        return known;
      }
      if (text.isBlank()) {
        return null;
      }
      try {
        return read.apply(text.strip());
      } catch (IllegalArgumentException | DateTimeException e) {
        errors.add(new FieldError(column, "is not " + expected));
        return null;
      }
    }

    /** Each cell with its column, in the order of the header. */
    public void forEach(BiConsumer<String, String> each) {
      header.forEach((column, place) -> each.accept(column, cell(place)));
    }
  }

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();

  /** Others export some dozens. A line of commas must not become a cell, and an error, for each. */
  private static final int MOST_COLUMNS = 200;

  /** As much as an error tells of a column's name. */
  private static final int NAME = 100;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private CsvTable() {}

  /**
   * Reads a table, row by row.
   *
   * @param mapping what its header calls a column, and the column that is meant; {@code -} for none
   * @param maxRows how many rows are taken at most
   * @param each gets the rows
   * @return the columns that were passed over, as its header calls them, but for those that the
   *     mapping says to
   * @throws Problem 400 when it is no table, has a column that is none, more than {@value
   *     #MOST_COLUMNS} columns, no rows or too many
   */
  public static List<String> read(
      byte[] csv, Map<String, String> mapping, Columns columns, int maxRows, Consumer<Row> each) {
    try (JsonParser lines =
        CSV.reader()
            .with(CsvSchema.emptySchema().withColumnSeparator(separator(csv)))
            .createParser(text(csv))) {
      List<String> passedOver = new ArrayList<>();
      int rows = 0;
      String[] names = next(lines, 0, MOST_COLUMNS);
      if (names != null) {
        Map<String, Integer> header = header(names, mapping, columns, passedOver);
        String[] cells = next(lines, 1, names.length);
        while (cells != null) {
          requireAtMost(maxRows, ++rows);
          each.accept(new Row(header, cells));
          cells = next(lines, rows + 1, names.length);
        }
      }
      if (rows == 0) {
        throw Problem.badRequest("The table has no rows. Its first line names the columns.");
      }
      return passedOver;
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("This is not UTF-8. Save the table as CSV in UTF-8.");
    } catch (JsonProcessingException e) {
      throw Problem.badRequest(
          "The table cannot be read near line %d: %s"
              .formatted(e.getLocation().getLineNr(), e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The cells of the next line, null behind the last.
   *
   * @param row 0 for the header
   * @throws Problem 400 as soon as there are more than {@code most}
   */
  private static String[] next(JsonParser lines, int row, int most) throws IOException {
    if (lines.nextToken() == null) {
      return null;
    }
    List<String> cells = new ArrayList<>();
    while (lines.nextToken() != JsonToken.END_ARRAY) {
      if (cells.size() == most) {
        throw Problem.badRequest(
            row == 0
                ? "A table has at most %d columns.".formatted(most)
                : "Row %d has more cells than the header, which has %d.".formatted(row, most));
      }
      cells.add(lines.getText());
    }
    return cells.toArray(String[]::new);
  }

  /**
   * What is in a table.
   *
   * @param rows the cells of each by column
   * @param passedOver the columns that are not read, as the header calls them
   */
  public record Table(List<Map<String, String>> rows, List<String> passedOver) {}

  /** A table as {@link #read} reads it. */
  public static Table table(byte[] csv, Map<String, String> mapping, Columns columns, int maxRows) {
    List<Map<String, String>> rows = new ArrayList<>();
    List<String> passedOver =
        read(
            csv,
            mapping,
            columns,
            maxRows,
            row -> {
              Map<String, String> cells = new LinkedHashMap<>();
              row.forEach(cells::put);
              rows.add(cells);
            });
    return new Table(rows, passedOver);
  }

  /** Decoded as it is read, so that it is in memory once. */
  private static Reader text(byte[] csv) {
    for (byte each : csv) {
      if (each == 0) {
        throw Problem.badRequest("This is no text.");
      }
    }
    int from = startsWithMark(csv) ? BYTE_ORDER_MARK.length : 0;
    return new InputStreamReader(
        new ByteArrayInputStream(csv, from, csv.length - from),
        StandardCharsets.UTF_8.newDecoder());
  }

  private static boolean startsWithMark(byte[] csv) {
    return csv.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            csv, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  /** A semicolon where the first line has some and no comma. */
  private static char separator(byte[] csv) {
    char separator = ',';
    for (byte each : csv) {
      if (each == ',' || each == '\n' || each == '\r') {
        return each == ',' ? ',' : separator;
      }
      separator = each == ';' ? ';' : separator;
    }
    return separator;
  }

  private static Map<String, Integer> header(
      String[] names, Map<String, String> mapping, Columns columns, List<String> passedOver) {
    Map<String, Integer> header = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    List<FieldError> errors = new ArrayList<>();
    for (int place = 0; place < names.length; place++) {
      String name = names[place];
      String column = mapping.getOrDefault(name, name);
      String refusal = columns.isRead(column) ? null : columns.refusal(column);
      if (column.equals("-")) {
        continue;
      }
      String told = name.length() > NAME ? name.substring(0, NAME) + "…" : name;
      if (!columns.isRead(column) && refusal == null) {
        passedOver.add(told);
      } else if (refusal != null) {
        errors.add(
            new FieldError(told, refusal + "; map=%s:<column> says which it is".formatted(told)));
      } else if (!seen.add(column)) {
        errors.add(new FieldError(told, "is there twice"));
      } else {
        header.put(column, place);
      }
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    return header;
  }

  private static void requireAtMost(int maxRows, int row) {
    if (row > maxRows) {
      throw Problem.badRequest("At most " + maxRows + " rows are taken at once. Split the table.");
    }
  }

  /**
   * What a request says that a table's header means.
   *
   * @param map each a name and a column, as in {@code Serial:serialNumber}; null for none
   * @throws Problem 400 when one is not
   */
  public static Map<String, String> mapping(List<String> map) {
    Map<String, String> mapping = new LinkedHashMap<>();
    for (String each : map == null ? List.<String>of() : map) {
      int colon = each.lastIndexOf(':');
      if (colon < 1) {
        throw Problem.invalid(
            List.of(
                new FieldError("map", "is not a name and a column, as in Serial:serialNumber")));
      }
      mapping.put(each.substring(0, colon), each.substring(colon + 1));
    }
    return mapping;
  }
}
