package io.vigie.audit.payload;

import java.io.IOException;
import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vigie.audit.payload.Payloads.Kept;

/**
 * What events say, from rows that join entries with their payloads: {@code index}, {@code
 * canonical}, {@code person}, {@code key} and {@code body}. It reads files: not for event loops.
 */
public final class EventData {

  private final Payloads payloads;
  private final ObjectMapper json;

  public EventData(Payloads payloads, ObjectMapper json) {
    this.payloads = payloads;
    this.json = json;
  }

  /** The event's payload; missing where the row has none, or where it was erased. */
  public JsonNode of(Row row) {
    Buffer stored = row.getBuffer("body");
    if (stored == null) {
      return MissingNode.getInstance();
    }
    Kept kept = new Kept(row.getString("person"), row.getInteger("key"), null, stored.getBytes());
    byte[] body = payloads.open(row.getLong("index"), kept).body();
    if (body == null) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode data = json.readTree(body);
      String contentType =
          json.readTree(row.getBuffer("canonical").getBytes()).path("contentType").asText();
      // An event with headers that nobody knows was kept with its whole record.
      return contentType.equals("application/json")
          ? data
          : json.readTree(Base64.getDecoder().decode(data.path("value").asText()));
    } catch (IOException | IllegalArgumentException e) {
      // What cannot be read is told by the verifier; it must not stop who reads on.
      return MissingNode.getInstance();
    }
  }
}
