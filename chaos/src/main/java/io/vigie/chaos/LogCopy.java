package io.vigie.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An export of the whole log, by object and by what its events say. */
final class LogCopy {

  /**
   * One entry.
   *
   * @param id of the event; empty where the record was none
   * @param actor who did it
   * @param source which service told it
   * @param sourceNumber its number among all that this source told
   * @param number the event's number among those of its object; 0 where it has none
   * @param payload of the event; missing where it is no JSON
   */
  record Entry(
      long index,
      String id,
      String actor,
      String source,
      long sourceNumber,
      String type,
      String subject,
      long number,
      JsonNode payload) {

    boolean isSnapshot() {
      return type.endsWith(".snapshot.v1");
    }

    /**
     * Whether anything has this text as its new value, or is a field of this name that changed, or
     * has this digest.
     */
    boolean says(String text) {
      return texts().contains(text) || LogCopy.texts(payload.path("fields")).contains(text);
    }

    /** New values, and the digest of what stays in the service. */
    private Set<String> texts() {
      Set<String> texts = LogCopy.texts(changes());
      collect(payload.path("digest"), texts);
      return texts;
    }

    /** A merge patch of the object's public state. */
    JsonNode changes() {
      return payload.path("changes");
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, List<Entry>> bySubject = new TreeMap<>();
  private final Map<String, List<Entry>> byText = new HashMap<>();

  /** Of these entries, in the order of the log; {@code marks} are the texts asked for later. */
  LogCopy(Collection<Entry> entries, Set<String> marks) {
    for (Entry entry : entries) {
      this.entries.add(entry);
      bySubject.computeIfAbsent(entry.subject(), any -> new ArrayList<>()).add(entry);
      for (String text : entry.texts()) {
        if (marks.contains(text)) {
          byText.computeIfAbsent(text, any -> new ArrayList<>()).add(entry);
        }
      }
    }
  }

  /** Reads an export. */
  static LogCopy of(Path export, Set<String> marks) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(export)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode exported = Api.JSON.readTree(line);
        if (exported.has("entry")) {
          entries.add(entry(exported));
        }
      }
    }
    return new LogCopy(entries, marks);
  }

  private static Entry entry(JsonNode exported) throws IOException {
    JsonNode entry = Api.JSON.readTree(exported.path("entry").asText());
    byte[] payload = exported.path("payload").binaryValue();
    return new Entry(
        exported.path("index").asLong(),
        entry.path("id").asText(),
        entry.path("actor").asText(),
        entry.path("source").asText(),
        entry.path("sourceNumber").asLong(),
        entry.path("type").asText(),
        entry.path("subject").asText(),
        entry.path("eventNumber").asLong(),
        payload == null ? Api.JSON.missingNode() : Api.JSON.readTree(payload));
  }

  private static Set<String> texts(JsonNode node) {
    Set<String> texts = new HashSet<>();
    collect(node, texts);
    return texts;
  }

  private static void collect(JsonNode node, Set<String> texts) {
    if (node.isTextual()) {
      texts.add(node.asText());
    }
    node.forEach(member -> collect(member, texts));
  }

  int size() {
    return entries.size();
  }

  List<Entry> entries() {
    return entries;
  }

  /** Each event once, however often the log has it, in the order of the log. */
  List<Entry> events() {
    Set<String> ids = new HashSet<>();
    return entries.stream().filter(entry -> ids.add(entry.id())).toList();
  }

  /** What happened to an object, in the order of the log. */
  List<Entry> of(String subject) {
    return bySubject.getOrDefault(subject, List.of());
  }

  /** What changed an object, in the order of the log. */
  List<Entry> changes(String subject) {
    return of(subject).stream().filter(entry -> !entry.isSnapshot() && entry.number() > 0).toList();
  }

  /** What became of an object by all that changed it. */
  ObjectNode fold(String subject) {
    ObjectNode state = Api.JSON.createObjectNode();
    changes(subject).forEach(entry -> merge(state, entry.changes()));
    return state;
  }

  /** RFC 7396. */
  private static void merge(ObjectNode target, JsonNode patch) {
    patch
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isNull()) {
                target.remove(field.getKey());
              } else if (field.getValue() instanceof ObjectNode nested) {
                merge(target.withObject("/" + field.getKey()), nested);
              } else {
                target.set(field.getKey(), field.getValue());
              }
            });
  }

  /** The objects of a kind, {@code kind/id}. */
  List<String> subjects(String kind) {
    return bySubject.keySet().stream().filter(each -> each.startsWith(kind + "/")).toList();
  }

  /** The entries that a write may have caused, whatever their objects where its mark tells. */
  List<Entry> of(Write write) {
    List<Entry> candidates =
        write.isMarked() ? byText.getOrDefault(write.text(), List.of()) : of(write.subject());
    return candidates.stream()
        .filter(entry -> entry.type().equals(write.type()))
        .filter(entry -> write.text() == null || entry.says(write.text()))
        .toList();
  }

  List<Entry> ofType(String type) {
    return entries.stream().filter(entry -> entry.type().equals(type)).toList();
  }
}
