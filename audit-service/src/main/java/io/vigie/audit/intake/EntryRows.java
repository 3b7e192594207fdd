package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import io.vigie.audit.intake.Admission.NewEntry;
import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;

/** Stores the entries of a batch: one statement a table, whatever the size of the batch. */
final class EntryRows {

  private static final String ENTRIES =
      """
      insert into entry (index, canonical, leaf, event_id, source, type, subject, actor, event_time,
        event_number, source_number, alert, logged_at)
      select e.*, ?::timestamptz from unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::uuid[], ?::text[], ?::text[],
        ?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::text[]) e""";
  private static final String PAYLOADS =
      """
      insert into payload (index, person, key, salt, body)
      select * from unnest(?::bigint[], ?::text[], ?::int[], ?::bytea[], ?::bytea[])""";
  private static final String ALIASES =
      """
      insert into person_alias (person, id) select distinct * from unnest(?::text[], ?::text[])
      on conflict do nothing""";
  private static final String IDS =
      "insert into event_id (id, index) select * from unnest(?::uuid[], ?::bigint[])";
  private static final String ALERTS =
      """
      insert into alert (index, kind, detail, raised_at)
      select a.*, ?::timestamptz from unnest(?::bigint[], ?::text[], ?::text[]) a""";

  private static final String WORDS =
      "insert into search_text (index, word) select * from unnest(?::bigint[], ?::text[])";
  private static final String REFERENCES =
      "insert into reference (index, object) select * from unnest(?::bigint[], ?::text[])";

  /** A word of an entry, or an object that it refers to. */
  private record Key(long index, String text) {}

  private EntryRows() {}

  static void insert(Connection connection, List<NewEntry> entries, Payloads payloads, Instant now)
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
        .column("text", entries, ofEvent(event -> event.instant().toString()))
        .column("int8", entries, ofEvent(Event::eventNumber))
        .column("int8", entries, ofEvent(Event::sourceNumber))
        .column("text", entries, entry -> entry.alert() == null ? null : entry.alert().text())
        .execute();
    List<Kept> kept = entries.stream().map(entry -> seal(entry, payloads)).toList();
    payloads.sync();
    new Insert(connection, PAYLOADS)
        .column("int8", entries, NewEntry::index)
        .column("text", kept, Kept::person)
        .column("int4", kept, Kept::key)
        .column("bytea", kept, Kept::salt)
        .column("bytea", kept, Kept::body)
        .execute();
    List<String[]> aliases = entries.stream().flatMap(EntryRows::aliases).toList();
    if (!aliases.isEmpty()) {
      new Insert(connection, ALIASES)
          .column("text", aliases, alias -> alias[0])
          .column("text", aliases, alias -> alias[1])
          .execute();
    }
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
    insert(connection, WORDS, entries, entry -> entry.found().words());
    insert(connection, REFERENCES, entries, entry -> entry.found().references());
  }

  private static void insert(
      Connection connection,
      String sql,
      List<NewEntry> entries,
      Function<NewEntry, Set<String>> keys)
      throws SQLException {
    List<Key> rows =
        entries.stream()
            .flatMap(entry -> keys.apply(entry).stream().map(key -> new Key(entry.index(), key)))
            .toList();
    if (!rows.isEmpty()) {
      new Insert(connection, sql)
          .column("int8", rows, Key::index)
          .column("text", rows, Key::text)
          .execute();
    }
  }

  private static Kept seal(NewEntry entry, Payloads payloads) {
    String person = entry.person() == null ? null : entry.person().id();
    return payloads.seal(person, entry.salt(), entry.payload());
  }

  /** Each other id of the person whom an entry is about, beside the one its key goes by. */
  private static Stream<String[]> aliases(NewEntry entry) {
    return entry.person() == null
        ? Stream.of()
        : entry.person().alsoKnownBy().stream()
            .map(other -> new String[] {entry.person().id(), other});
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

    /** Arrays of the types that the driver sends in binary; the others it writes out as text. */
    <R> Insert column(String type, List<R> rows, Function<R, ?> cell) throws SQLException {
      Object[] cells =
          switch (type) {
            case "bytea" -> new byte[rows.size()][];
            case "int8" -> new Long[rows.size()];
            case "text" -> new String[rows.size()];
            default -> new Object[rows.size()];
          };
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
