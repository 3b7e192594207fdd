package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import io.vigie.audit.intake.Admission.NewEntry;
import io.vigie.audit.intake.Entry.Event;

/** Stores the entries of a batch: one statement a table, whatever the size of the batch. */
final class EntryRows {

  private static final String ENTRIES =
      """
      insert into entry (index, canonical, leaf, event_id, source, type, subject, actor, event_time,
        event_number, source_number, alert, logged_at)
      select e.*, ?::timestamptz from unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::uuid[], ?::text[], ?::text[],
        ?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::text[]) e""";
  private static final String PAYLOADS =
      "insert into payload (index, salt, body) select * from unnest(?::bigint[], ?::bytea[], ?::bytea[])";
  private static final String IDS =
      "insert into event_id (id, index) select * from unnest(?::uuid[], ?::bigint[])";
  private static final String ALERTS =
      """
      insert into alert (index, kind, detail, raised_at)
      select a.*, ?::timestamptz from unnest(?::bigint[], ?::text[], ?::text[]) a""";

  private EntryRows() {}

  static void insert(Connection connection, List<NewEntry> entries, Instant now)
      throws SQLException {
    new Insert(connection, ENTRIES)
        .value(now.toString())
        .column("int8", entries, NewEntry::index)
        .column("bytea", entries, NewEntry::canonical)
        .column("bytea", entries, NewEntry::leaf)
        .column("uuid", entries, ofEvent(Event::id))
        .column("text", entries, ofEvent(Event::source))
        .column("text", entries, ofEvent(Event::type))
        .column("text", entries, ofEvent(Event::subject))
        .column("text", entries, ofEvent(Event::actor))
        .column("text", entries, ofEvent(Event::instant))
        .column("int8", entries, ofEvent(Event::eventNumber))
        .column("int8", entries, ofEvent(Event::sourceNumber))
        .column("text", entries, entry -> entry.alert() == null ? null : entry.alert().text())
        .execute();
    new Insert(connection, PAYLOADS)
        .column("int8", entries, NewEntry::index)
        .column("bytea", entries, NewEntry::salt)
        .column("bytea", entries, NewEntry::payload)
        .execute();
    List<NewEntry> identified = entries.stream().filter(Admission::ownsItsId).toList();
    new Insert(connection, IDS)
        .column("uuid", identified, ofEvent(Event::id))
        .column("int8", identified, NewEntry::index)
        .execute();
    List<NewEntry> alerted = entries.stream().filter(entry -> entry.alert() != null).toList();
    if (!alerted.isEmpty()) {
      new Insert(connection, ALERTS)
          .value(now.toString())
          .column("int8", alerted, NewEntry::index)
          .column("text", alerted, entry -> entry.alert().text())
          .column("text", alerted, NewEntry::detail)
          .execute();
    }
  }

  private static Function<NewEntry, Object> ofEvent(Function<Event, Object> attribute) {
    return entry -> entry.event() == null ? null : attribute.apply(entry.event());
  }

  /** A statement whose parameters are columns. */
  private static final class Insert {

    private final Connection connection;
    private final PreparedStatement statement;
    private int next = 1;

    Insert(Connection connection, String sql) throws SQLException {
      this.connection = connection;
      this.statement = connection.prepareStatement(sql);
    }

    Insert value(String value) throws SQLException {
      statement.setString(next++, value);
      return this;
    }

    Insert column(String type, List<NewEntry> rows, Function<NewEntry, ?> cell)
        throws SQLException {
      Object[] cells = type.equals("bytea") ? new byte[rows.size()][] : new Object[rows.size()];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = cell.apply(rows.get(i));
      }
      statement.setArray(next++, connection.createArrayOf(type, cells));
      return this;
    }

    void execute() throws SQLException {
      try (statement) {
        statement.executeUpdate();
      }
    }
  }
}
