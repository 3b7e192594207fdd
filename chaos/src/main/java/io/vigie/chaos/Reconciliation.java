package io.vigie.chaos;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Balances the books: what clients were told, what the log has, what the services' own rows and
 * answers say, and what services know of each other. It only compares; {@link Books} fetches.
 */
final class Reconciliation {

  /** An object as its service has it. */
  record Row(long eventNumber, JsonNode published) {}

  private static final Set<String> TOLD_LATE = Set.of("monitor probedAt", "feed readAt");

  private final LogCopy log;
  private final List<Difference> differences = new ArrayList<>();

  Reconciliation(LogCopy log) {
    this.log = log;
  }

  List<Difference> differences() {
    return differences;
  }

  private void differ(String object, Object expected, Object found) {
    differences.add(new Difference(object, expected.toString(), found.toString()));
  }

  /**
   * Each entry is an event, each event is in the log once, and each object's events are there
   * without a gap, in order.
   */
  void checkLog() {
    Set<String> ids = new HashSet<>();
    for (LogCopy.Entry entry : log.entries()) {
      if (entry.id().isEmpty()) {
        differ("entry " + entry.index(), "an event", "what is none");
      } else if (!ids.add(entry.id())) {
        differ("event " + entry.id(), "one entry", "another one at index " + entry.index());
      }
    }
    for (Kind kind : Kind.ALL) {
      for (String subject : log.subjects(kind.name())) {
        long next = 1;
        for (LogCopy.Entry entry : log.changes(subject)) {
          if (entry.number() != next) {
            differ(subject, "event number " + next, entry.number() + " at index " + entry.index());
          }
          next = entry.number() + 1;
        }
      }
    }
  }

  /**
   * Each number that a source gave is in the log once, whatever its fact was about.
   *
   * @param told the last number that each source had given before the log was copied
   */
  void checkSources(Map<String, Long> told) {
    Map<String, TreeSet<Long>> numbers = new TreeMap<>();
    told.keySet().forEach(source -> numbers.put(source, new TreeSet<>()));
    for (LogCopy.Entry entry : log.entries()) {
      if (!numbers
          .computeIfAbsent(entry.source(), any -> new TreeSet<>())
          .add(entry.sourceNumber())) {
        differ(
            entry.source(),
            "number " + entry.sourceNumber() + " once",
            "again at index " + entry.index());
      }
    }
    numbers.forEach(
        (source, found) -> {
          long expected = told.getOrDefault(source, 0L);
          boolean isWhole =
              found.isEmpty()
                  ? expected == 0
                  : found.first() == 1 && found.last() == found.size() && found.size() >= expected;
          if (!isWhole) {
            differ(
                source,
                "facts 1 to " + expected,
                found.isEmpty()
                    ? "none"
                    : found.size() + " of " + found.first() + " to " + found.last());
          }
        });
  }

  /**
   * What controls keep of an object is what its events say of it. They count no further than to the
   * last one that changed any of that.
   */
  void checkObjects(Map<String, Row> objects) {
    Set<String> kinds =
        objects.keySet().stream()
            .map(subject -> subject.substring(0, subject.indexOf('/')))
            .collect(Collectors.toSet());
    Set<String> subjects = new TreeSet<>(objects.keySet());
    kinds.forEach(kind -> subjects.addAll(log.subjects(kind)));
    for (String subject : subjects) {
      Row object = objects.get(subject);
      long events = log.changes(subject).size();
      String what = subject + ", as controls have it";
      if (object == null) {
        differ(what, "kept", "missing");
      } else if (object.eventNumber() > events) {
        differ(what, "after " + events + " events", "after " + object.eventNumber());
      } else {
        String kind = subject.substring(0, subject.indexOf('/'));
        ObjectNode fold = log.fold(subject);
        for (String field : fields(object.published())) {
          if (!TOLD_LATE.contains(kind + " " + field)
              && !Objects.equals(fold.get(field), object.published().get(field))) {
            differ(what + ": " + field, fold.get(field) + "", object.published().get(field) + "");
          }
        }
      }
    }
  }

  /**
   * A SIEM gets every entry, none before those in front of it. Any may come again, as the feed goes
   * on from what it knows to have arrived.
   *
   * @param arrived the indexes on the topic of SIEMs, in the order in which they stand there
   */
  void checkFeed(List<Long> arrived) {
    long next = 0;
    for (long index : arrived) {
      if (index > next) {
        differ("what SIEMs get", "entry " + next, "entry " + index + " before it");
      }
      next = Math.max(next, index + 1);
    }
    if (next < log.entries().size()) {
      differ("what SIEMs get", "all %d entries".formatted(log.entries().size()), next + " of them");
    }
  }

