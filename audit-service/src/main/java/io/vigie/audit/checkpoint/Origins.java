package io.vigie.audit.checkpoint;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.vigie.audit.note.Note;

/**
 * The names that this log has had.
 *
 * @param inForce the present one
 * @param former those of the logs that it succeeded
 * @param successions what was signed of each
 */
record Origins(String inForce, Set<String> former, List<Succeeded> successions) {

  /**
   * A succession, as the key of the log signed it.
   *
   * @param text what is signed: number, names, and the last checkpoint of the predecessor
   */
  record Succeeded(int number, String predecessor, String text) {}

  /** No log has this name (it has spaces), so nobody takes the note for a checkpoint. */
  private static final String FORMAT = "Vigie log succession 1\n";

  /** The log as it is configured, before any succession. */
  static Origins configured(String origin) {
    return new Origins(origin, Set.of(), List.of());
  }

  /**
   * As the database has them; without a succession it is the configured one.
   *
   * @throws BrokenLog when a row is not one that a key of this log signed, or does not follow the
   *     one before it
   */
  static Origins read(Connection connection, LogKeys keys) throws SQLException {
    String inForce = keys.configured();
    Set<String> former = new HashSet<>();
    List<Succeeded> successions = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select number, predecessor, origin,
                  array(select note from origin_note n where n.number = o.number)
                from log_origin o order by number""");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        String origin = rows.getString(3);
        String text =
            rows.getString(2).equals(inForce)
                ? signed(
                    (String[]) rows.getArray(4).getArray(),
                    about(rows.getInt(1), inForce, origin),
                    inForce,
                    keys)
                : null;
        if (text == null) {
          throw new BrokenLog(
              "The database says that log %s succeeded %s, and no key of this log signed that."
                  .formatted(origin, rows.getString(2)),
              "Restore a database without that row of log_origin,"
                  + " or give the service the key that signed it.");
        }
        successions.add(new Succeeded(rows.getInt(1), inForce, text));
        former.add(inForce);
        inForce = origin;
      }
    }
    return new Origins(inForce, Set.copyOf(former), List.copyOf(successions));
  }

  /** The text of the note that is about this and that a key of this log signed, or null. */
  private static String signed(String[] notes, String about, String name, LogKeys keys) {
    for (String each : notes) {
      try {
        Note note = Note.parse(each);
        if (note.text().startsWith(about) && keys.haveSigned(name, note)) {
          return note.text();
        }
      } catch (IllegalArgumentException e) {
        // no note: as though it were not there
      }
    }
    return null;
  }

  private static String about(int number, String predecessor, String origin) {
    return FORMAT + number + "\n" + predecessor + "\n" + origin + "\n";
  }

  /** A succession that is about to be. */
  static Succeeded next(int number, String predecessor, String origin, Published last) {
    String text = about(number, predecessor, origin) + last.size() + "\n" + last.rootText() + "\n";
    return new Succeeded(number, predecessor, text);
  }

  /** Has each succession signed by all keys of today, so that it holds when one of them ends. */
  void sign(Connection connection, LogKeys keys) throws SQLException {
    for (Succeeded each : successions) {
      sign(connection, keys, each);
    }
  }

  static void sign(Connection connection, LogKeys keys, Succeeded succession) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into origin_note (number, note) values (?, ?) on conflict do nothing")) {
      insert.setInt(1, succession.number());
      insert.setString(2, keys.sign(succession.predecessor(), succession.text()).toString());
      insert.executeUpdate();
    }
  }
}
