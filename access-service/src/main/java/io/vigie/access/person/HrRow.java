package io.vigie.access.person;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A row of a table of people, and what is found out about it. */
final class HrRow {

  /** What becomes of a row. */
  @Schema(name = "PersonRowResult")
  enum Result {
    CREATED,
    UPDATED,
    UNCHANGED,
    REFUSED
  }

  private final int number;
  private final Details cells;
  private final Named manager;
  private final Named host;
  private final LocalDate lastDay;
  private final boolean hasLastDay;
  private final Move move;
  private final List<FieldError> errors;

  private UUID id;
  private Long version;
  private boolean isGone;
  private Details details;
  private boolean moves;
  private Result result;

  /** Somebody whom a cell names, by id, address or employee number. */
  static final class Named {
    private final String text;
    private UUID id;
    private boolean isGone;
    private HrRow row;

    private Named(String text) {
      this.text = lower(text);
    }

    /** Null where there is no text. */
    static Named of(String text) {
      return text == null ? null : new Named(text);
    }

    /** As addresses and ids are compared. */
    String text() {
      return text;
    }

    /** Somebody known, who may have left. */
    void is(Known person) {
      id = person.id();
      isGone = person.isGone();
    }

    /** Somebody whom another row is about. */
    void is(HrRow other) {
      row = other;
    }

    /** Whether it is somebody who left. */
    boolean isGone() {
      return row == null ? isGone : row.isGone;
    }
  }

  /**
   * Another manager, site or business profile, told ahead.
   *
   * @param day null where the row says that there is none
   */
  record Move(LocalDate day, Named manager, UUID site, String businessProfile) {

    boolean isNone() {
      return manager == null && site == null && businessProfile == null;
    }
  }

  /**
   * @param move null where the table has nothing to say of moves
   */
  HrRow(
      int number,
      Details cells,
      String manager,
      String host,
      LocalDate lastDay,
      boolean hasLastDay,
      Move move,
      List<FieldError> errors) {
    this.number = number;
    this.cells = cells;
    this.manager = Named.of(manager);
    this.host = Named.of(host);
    this.lastDay = lastDay;
    this.hasLastDay = hasLastDay;
    this.move = move;
    this.errors = errors;
  }

  /** 1 for the first behind the header. */
  int number() {
    return number;
  }

  Details cells() {
    return cells;
  }

  /** As addresses are compared; null where there is none. */
  String email() {
    return lower(cells.email());
  }

  /** As employee numbers are compared; null where there is none. */
  String employeeNumber() {
    return lower(cells.employeeNumber());
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  Named managerCell() {
    return manager;
  }

  Named hostCell() {
    return host;
  }

  Named nextManagerCell() {
    return move == null ? null : move.manager();
  }

  UUID nextManager() {
    return idOf(nextManagerCell());
  }

  UUID manager() {
    return idOf(manager);
  }

  UUID host() {
    return idOf(host);
  }

  private static UUID idOf(Named named) {
    return named == null ? null : named.row == null ? named.id : named.row.id;
  }

  /** The rows about whoever leads, hosts and will lead this one's person, by the cell's name. */
  Map<String, HrRow> namedRows() {
    Map<String, HrRow> rows = new LinkedHashMap<>();
    rows.put("manager", rowOf(manager));
    rows.put("host", rowOf(host));
    rows.put("nextManager", rowOf(nextManagerCell()));
    rows.values().removeIf(Objects::isNull);
    return rows;
  }

  private static HrRow rowOf(Named named) {
    return named == null ? null : named.row;
  }

  LocalDate lastDay() {
    return lastDay;
  }

  /** Whether the row names a last day: of who left already, it tells nothing else. */
  boolean isLeaver() {
    return lastDay != null;
  }

  /** Whether the row says that {@code planned} is not the last day. */
  boolean changesLastDay(LocalDate planned) {
    return hasLastDay && !Objects.equals(lastDay, planned);
  }

  /** Their last day once the row is taken, where {@code planned} was it. */
  LocalDate lastDayAfter(LocalDate planned) {
    return hasLastDay ? lastDay : planned;
  }

  /** What the row says that will be of them from a day on; null where that is nothing. */
  PlannedMove plannedMove() {
    return move == null || move.day() == null
        ? null
        : PlannedMove.on(move.day(), nextManager(), move.site(), move.businessProfile());
  }

  /**
   * Whether the row says something else than {@code planned}, which may be null. A move whose day
   * has come and that {@code to} has already is no other one.
   */
  boolean changesMove(PlannedMove planned, Details to, LocalDate today) {
    PlannedMove told = plannedMove();
    if (move == null || told == null && planned == null) {
      return false;
    }
    if (told == null || planned != null) {
      return told == null || !told.isOf(planned);
    }
    return told.movesOn().isAfter(today) || !to.movedTo(told).equals(to);
  }

  void refuse(String field, String message) {
    errors.add(new FieldError(field, message));
    result = Result.REFUSED;
  }

  List<FieldError> errors() {
    return errors;
  }

  boolean isRefused() {
    return !errors.isEmpty();
  }

  /** It is about this person, whom nobody knew. */
  void isAboutNewcomer(UUID person) {
    id = person;
  }

  void isAbout(Known person) {
    id = person.id();
    version = person.version();
    isGone = person.isGone();
  }

  UUID id() {
    return id;
  }

  boolean isAboutNewcomer() {
    return version == null;
  }

  /** In which version the person was read. */
  long version() {
    return version;
  }

  /**
   * @param moves whether it changes what will be of their manager, site and profile
   */
  void comesTo(Result result, Details details, boolean moves) {
    this.result = result;
    this.details = details;
    this.moves = moves;
  }

  /** Whether it is kept, and changes what will be of their manager, site and profile. */
  boolean moves() {
    return changes() && moves;
  }

  /** What the person's record will be. */
  Details details() {
    return details;
  }

  Result result() {
    return isRefused() ? Result.REFUSED : result;
  }

  boolean changes() {
    return result() == Result.CREATED || result() == Result.UPDATED;
  }
}