  /**
   * What was answered "done" has one entry, that of its receipt; what was refused has none; what
   * nobody knows of has one at most, which {@link #checkRows} holds against its effect. What was
   * asked for again under its key got the same answer. The log says who did it.
   */
  void checkWrites(Ledger ledger) {
    for (Write write : ledger.writes()) {
      if (write.otherAnswer() != null) {
        differ(write + ", again under its key", "the same answer", write.otherAnswer());
      }
      for (LogCopy.Entry entry : log.of(write)) {
        if (write.actor() != null && !write.actor().equals(entry.actor())) {
          differ(write.toString(), "done by " + write.actor(), "by " + entry.actor());
        }
      }
      List<String> found = log.of(write).stream().map(LogCopy.Entry::id).toList();
      switch (write.fate()) {
        case DONE -> {
          if (found.size() != 1) {
            differ(write.toString(), "done, so one entry in the log", found.size() + ": " + found);
          } else if (write.event() != null && !found.contains(write.event())) {
            differ(write.toString(), "event " + write.event() + " of its receipt", found);
          }
        }
        case REFUSED -> {
          if (!found.isEmpty()) {
            differ(write.toString(), "refused, so no entry in the log", found);
          }
        }
        case UNKNOWN -> {
          if (found.size() > 1) {
            differ(write.toString(), "one entry at most", found);
          }
        }
      }
    }
  }

  /**
   * The service's objects are those of the log, each as far and in the state that its events say.
   */
  void checkRows(Kind kind, Map<String, Row> rows) {
    Set<String> subjects = new TreeSet<>(log.subjects(kind.name()));
    rows.keySet().forEach(id -> subjects.add(kind.name() + "/" + id));
    for (String subject : subjects) {
      Row row = rows.get(subject.substring(subject.indexOf('/') + 1));
      List<LogCopy.Entry> changes = log.changes(subject);
      if (row == null) {
        differ(subject, "a row, since the log has " + changes.size() + " events of it", "none");
      } else if (row.eventNumber() != changes.size()) {
        differ(subject, row.eventNumber() + " events in the log", changes.size());
      } else if (!log.fold(subject).equals(row.published())) {
        differ(subject, "what its events say: " + log.fold(subject), row.published());
      }
    }
  }

  /**
   * The list has each object that its service has, once, and no other. {@link #checkRows} holds the
   * rows against the log; some have no event yet. A list without a filter leaves nothing out for an
   * auditor but what belongs to a restricted incident, and no client restricts one.
   *
   * @param ids of the service's rows
   */
  void checkList(Kind kind, Set<String> ids, List<JsonNode> views) {
    Set<String> missing = new TreeSet<>(ids);
    for (JsonNode view : views) {
      String id = view.path(kind.id()).asText();
      if (!missing.remove(id)) {
        differ(
            kind.name() + "/" + id + " in the list",
            ids.contains(id) ? "once" : "nowhere, since there is no such row",
            ids.contains(id) ? "again" : "there");
      }
    }
    missing.forEach(id -> differ(kind.name() + "/" + id + " in the list", "there", "missing"));
  }

  /**
   * Readers of the API see the state that the events say, as far as the API shows it; but when a
   * monitor tried and a feed was read, which is told twice a day alone.
   */
  void checkViews(Kind kind, List<JsonNode> views) {
    Set<String> known =
        log.subjects(kind.name()).stream()
            .flatMap(subject -> fields(log.fold(subject)).stream())
            .collect(Collectors.toSet());
    Set<String> shown =
        views.stream().flatMap(view -> fields(view).stream()).collect(Collectors.toSet());
    known.retainAll(shown);
    for (JsonNode view : views) {
      String subject = kind.name() + "/" + view.path(kind.id()).asText();
      if (log.changes(subject).isEmpty()) {
        continue; // nothing has become of it, or its row is told of already
      }
      ObjectNode fold = log.fold(subject);
      for (String field : known) {
        if (TOLD_LATE.contains(kind.name() + " " + field)) {
          continue;
        }
        if (!Objects.equals(fold.get(field), view.get(field))) {
          differ(
              subject + ", " + field + " as the API shows it",
              String.valueOf(fold.get(field)),
              view.get(field) + "");
        }
      }
    }
  }

