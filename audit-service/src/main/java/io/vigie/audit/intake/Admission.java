package io.vigie.audit.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.vigie.audit.intake.Arrival.Sound;
import io.vigie.audit.intake.Arrival.Unrecognised;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.audit.payload.DataSubjects.Person;
import io.vigie.audit.search.Findable;

/**
 * Decides, record by record in the order of a batch, what becomes an entry and with which index.
 * Decisions alone: nothing is stored here.
 */
final class Admission {

  /**
   * An entry to be stored.
   *
   * @param event null for a record that is no event
   * @param detail what was wrong, where {@code alert} says that something was
   * @param person whom it is about, null where that is nobody
   */
  record NewEntry(
      long index,
      Alert alert,
      String detail,
      Entry.Event event,
      Leaf leaf,
      byte[] payload,
      Person person,
      Findable found) {}

  private final TreeHash hash = new TreeHash();
  private final SourceLedger sources;
  private final KnownEvents known;
  private final Map<UUID, List<Sound>> admittedNow = new HashMap<>();
  private final List<NewEntry> entries = new ArrayList<>();
  private long nextIndex;
  private int duplicates;

  Admission(long size, SourceLedger sources, KnownEvents known) {
    this.nextIndex = size;
    this.sources = sources;
    this.known = known;
  }

  /**
   * An event is logged unless it is in already; one that contradicts what is in is logged with an
   * alert.
   */
  void admit(Sound event) {
    if (isRepetition(event)) {
      duplicates++;
      sources.heard(event.event().source());
      return;
    }
    boolean isNumberNew = sources.received(event.event().source(), event.event().sourceNumber());
    if (known.contains(event.id()) || admittedNow.containsKey(event.id())) {
      add(event, Alert.ID_REUSED, "another event with id " + event.id() + " was logged before");
    } else if (!isNumberNew) {
      add(
          event,
          Alert.NUMBER_REUSED,
          "another event with number "
              + event.event().sourceNumber()
              + " of its source was logged before");
    } else {
      add(event, null, null);
    }
    admittedNow.computeIfAbsent(event.id(), id -> new ArrayList<>()).add(event);
  }

  void admit(Unrecognised record) {
    Alert alert = Alert.UNRECOGNISED;
    Leaf leaf = Leaf.of(alert, null, record.position(), RecordReader.WHOLE_RECORD, record.raw());
    add(
        new NewEntry(
            nextIndex, alert, record.reason(), null, leaf, record.raw(), null, Findable.NOTHING));
  }

  private boolean isRepetition(Sound event) {
    return admittedNow.getOrDefault(event.id(), List.of()).stream().anyMatch(event::repeats)
        || known.isRepeatedBy(event, hash);
  }

  private void add(Sound event, Alert alert, String detail) {
    Leaf leaf =
        alert == null
            ? event.leaf()
            : Leaf.of(alert, event.event(), event.position(), event.contentType(), event.payload());
    add(
        new NewEntry(
            nextIndex,
            alert,
            detail,
            event.event(),
            leaf,
            event.payload(),
            event.person(),
            event.found()));
  }

  private void add(NewEntry entry) {
    entries.add(entry);
    nextIndex++;
  }

  List<NewEntry> entries() {
    return entries;
  }

  List<byte[]> leaves() {
    return entries.stream().map(entry -> entry.leaf().hash()).toList();
  }

  List<Alert> alerts() {
    return entries.stream().map(NewEntry::alert).filter(alert -> alert != null).toList();
  }

  int duplicates() {
    return duplicates;
  }

  /** Whether this entry is the one that its event's id leads to. */
  static boolean ownsItsId(NewEntry entry) {
    return entry.event() != null && entry.alert() != Alert.ID_REUSED;
  }
}
