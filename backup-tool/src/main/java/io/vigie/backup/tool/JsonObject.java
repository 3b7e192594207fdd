package io.vigie.backup.tool;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A flat JSON object of texts, lists of texts and numbers (RFC 8259). */
final class JsonObject {

  private final StringJoiner members = new StringJoiner(",", "{", "}");

  /** With this member, unless it is null. */
  JsonObject with(String name, String value) {
    if (value != null) {
      members.add(quoted(name) + ":" + quoted(value));
    }
    return this;
  }

  JsonObject with(String name, int value) {
    members.add(quoted(name) + ":" + value);
    return this;
  }

  JsonObject with(String name, List<String> values) {
    members.add(
        quoted(name)
            + ":"
            + values.stream().map(JsonObject::quoted).collect(Collectors.joining(",", "[", "]")));
    return this;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < ' ') {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return members.toString();
  }
}
