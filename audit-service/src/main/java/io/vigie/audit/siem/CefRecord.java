package io.vigie.audit.siem;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An OCSF record as a line of CEF 0 (ArcSight Common Event Format, version 25): its header, the
 * dictionary's keys for what OCSF has in common with it, and the whole of {@code unmapped} under
 * names of its own, without which the record could not be proved.
 */
final class CefRecord {

  /** OCSF severity_id 0 to 6, as CEF counts from 0 to 10. */
  private static final int[] SEVERITY = {0, 1, 3, 5, 8, 10, 10};

  /** Where a key's value stands; the first that is there counts. */
  private static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          Map.entry("rt", List.of("/time")),
          Map.entry("externalId", List.of("/metadata/uid")),
          Map.entry("msg", List.of("/message")),
          Map.entry("suser", List.of("/actor/user/uid", "/actor/app_name")),
          Map.entry("duser", List.of("/user/uid")),
          Map.entry("src", List.of("/src_endpoint/ip")),
          Map.entry("shost", List.of("/src_endpoint/name")),
          Map.entry("cat", List.of("/class_uid")),
          Map.entry("outcome", List.of("/status_id")));

  private CefRecord() {}

  /** Never with a line break in it. */
  static String of(OcsfRecord record) {
    JsonNode json = record.json();
    String name = json.path("message").asText("Record of the traceability log");
    StringBuilder line = new StringBuilder("CEF:0|Vigie|Vigie|1.0|");
    line.append(header(json.at("/metadata/event_code").asText(json.path("type_uid").asText())));
    line.append('|').append(header(name));
    int severity = json.path("severity_id").asInt();
    line.append('|').append(severity < SEVERITY.length ? SEVERITY[severity] : SEVERITY[0]);
    line.append('|');
    String separator = "";
    for (Map.Entry<String, String> value : values(json).entrySet()) {
      line.append(separator).append(value.getKey()).append('=').append(extension(value.getValue()));
      separator = " ";
    }
    return line.toString();
  }

  private static Map<String, String> values(JsonNode json) {
    Map<String, String> values = new TreeMap<>();
    KEYS.forEach(
        (key, pointers) ->
            pointers.stream()
                .map(json::at)
                .filter(JsonNode::isValueNode)
                .findFirst()
                .ifPresent(value -> values.put(key, value.asText())));
    json.path("unmapped")
        .properties()
        .forEach(
            member ->
                values.put(
                    key(member.getKey()),
                    member.getValue().isValueNode()
                        ? member.getValue().asText()
                        : member.getValue().toString()));
    return values;
  }

  /** {@code log_index} as {@code vigieLogIndex}: CEF keys are of letters and digits. */
  private static String key(String member) {
    StringBuilder key = new StringBuilder("vigie");
    for (String word : member.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        key.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return key.toString();
  }

  /** A field of the header: backslash and pipe are escaped, and it is of one line. */
  static String header(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }

  /**
   * A value of the extension: backslash and equals sign are escaped, line breaks written as such.
   */
  static String extension(String text) {
    return text.replace("\\", "\\\\")
        .replace("=", "\\=")
        .replace("\r", "\\r")
        .replace("\n", "\\n")
        .replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
