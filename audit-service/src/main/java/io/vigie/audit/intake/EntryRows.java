package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vigie.audit.intake.Admission.NewEntry;
import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.search.WordList;

/** Stores the entries of a batch: one statement a table, whatever the size of the batch. */
final class EntryRows {

  private static final String ALIASES =
      """
      insert into person_alias (person, id) select distinct * from unnest(?::text[], ?::text[])
      on conflict do nothing""";

  private final Connection connection;
  private final List<NewEntry> entries;

  private EntryRows(Connection connection, List<NewEntry> entries) {
    this.connection = connection;
    this.entries = entries;
  }

  /** The ids first: a batch of which an event is in already fails there, before it costs more. */
  static void insert(Connection connection, List<NewEntry> entries, Payloads payloads, Instant now)
      throws SQLException {
    EntryRows rows = new EntryRows(connection, entries);
    rows.ids();
    rows.entries(now);
    rows.payloads(payloads);
    rows.aliases();
    rows.alerts(now);
    rows.searchText();
    rows.references();
  }

  private void ids() throws SQLException {
    try (CopyRows rows = new CopyRows(connection, "event_id", "id, index")) {
      for (NewEntry entry : entries) {
        if (Admission.ownsItsId(entry)) {
          rows.row().uuid(entry.event().id()).int8(entry.index());
        }
      }
      rows.end();
    }
  }

  private void entries(Instant now) throws SQLException {
    try (CopyRows rows =
        new CopyRows(
            connection,
            "entry",
            "index, canonical, leaf, event_id, source, type, subject, actor, event_time,"
                + " event_number, source_number, alert, logged_at")) {
      for (NewEntry entry : entries) {
        rows.row()
            .int8(entry.index())
            .bytes(entry.leaf().canonical())
            .bytes(entry.leaf().hash())
            .uuid(of(entry, Event::id))
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
      rows.end();
    }
  }

  private static <T> T of(NewEntry entry, Function<Event, T> attribute) {
    return entry.event() == null ? null : attribute.apply(entry.event());
  }

  /** Keys are on the disk before what they encrypt can be committed. */
  private void payloads(Payloads payloads) throws SQLException {
    try (CopyRows rows = new CopyRows(connection, "payload", "index, person, key, salt, body")) {
      for (NewEntry entry : entries) {
        String person = entry.person() == null ? null : entry.person().id();
        Kept kept = payloads.seal(person, entry.leaf().salt(), entry.payload());
        rows.row()
            .int8(entry.index())
            .text(kept.person())
            .int4(kept.key())
            .bytes(kept.salt())
            .bytes(kept.body());
      }
      payloads.sync();
      rows.end();
    }
  }

  private void alerts(Instant now) throws SQLException {
    try (CopyRows rows = new CopyRows(connection, "alert", "index, kind, detail, raised_at")) {
      for (NewEntry entry : entries) {
        if (entry.alert() != null) {
          rows.row().int8(entry.index()).text(entry.alert().text()).text(entry.detail()).time(now);
        }
      }
      rows.end();
    }
  }

  /**
   * What entries are found by, in as few rows as may be: each word, and who did it and which source
   * told it. A word of an entry about a person shares no row with others, so that it can be erased.
   */
  private void searchText() throws SQLException {
    Set<Long> aboutPeople =
        entries.stream()
            .filter(entry -> entry.person() != null)
            .map(NewEntry::index)
            .collect(Collectors.toSet());
    try (CopyRows rows = new CopyRows(connection, "search_text", "word, index, more")) {
      put(rows, lists(entry -> entry.found().words()), aboutPeople::contains);
      put(rows, lists(EntryRows::tellers), none -> false);
      rows.end();
    }
  }

  private static List<String> tellers(NewEntry entry) {
    Event event = entry.event();
    return event == null ? List.of() : WordList.tellers(event.actor(), event.source());
  }

  private static void put(CopyRows rows, Map<String, List<Long>> lists, Predicate<Long> alone)
      throws SQLException {
    for (Map.Entry<String, List<Long>> word : lists.entrySet()) {
      for (WordList list : WordList.of(word.getValue(), alone)) {
        rows.row().text(word.getKey()).int8(list.first()).int2s(list.more());
      }
    }
  }

  private void references() throws SQLException {
    try (CopyRows rows = new CopyRows(connection, "reference", "object, index")) {
      for (Map.Entry<String, List<Long>> object :
          lists(entry -> entry.found().references()).entrySet()) {
        for (Long index : object.getValue()) {
          rows.row().text(object.getKey()).int8(index);
        }
      }
      rows.end();
    }
  }

  /**
   * Entries by what they are found by, key by key as the index has it, which finds the place of one
   * behind the other sooner.
   */
  private Map<String, List<Long>> lists(Function<NewEntry, ? extends Collection<String>> keys) {
    Map<String, List<Long>> lists = new HashMap<>();
    for (NewEntry entry : entries) {
      for (String key : keys.apply(entry)) {
        lists.computeIfAbsent(key, none -> new ArrayList<>()).add(entry.index());
      }
    }
    return new TreeMap<>(lists);
  }

  /** Each other id of the person whom an entry is about, beside the one its key goes by. */
  private static Stream<String[]> aliases(NewEntry entry) {
    return entry.person() == null
        ? Stream.of()
        : entry.person().alsoKnownBy().stream()
            .map(other -> new String[] {entry.person().id(), other});
  }

  private void aliases() throws SQLException {
    List<String[]> aliases = entries.stream().flatMap(EntryRows::aliases).toList();
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
