package io.vigie.verifier;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which entries an export has in full: decided on what the entries themselves say. */
final class EntryFilter {

  private static final Set<String> EQUAL = Set.of("actor", "subject", "type", "source");
  private static final Set<String> OTHERS = Set.of("from", "to", "outcome", "refused", "alert");

  private final Map<String, String> conditions;

  private EntryFilter(Map<String, String> conditions) {
    this.conditions = conditions;
  }

  /**
   * Reads a filter.
   *
   * @throws Json.Malformed when it is none, or has a condition that is not known here
   */
  static EntryFilter parse(String text) throws Json.Malformed {
    Map<String, String> conditions = Json.object(text);
    for (Map.Entry<String, String> condition : conditions.entrySet()) {
      boolean isKnown = EQUAL.contains(condition.getKey()) || OTHERS.contains(condition.getKey());
      if (!isKnown || condition.getValue() == null) {
        throw new Json.Malformed("the condition " + Terminal.quoted(condition.getKey()));
      }
    }
    for (String time : List.of("from", "to")) {
      if (conditions.containsKey(time)) {
        instant(conditions.get(time));
      }
    }
    String outcome = conditions.getOrDefault("outcome", "success");
    if (!Set.of("success", "refused", "alert").contains(outcome)) {
      throw new Json.Malformed("the outcome " + Terminal.quoted(outcome));
    }
    return new EntryFilter(conditions);
  }

  /**
   * Whether an entry with these members is to be shown in full.
   *
   * @throws Json.Malformed when its time is none
   */
  boolean lets(Map<String, String> entry) throws Json.Malformed {
    for (String name : EQUAL) {
      if (conditions.containsKey(name) && !conditions.get(name).equals(entry.get(name))) {
        return false;
      }
    }
    return isInTime(entry.get("time")) && cameOut(entry);
  }

  private boolean isInTime(String time) throws Json.Malformed {
    if (!conditions.containsKey("from") && !conditions.containsKey("to")) {
      return true;
    }
    if (time == null) {
      return false;
    }
    Instant happened = UtcTime.read(time);
    return (!conditions.containsKey("from") || !happened.isBefore(instant(conditions.get("from"))))
        && (!conditions.containsKey("to") || happened.isBefore(instant(conditions.get("to"))));
  }

  private boolean cameOut(Map<String, String> entry) {
    String outcome = conditions.get("outcome");
    if (outcome == null) {
      return true;
    }
    String came =
        entry.get("alert") != null || isListed("alert", entry.get("type"))
            ? "alert"
            : isListed("refused", entry.get("type")) ? "refused" : "success";
    return came.equals(outcome);
  }

  private boolean isListed(String list, String type) {
    return type != null && List.of(conditions.getOrDefault(list, "").split(" ")).contains(type);
  }

  private static Instant instant(String text) throws Json.Malformed {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Json.Malformed("a time that is none");
    }
  }
}
