package io.vigie.access.physical;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;

import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.CsvTable;

/** Reads passages from tables. */
@ApplicationScoped
class SightingTable {

  private static final CsvTable.Columns COLUMNS =
      CsvTable.Columns.of(
          List.of("source", "sequence", "number", "door", "direction", "passedAt", "granted"));

  private static final int MAX_ROWS = 20_000;

  /** A row, from 1, and what is wrong with it. */
  record Row(int number, Sighting sighting, List<FieldError> errors) {}

  private final Validator validator;

  SightingTable(Validator validator) {
    this.validator = validator;
  }

  /** The rows of a table, or 400. */
  List<Row> read(byte[] csv) {
    List<Row> rows = new ArrayList<>();
    CsvTable.read(csv, Map.of(), COLUMNS, MAX_ROWS, cells -> rows.add(row(rows.size() + 1, cells)));
    return rows;
  }

  private Row row(int number, CsvTable.Row cells) {
    Sighting sighting =
        new Sighting(
            text(cells, "source"),
            number(text(cells, "sequence")),
            text(cells, "number"),
            text(cells, "door"),
            direction(text(cells, "direction")),
            time(text(cells, "passedAt")),
            truth(text(cells, "granted")));
    List<FieldError> errors = new ArrayList<>();
    validator
        .validate(sighting)
        .forEach(
            wrong ->
                errors.add(new FieldError(wrong.getPropertyPath().toString(), wrong.getMessage())));
    return new Row(number, sighting, errors);
  }

  private static String text(CsvTable.Row cells, String column) {
    String cell = cells.get(column);
    return cell == null || cell.isEmpty() ? null : cell;
  }

  private static Long number(String text) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
  }

  private static PassageDirection direction(String text) {
    return text == null
        ? null
        : switch (text.toUpperCase(Locale.ROOT)) {
          case "IN" -> PassageDirection.IN;
          case "OUT" -> PassageDirection.OUT;
          default -> null;
        };
  }

  private static Instant time(String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Boolean truth(String text) {
    return "true".equalsIgnoreCase(text)
        ? Boolean.TRUE
        : "false".equalsIgnoreCase(text) ? Boolean.FALSE : null;
  }
}