  /** What follows from other objects is what the log says of them, once each. */
  void checkReadModel(ReadModel model, Map<String, String> found) {
    Map<String, String> expected = model.source().apply(log);
    Set<String> objects = new TreeSet<>(expected.keySet());
    objects.addAll(found.keySet());
    for (String object : objects) {
      String wanted = expected.getOrDefault(object, "nothing");
      String known = found.getOrDefault(object, "nothing");
      if (!wanted.equals(known)) {
        differ(model.name() + ": " + object, wanted, known);
      }
    }
  }

  /** Everything came to rest. */
  void checkRest(String waiting) {
    if (waiting != null) {
      differ("the platform", "at rest some minutes after all was mended", "waits for " + waiting);
    }
  }

  /** Nothing is left that only an operator could set going again. */
  void checkNothingIsStuck(String service, String what, long count) {
    if (count > 0) {
      differ(service + "-service", "no " + what, count);
    }
  }

  /** No notice waits that was to go out, each with what its last attempt failed of. */
  void checkNoNoticeIsLate(Map<String, String> late) {
    late.forEach(
        (notice, failure) ->
            differ("mail of " + notice, "sent, since it is due", "waits: " + failure));
  }

  /**
   * That what was sent arrived says something only where something was sent: a checkpoint is in
   * every run, and critical alerts are told of whatever the hour.
   */
  void checkSomeMailIsSent(Map<String, Long> sent) {
    if (!sent.containsKey(Platform.MAILBOX)) {
      differ("mail to " + Platform.MAILBOX, "a checkpoint", "none sent");
    }
    boolean isAlerted =
        log.ofType("monitoring-alert.fired.v1").stream()
            .anyMatch(fired -> fired.changes().path("severity").asText().equals("CRITICAL"));
    if (isAlerted && sent.keySet().stream().noneMatch(to -> to.startsWith("notification/"))) {
      differ("mail of notices", "one, since a critical alert fired", "none sent");
    }
  }

  /**
   * Each mail that was noted as sent arrived, and no other. A mail is known by its {@code
   * Message-ID}: what a crash between sending and noting sends again is the same mail.
   */
  void checkMails(Map<String, Long> sent, Map<String, Long> received) {
    Set<String> recipients = new TreeSet<>(sent.keySet());
    recipients.addAll(received.keySet());
    for (String recipient : recipients) {
      long noted = sent.getOrDefault(recipient, 0L);
      long arrived = received.getOrDefault(recipient, 0L);
      if (arrived != noted) {
        differ("mail to " + recipient, noted + " sent", arrived + " received");
      }
    }
  }

  /** No notice arrived more often than it was tried: only one that was tried again came again. */
  void checkTries(Map<String, Long> tries, Map<String, Long> arrivals) {
    arrivals.forEach(
        (notice, times) -> {
          long tried = tries.getOrDefault(notice, 0L);
          if (times > tried) {
            differ("mail of " + notice, tried + " at most, as often as it was tried", times);
          }
        });
  }

  private static Set<String> fields(JsonNode node) {
    Set<String> fields = new HashSet<>();
    node.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  /** Every row of a kind, by id. */
  static Map<String, Row> rows(Kind kind, Connection database) throws SQLException, IOException {
    Map<String, Row> rows = new HashMap<>();
    try (Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select id, event_number, published_state from " + kind.table())) {
      while (row.next()) {
        rows.put(row.getString(1), new Row(row.getLong(2), Api.JSON.readTree(row.getString(3))));
      }
    }
    return rows;
  }

  /** What controls judge by, by subject. */
  static Map<String, Row> objects(Connection audit) throws SQLException, IOException {
    Map<String, Row> objects = new HashMap<>();
    try (Statement statement = audit.createStatement();
        ResultSet row =
            statement.executeQuery("select kind || '/' || id, number, state from object")) {
      while (row.next()) {
        objects.put(row.getString(1), new Row(row.getLong(2), Api.JSON.readTree(row.getString(3))));
      }
    }
    return objects;
  }

  /** What a read model holds, by object; one that it knows nothing of is {@code null} to it. */
  static Map<String, String> known(ReadModel model, Connection database) throws SQLException {
    Map<String, String> known = new TreeMap<>();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(model.query())) {
      while (row.next()) {
        String what = String.valueOf(row.getString(2));
        known.merge(row.getString(1), what, (one, other) -> one + ", " + other);
      }
    }
    return known;
  }
}
