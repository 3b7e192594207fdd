package io.vigie.audit.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.kernel.MergePatch;

/**
 * An object's state, put together from its events: each one's merge patch (RFC 7396) is applied to
 * what the ones before it came to, and a snapshot replaces it. Knows nothing of what the state
 * means.
 */
final class Fold {

  private final ObjectMapper json;
  private final List<Long> entries = new ArrayList<>();
  private final List<Long> leftOut = new ArrayList<>();
  private JsonNode state;
  private long number;

  Fold(ObjectMapper json) {
    this.json = json;
  }

  /** The next event of the object, in the order of the log. */
  void add(Stored row) {
    try {
      JsonNode entry = json.readTree(row.canonical());
      JsonNode data = data(entry, row.body());
      if (data == null || entry.has("alert")) {
        leftOut.add(row.index());
        return;
      }
      long eventNumber = entry.path("eventNumber").asLong();
      if (entry.path("type").asText().endsWith(".snapshot.v1")) {
        if (eventNumber >= number) {
          entries.clear();
          leftOut.clear();
          entries.add(row.index());
          state = data.get("state");
        }
      } else if (data.has("changes")) {
        entries.add(row.index());
        state = MergePatch.apply(state, data.get("changes"));
      }
      number = Math.max(number, eventNumber);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "entry " + row.index() + " is no JSON any more: the log was changed", e);
    }
  }

  /** What the event says; null where that was erased. */
  private JsonNode data(JsonNode entry, byte[] payload) throws IOException {
    if (payload == null) {
      return null;
    }
    JsonNode body = json.readTree(payload);
    return "application/json".equals(entry.path("contentType").textValue())
        ? body
        : json.readTree(body.path("value").binaryValue());
  }

  /** The state; null when no event so far told one. */
  JsonNode state() {
    return state;
  }

  /** A member of the state as text, empty where there is none. */
  String text(String member) {
    return state == null ? "" : state.path(member).asText("");
  }

  /** The entries that the state is made of. */
  List<Long> entries() {
    return entries;
  }

  /** Entries of the object that it is made without: what they said was erased, or is in doubt. */
  List<Long> leftOut() {
    return leftOut;
  }
}
