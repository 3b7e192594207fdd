package io.vigie.audit.detect;

import java.time.Instant;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What rules look at: an entry of the log, or a finding of the log's own watch.
 *
 * @param entry its index in the log; null for a finding
 * @param view one JSON object with the members type, source, subject, actor, time, alert and data,
 *     each only where there is one
 * @param time when it happened, but never later than it was logged: nobody moves a rule's window by
 *     dating an event into the future
 */
record Signal(Long entry, JsonNode view, Instant time) {

  private static final int MAX_TEXT = 500;
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

  String type() {
    return view.path("type").textValue();
  }

  JsonNode at(JsonPointer pointer) {
    return view.at(pointer);
  }

  /**
   * A value as text that any column takes: cut to 500 characters, without control characters; null
   * where there is no plain value.
   */
  String text(JsonPointer pointer) {
    JsonNode value = at(pointer);
    if (!value.isValueNode() || value.isNull()) {
      return null;
    }
    String text = value.asText();
    return UNPRINTABLE
        .matcher(text.substring(0, Math.min(text.length(), MAX_TEXT)))
        .replaceAll("?");
  }
}
