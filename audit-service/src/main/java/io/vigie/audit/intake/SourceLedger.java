package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which of its numbers each source's events in the log have, and when it was last heard: what lets
 * an omission be found.
 */
final class SourceLedger {

  private static final class Line {
    NumberRanges numbers = new NumberRanges();

    /**
     * Those, and the ones of which somebody said that they will not come: mostly there are none.
     */
    NumberRanges settled = numbers;

    long announced;
    Long firstMissing;
    Instant missingSince;
    Instant sentUntil;
    boolean touched;
  }

  private final Map<String, Line> lines = new HashMap<>();
  private final Instant now;

  private SourceLedger(Instant now) {
    this.now = now;
  }

  static SourceLedger load(Connection connection, Instant now) throws SQLException {
    SourceLedger ledger = new SourceLedger(now);
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select name, numbers::text, announced, first_missing, missing_since, sent_until,
                  (numbers + acknowledged_numbers(name, ''))::text
                from source""");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        Line line = new Line();
        line.numbers = NumberRanges.parse(rows.getString(2));
        line.announced = rows.getLong(3);
        line.firstMissing = rows.getObject(4, Long.class);
        line.missingSince = rows.getTimestamp(5) == null ? null : rows.getTimestamp(5).toInstant();
        line.sentUntil = rows.getTimestamp(6) == null ? null : rows.getTimestamp(6).toInstant();
        boolean isAnyAcknowledged = !rows.getString(7).equals(rows.getString(2));
        line.settled = isAnyAcknowledged ? NumberRanges.parse(rows.getString(7)) : line.numbers;
        ledger.lines.put(rows.getString(1), line);
      }
    }
    return ledger;
  }

  /** A sign of life. */
  void heard(String source) {
    told(source);
  }

  private Line told(String source) {
    Line line = lines.computeIfAbsent(source, s -> new Line());
    line.touched = true;
    return line;
  }

  /**
   * An event with this number is logged.
   *
   * @return false when one with the same number was before
   */
  boolean received(String source, long number) {
    Line line = told(source);
    boolean isNew = line.numbers.add(number);
    if (line.settled != line.numbers) {
      line.settled.add(number);
    }
    return isNew;
  }

  /**
   * The source says that this is the last number it has sent, and, where {@code sentUntil} is not
   * null, that it has sent all that it committed before that time.
   */
  void announced(String source, long number, Instant sentUntil) {
    Line line = told(source);
    line.announced = Math.max(line.announced, number);
    if (sentUntil != null && (line.sentUntil == null || sentUntil.isAfter(line.sentUntil))) {
      line.sentUntil = sentUntil;
    }
  }

  void store(Connection connection) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            insert into source (name, numbers, announced, first_missing, missing_since, heard_at, sent_until)
            values (?, ?::int8multirange, ?, ?, ?::timestamptz, ?::timestamptz, ?::timestamptz)
            on conflict (name) do update set numbers = excluded.numbers, announced = excluded.announced,
              first_missing = excluded.first_missing, missing_since = excluded.missing_since, heard_at = excluded.heard_at,
              sent_until = excluded.sent_until""")) {
      for (Map.Entry<String, Line> entry : lines.entrySet()) {
        Line line = entry.getValue();
        if (!line.touched) {
          continue;
        }
        Long missing = line.settled.firstMissing(Math.max(line.announced, line.numbers.last()));
        if (!Objects.equals(missing, line.firstMissing)) {
          line.missingSince = missing == null ? null : now;
        }
        upsert.setString(1, entry.getKey());
        upsert.setString(2, line.numbers.toString());
        upsert.setLong(3, line.announced);
        upsert.setObject(4, missing);
        upsert.setString(5, line.missingSince == null ? null : line.missingSince.toString());
        upsert.setString(6, now.toString());
        upsert.setString(7, line.sentUntil == null ? null : line.sentUntil.toString());
        upsert.executeUpdate();
      }
    }
  }
}
