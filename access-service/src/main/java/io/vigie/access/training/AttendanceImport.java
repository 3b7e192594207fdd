package io.vigie.access.training;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.web.CsvTable;
import io.vigie.kernel.web.CsvTable.Row;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.exception.ConstraintViolationException;

/**
 * A table's way into the attendances. First it is found out what each row comes to, then the rows
 * are kept. A row about a person, course and day that are known changes nothing.
 */
@ApplicationScoped
class AttendanceImport {

  private static final CsvTable.Columns COLUMNS =
      CsvTable.Columns.of(List.of("course", "person", "email", "attendedOn"));

  private static final int MAX_ROWS = 20_000;

  /** What becomes of a row. */
  @Schema(name = "AttendanceRowResult")
  enum RowResult {
    CREATED,
    UNCHANGED,
    REFUSED
  }

  /**
   * @param row 1 for the first behind the header
   * @param attendance null unless it is new and kept
   */
  @Schema(name = "AttendanceRow")
  record Line(int row, RowResult result, UUID attendance, List<FieldError> errors) {}

  private record Planned(
      int row,
      UUID person,
      Course course,
      LocalDate day,
      RowResult result,
      List<FieldError> errors) {
    Line line(UUID attendance) {
      return new Line(row, result, attendance, errors);
    }
  }

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AttendanceImport(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** The rows of a table, or 400. */
  static List<Row> read(byte[] csv) {
    List<Row> rows = new ArrayList<>();
    CsvTable.read(csv, Map.of(), COLUMNS, MAX_ROWS, rows::add);
    return rows;
  }

  /** What the table would come to; nothing is kept. */
  Uni<List<Line>> plan(List<Row> table) {
    return Panache.withTransaction(() -> planned(table))
        .map(rows -> rows.stream().map(row -> row.line(null)).toList());
  }

  /** All rows or, when one is refused, none (422, with what is wrong with which). */
  Uni<List<Line>> takeWhole(List<Row> table) {
    return Panache.withTransaction(
        () -> planned(table).invoke(AttendanceImport::requireNoneRefused).chain(this::keep));
  }

  /** Each row by itself: what is refused keeps no other from being kept. */
  Uni<List<Line>> takeEach(List<Row> table) {
    return Panache.withTransaction(() -> planned(table))
        .chain(
            rows ->
                Multi.createFrom()
                    .iterable(rows)
                    .onItem()
                    .transformToUniAndConcatenate(
                        row ->
                            outbox
                                .step(() -> keep(List.of(row)))
                                .map(lines -> lines.get(0))
                                .onFailure(ConstraintViolationException.class)
                                .recoverWithItem(() -> late(row)))
                    .collect()
                    .asList());
  }

  private static Line late(Planned row) {
    return new Line(
        row.row(),
        RowResult.REFUSED,
        null,
        List.of(new FieldError("row", "met another change at the same time; import it again")));
  }

  private static void requireNoneRefused(List<Planned> rows) {
    List<FieldError> errors =
        rows.stream()
            .flatMap(
                row ->
                    row.errors().stream()
                        .map(
                            error ->
                                new FieldError(
                                    "row %d: %s".formatted(row.row(), error.field()),
                                    error.message())))
            .limit(1_000)
            .toList();
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "rows-refused",
          "Nothing was imported. Correct the listed rows, or import with atomic=false to leave them"
              + " out.",
          errors);
    }
  }

  private Uni<List<Line>> keep(List<Planned> rows) {
    List<Line> lines = new ArrayList<>();
    List<Decided> decisions = new ArrayList<>();
    for (Planned row : rows) {
      if (row.result() == RowResult.CREATED) {
        Attendance attendance =
            row.course().attended(row.person(), row.day(), actor.id(), clock.instant());
        decisions.add(attendance.recorded());
        lines.add(row.line(attendance.id()));
      } else {
        lines.add(row.line(null));
      }
    }
    return outbox.append(decisions).replaceWith(lines);
  }

  private Uni<List<Planned>> planned(List<Row> table) {
    return Roll.of(table)
        .map(
            known -> {
              Set<Roll.Occasion> seen = new HashSet<>();
              List<Planned> planned = new ArrayList<>();
              for (Row row : table) {
                planned.add(plan(planned.size() + 1, row, known, seen));
              }
              return planned;
            });
  }

  private Planned plan(int number, Row row, Roll known, Set<Roll.Occasion> seen) {
    Instant now = clock.instant();
    List<FieldError> errors = new ArrayList<>();
    Course course = known.courses().get(Roll.cell(row, "course"));
    if (course == null) {
      errors.add(new FieldError("course", "is not the code of an active course"));
    }
    Roll.Member person = person(row, known, errors);
    LocalDate day = day(Roll.cell(row, "attendedOn"));
    if (day == null) {
      errors.add(new FieldError("attendedOn", "must be a day such as 2026-03-02"));
    } else {
      errors.addAll(Course.errors(day, now));
    }
    if (!errors.isEmpty()) {
      return new Planned(number, null, null, day, RowResult.REFUSED, errors);
    }
    Roll.Occasion occasion = new Roll.Occasion(person.id(), course.id(), day);
    boolean isNew = seen.add(occasion) && !known.occasions().contains(occasion);
    return new Planned(
        number,
        person.id(),
        course,
        day,
        isNew ? RowResult.CREATED : RowResult.UNCHANGED,
        List.of());
  }

  private Roll.Member person(Row row, Roll known, List<FieldError> errors) {
    String id = Roll.cell(row, "person");
    String field = id.isEmpty() ? "email" : "person";
    String name = id.isEmpty() ? Roll.cell(row, "email") : id;
    Roll.Member person = known.people().get(name.toLowerCase(Locale.ROOT));
    if (person == null) {
      errors.add(new FieldError(field, "is nobody's"));
    } else if (person.left()) {
      errors.add(new FieldError(field, "is that of somebody who left"));
    } else if (actor.id().equals(person.subject())) {
      errors.add(new FieldError(field, "is you; somebody else must record that you took a course"));
    }
    return person;
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
