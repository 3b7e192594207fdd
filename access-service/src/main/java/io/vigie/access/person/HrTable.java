package io.vigie.access.person;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.CsvTable;
import io.vigie.kernel.web.CsvTable.Row;

/**
 * A table of people, as HR software exports it.
 *
 * @param columns those that it has; what it has none for stays as it is
 */
record HrTable(Set<String> columns, List<HrRow> rows) {

  static final int MAX_ROWS = 100_000;

  static final List<String> COLUMNS =
      List.of(
          "givenName",
          "familyName",
          "email",
          "employeeNumber",
          "kind",
          "businessProfile",
          "manager",
          "host",
          "site",
          "joinedOn",
          "endsOn",
          "lastDay",
          "movesOn",
          "nextManager",
          "nextSite",
          "nextBusinessProfile");

  private static final CsvTable.Columns KNOWN = CsvTable.Columns.of(COLUMNS);

  /**
   * Reads a table.
   *
   * @param mapping what its header calls a column, and the column that is meant; {@code -} for none
   * @throws io.vigie.kernel.Problem 400 when it is no table, or has a column that is none
   */
  static HrTable read(byte[] csv, Map<String, String> mapping) {
    Set<String> columns = new HashSet<>();
    List<HrRow> rows = new ArrayList<>();
    CsvTable.read(
        csv,
        mapping,
        KNOWN,
        MAX_ROWS,
        row -> {
          if (rows.isEmpty()) {
            row.forEach((column, cell) -> columns.add(column));
          }
          rows.add(row(rows.size() + 1, row));
        });
    return new HrTable(columns, rows);
  }

  private static HrRow row(int number, Row row) {
    List<FieldError> errors = new ArrayList<>();
    Details cells =
        new Details(
            text(row, "givenName"),
            text(row, "familyName"),
            text(row, "email"),
            text(row, "employeeNumber"),
            null,
            row.get("kind", null, "EMPLOYEE or CONTRACTOR", HrTable::kind, errors),
            text(row, "businessProfile"),
            null,
            null,
            row.get("site", null, "an id", UUID::fromString, errors),
            date(row, "joinedOn", errors),
            date(row, "endsOn", errors));
    LocalDate lastDay = date(row, "lastDay", errors);
    return new HrRow(
        number,
        cells,
        text(row, "manager"),
        text(row, "host"),
        lastDay,
        row.get("lastDay") != null,
        move(row, errors),
        errors);
  }

  /** Null where the table has no column of a move. */
  private static HrRow.Move move(Row row, List<FieldError> errors) {
    LocalDate day = date(row, "movesOn", errors);
    String manager = text(row, "nextManager");
    UUID site = row.get("nextSite", null, "an id", UUID::fromString, errors);
    String profile = text(row, "nextBusinessProfile");
    HrRow.Move move = new HrRow.Move(day, HrRow.Named.of(manager), site, profile);
    if (day == null && !move.isNone()) {
      errors.add(new FieldError("movesOn", "must say from which day on that is so"));
    }
    if (day != null && move.isNone()) {
      errors.add(new FieldError("nextManager", "or nextSite or nextBusinessProfile must be given"));
    }
    return row.get("movesOn") == null ? null : move;
  }

  private static String text(Row row, String column) {
    return row.get(column, null, "a text", text -> text, List.of());
  }

  private static LocalDate date(Row row, String column, List<FieldError> errors) {
    return row.get(column, null, "a date such as 2026-01-31", LocalDate::parse, errors);
  }

  private static PersonKind kind(String text) {
    return PersonKind.valueOf(text.toUpperCase(Locale.ROOT));
  }

  boolean has(String column) {
    return columns.contains(column);
  }

  /** What a row makes of {@code known}, which is null for a newcomer. */
  Details details(HrRow row, Details known) {
    Details cells = row.cells();
    if (known == null) {
      return new Details(
          cells.givenName(),
          cells.familyName(),
          cells.email(),
          cells.employeeNumber(),
          null,
          cells.kind(),
          cells.businessProfile(),
          row.manager(),
          row.host(),
          cells.site(),
          cells.joinedOn(),
          cells.endsOn());
    }
    return new Details(
        has("givenName") ? cells.givenName() : known.givenName(),
        has("familyName") ? cells.familyName() : known.familyName(),
        has("email") ? cells.email() : known.email(),
        has("employeeNumber") ? cells.employeeNumber() : known.employeeNumber(),
        known.subject(),
        has("kind") ? cells.kind() : known.kind(),
        has("businessProfile") ? cells.businessProfile() : known.businessProfile(),
        has("manager") ? row.manager() : known.manager(),
        has("host") ? row.host() : known.host(),
        has("site") ? cells.site() : known.site(),
        has("joinedOn") ? cells.joinedOn() : known.joinedOn(),
        has("endsOn") ? cells.endsOn() : known.endsOn());
  }
}
