package io.vigie.asset.bulk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * A table as it was sent: a header and rows, in UTF-8, with commas or semicolons between cells.
 *
 * @param rows the cells of each row by column, empty ones included
 */
public record Table(List<Map<String, String>> rows) {

  static final int MAX_ROWS = 20_000;

  /** Which columns such a table has. */
  public interface Heading {

    boolean isRead(String column);

    /** Why a column that is not read must not be there; null where it is passed over. */
    String refusal(String column);
  }

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .build();

  /**
   * Reads a table.
   *
   * @param map what its header calls a column, and the column that is meant, as in {@code N° de
   *     série:serialNumber}; {@code -} for none; null for nothing
   * @throws Problem 400 when it is no table, has a column that is none, or too many rows
   */
  public static Table read(byte[] csv, List<String> map, Heading heading) {
    Map<String, String> mapping = mapping(map);
    String text = text(csv);
    String first = text.lines().findFirst().orElse("");
    char separator = first.contains(";") && !first.contains(",") ? ';' : ',';
    List<Map<String, String>> rows = new ArrayList<>();
    List<String> header = null;
    try (MappingIterator<String[]> lines =
        CSV.readerFor(String[].class)
            .with(CsvSchema.emptySchema().withColumnSeparator(separator))
            .readValues(text)) {
      while (lines.hasNext()) {
        String[] cells = lines.next();
        if (header == null) {
          header = header(cells, mapping, heading);
        } else {
          rows.add(row(header, cells, rows.size() + 1));
        }
      }
    } catch (JsonProcessingException e) {
      throw Problem.badRequest(
          "The table cannot be read near line %d: %s"
              .formatted(e.getLocation().getLineNr(), e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof JsonProcessingException cause) {
        throw Problem.badRequest(
            "The table cannot be read near line " + cause.getLocation().getLineNr() + ".");
      }
      throw e;
    }
    if (rows.isEmpty()) {
      throw Problem.badRequest("The table has no rows. Its first line names the columns.");
    }
    return new Table(rows);
  }

  private static String text(byte[] csv) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(csv)).toString();
      if (text.indexOf('\0') >= 0) {
        throw Problem.badRequest("This is no text.");
      }
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("This is not UTF-8. Save the table as CSV in UTF-8.");
    }
  }

  private static Map<String, String> mapping(List<String> map) {
    Map<String, String> mapping = new HashMap<>();
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

  private static List<String> header(String[] names, Map<String, String> mapping, Heading heading) {
    List<String> header = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<FieldError> errors = new ArrayList<>();
    for (String name : names) {
      String column = mapping.getOrDefault(name, name);
      String refusal = heading.isRead(column) ? null : heading.refusal(column);
      if (column.equals("-") || !heading.isRead(column) && refusal == null) {
        header.add(null);
      } else if (refusal != null) {
        errors.add(
            new FieldError(name, refusal + "; map=%s:<column> says which it is".formatted(name)));
      } else if (!seen.add(column)) {
        errors.add(new FieldError(name, "is there twice"));
      } else {
        header.add(column);
      }
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    return header;
  }

  private static Map<String, String> row(List<String> header, String[] cells, int number) {
    if (number > MAX_ROWS) {
      throw Problem.badRequest("At most " + MAX_ROWS + " rows are taken at once. Split the table.");
    }
    if (cells.length > header.size()) {
      throw Problem.badRequest(
          "Row %d has %d cells, and the header %d.".formatted(number, cells.length, header.size()));
    }
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i) != null) {
        row.put(header.get(i), i < cells.length ? plain(cells[i]) : "");
      }
    }
    return row;
  }

  /** Without the apostrophe that an export puts before what a spreadsheet would run. */
  private static String plain(String cell) {
    return cell.matches("(?s)'[=+@\\t\\r-].*") ? cell.substring(1) : cell;
  }
}
