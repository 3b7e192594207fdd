package io.vigie.access.person;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds rows of a table that plan a move to a manager who cannot lead on its day, as {@link
 * Relations#requireToLead} does of one move, with what the table says of everybody.
 */
final class HrMoves {

  /**
   * What is known of somebody, or told by the table.
   *
   * @param next who leads them from {@code movesOn} on; null where that is not planned
   */
  private record Standing(UUID manager, UUID next, LocalDate movesOn, LocalDate leavesOn) {

    UUID managerOn(LocalDate day) {
      return next != null && movesOn.isBefore(day) ? next : manager;
    }

    boolean leavesBefore(LocalDate day) {
      return leavesOn != null && leavesOn.isBefore(day);
    }
  }

  private static final Standing UNKNOWN = new Standing(null, null, null, null);

  private final HrTable table;
  private final Map<UUID, Standing> people = new HashMap<>();

  /**
   * @param known of each person here the id, the manager, the next one, from when on, the end of
   *     the contract and the last day
   */
  HrMoves(HrTable table, List<Object[]> known) {
    this.table = table;
    Map<UUID, LocalDate> lastDays = new HashMap<>();
    for (Object[] person : known) {
      LocalDate end = (LocalDate) person[4];
      LocalDate lastDay = (LocalDate) person[5];
      lastDays.put((UUID) person[0], lastDay);
      people.put(
          (UUID) person[0],
          new Standing(
              (UUID) person[1],
              (UUID) person[2],
              (LocalDate) person[3],
              end == null || lastDay != null && lastDay.isBefore(end) ? lastDay : end));
    }
    for (HrRow row : table.rows()) {
      if (row.changes()) {
        PlannedMove move = row.plannedMove();
        people.put(
            row.id(),
            new Standing(
                row.details().manager(),
                move == null ? null : move.manager(),
                move == null ? null : move.movesOn(),
                row.details().leavesOn(row.lastDayAfter(lastDays.get(row.id())))));
      }
    }
  }

  /** Refuses each row whose next manager leaves before, or would be led by whom they lead. */
  void refuse() {
    for (HrRow row : table.rows()) {
      PlannedMove move = row.moves() ? row.plannedMove() : null;
      if (move != null && move.manager() != null) {
        if (people.getOrDefault(move.manager(), UNKNOWN).leavesBefore(move.movesOn())) {
          row.refuse("nextManager", "leaves before that day");
        }
        requireNoCircle(row, move);
      }
    }
  }

  private void requireNoCircle(HrRow row, PlannedMove move) {
    Set<UUID> above = new HashSet<>();
    UUID next = move.manager();
    while (next != null && !next.equals(row.id()) && above.add(next)) {
      if (above.size() > Relations.MOST_LEVELS) {
        row.refuse("nextManager", "leads up more than 100 levels");
        return;
      }
      next = people.getOrDefault(next, UNKNOWN).managerOn(move.movesOn());
    }
    if (row.id().equals(next)) {
      row.refuse("nextManager", "leads back to themselves on that day");
    }
  }
}
