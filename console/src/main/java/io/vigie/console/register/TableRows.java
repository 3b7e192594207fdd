package io.vigie.console.register;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The rows of a table (CSV), counted as the services count them. */
final class TableRows {

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .build();

  /** By so many cells people know a row. */
  private static final int CELLS = 4;

  private static final int MOST_LETTERS = 200;

  private TableRows() {}

  /**
   * How rows begin.
   *
   * @param numbers 1 for the first behind the header
   * @return by number; what cannot be read is left out
   */
  static Map<Integer, String> beginnings(byte[] table, Set<Integer> numbers) {
    Map<Integer, String> found = new HashMap<>();
    try (MappingIterator<String[]> rows =
        CSV.readerFor(String[].class)
            .with(CsvSchema.emptySchema().withColumnSeparator(separator(table)))
            .readValues(new InputStreamReader(new ByteArrayInputStream(table), UTF_8))) {
      for (int number = 0; found.size() < numbers.size() && rows.hasNextValue(); number++) {
        String[] cells = rows.nextValue();
        if (numbers.contains(number)) {
          found.put(number, beginning(cells));
        }
      }
    } catch (IOException e) {
      // What the service made of it is told all the same.
      return found;
    }
    return found;
  }

  private static String beginning(String[] cells) {
    String text =
        Stream.of(cells)
            .filter(cell -> !cell.isBlank())
            .limit(CELLS)
            .collect(Collectors.joining(" \u00b7 "));
    return text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS) + "\u2026";
  }

  /** A semicolon where the first line has some and no comma. */
  private static char separator(byte[] table) {
    char separator = ',';
    for (byte each : table) {
      if (each == ',' || each == '\n' || each == '\r') {
        return each == ',' ? ',' : separator;
      }
      separator = each == ';' ? ';' : separator;
    }
    return separator;
  }
}
