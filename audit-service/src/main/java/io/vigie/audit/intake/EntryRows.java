package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import io.vigie.audit.intake.Admission.NewEntry;
import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;

/** Stores the entries of a batch: one statement a table, whatever the size of the batch. */
final class EntryRows {

  private static final String ALIASES =
      """
      insert into person_alias (person, id) select distinct * from unnest(?::text[], ?::text[])
      on conflict do nothing""";

  private EntryRows() {}

  /** The ids first: a batch of which an event is in already fails there, before it costs more. */
  static void insert(Connection connection, List<NewEntry> entries, Payloads payloads, Instant now)
      throws SQLException {
    ids(entries).send(connection);
    entries(entries, now).send(connection);
    CopyRows kept = payloads(entries, payloads);
    payloads.sync();
    kept.send(connection);
    insertAliases(connection, entries.stream().flatMap(EntryRows::aliases).toList());
    alerts(entries, now).send(connection);
    keys("search_text", "word", entries, entry -> entry.found().words()).send(connection);
    keys("reference", "object", entries, entry -> entry.found().references()).send(connection);
  }

  private static CopyRows ids(List<NewEntry> entries) {
    CopyRows rows = new CopyRows("event_id", "id, index");
    entries.stream()
        .filter(Admission::ownsItsId)
        .forEach(entry -> rows.row().uuid(UUID.fromString(entry.event().id())).int8(entry.index()));
    return rows;
  }

  private static CopyRows entries(List<NewEntry> entries, Instant now) {
    CopyRows rows =
        new CopyRows(
            "entry",
            "index, canonical, leaf, event_id, source, type, subject, actor, event_time,"
                + " event_number, source_number, alert, logged_at");
    for (NewEntry entry : entries) {
      rows.row()
          .int8(entry.index())
          .bytes(entry.canonical())
          .bytes(entry.leaf())
          .uuid(of(entry, event -> UUID.fromString(event.id())))
          .text(of(entry, Event::source))
          .text(of(entry, Event::type))
          .text(of(entry, Event::subject))
          .text(of(entry, Event::actor))
          .time(of(entry, Event::instant))
          .int8(of(entry, Event::eventNumber))
          .int8(of(entry, Event::sourceNumber))
          .text(entry.alert() == null ? null : entry.alert().text())
          .time(now);
    }
    return rows;
  }

  private static <T> T of(NewEntry entry, Function<Event, T> attribute) {
    return entry.event() == null ? null : attribute.apply(entry.event());
  }

  private static CopyRows payloads(List<NewEntry> entries, Payloads payloads) {
    CopyRows rows = new CopyRows("payload", "index, person, key, salt, body");
    for (NewEntry entry : entries) {
      String person = entry.person() == null ? null : entry.person().id();
      Kept kept = payloads.seal(person, entry.salt(), entry.payload());
      rows.row()
          .int8(entry.index())
          .text(kept.person())
          .int4(kept.key())
          .bytes(kept.salt())
          .bytes(kept.body());
    }
    return rows;
  }

  private static CopyRows alerts(List<NewEntry> entries, Instant now) {
    CopyRows rows = new CopyRows("alert", "index, kind, detail, raised_at");
    entries.stream()
        .filter(entry -> entry.alert() != null)
        .forEach(
            entry ->
                rows.row()
                    .int8(entry.index())
                    .text(entry.alert().text())
                    .text(entry.detail())
                    .time(now));
    return rows;
  }

  /** What entries are found by: words, or the objects that they refer to. */
  private static CopyRows keys(
      String table, String column, List<NewEntry> entries, Function<NewEntry, Set<String>> keys) {
    CopyRows rows = new CopyRows(table, "index, " + column);
    for (NewEntry entry : entries) {
      keys.apply(entry).forEach(key -> rows.row().int8(entry.index()).text(key));
    }
    return rows;
  }

  /** Each other id of the person whom an entry is about, beside the one its key goes by. */
  private static Stream<String[]> aliases(NewEntry entry) {
    return entry.person() == null
        ? Stream.of()
        : entry.person().alsoKnownBy().stream()
            .map(other -> new String[] {entry.person().id(), other});
  }

  private static void insertAliases(Connection connection, List<String[]> aliases)
      throws SQLException {
    if (aliases.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(ALIASES)) {
      for (int column = 0; column < 2; column++) {
        int each = column;
        insert.setArray(
            column + 1,
            connection.createArrayOf("text", aliases.stream().map(alias -> alias[each]).toArray()));
      }
      insert.executeUpdate();
    }
  }
}
