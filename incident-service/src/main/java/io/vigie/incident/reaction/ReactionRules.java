package io.vigie.incident.reaction;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.incident.Category;
import io.vigie.incident.alert.Severity;
import io.vigie.kernel.PolicyTable;

/** What {@code contracts/policy/reactions.json} sets; its explanation says what each part means. */
record ReactionRules(List<Rule> reactions) {

  private static final int LONGEST_KEY = 500;

  /** When an event was told: every event has it. */
  private static final String AT = "/at";

  record Text(String en) {}

  /** One of both. */
  record Opening(Severity alert, Category securityEvent) {}

  record Rule(
      String code,
      Text title,
      Text explanation,
      Opening opens,
      List<Trigger> when,
      List<Trigger> until) {

    /** Whether something ends it beside a person's decision. */
    boolean ends() {
      return !until.isEmpty();
    }

    private Optional<Change> change(String type, JsonNode data) {
      return Stream.concat(
              until.stream().map(trigger -> new Change(this, trigger, false)),
              when.stream().map(trigger -> new Change(this, trigger, true)))
          .filter(change -> change.trigger().fits(type, data))
          .findFirst();
    }
  }

  /**
   * Pointers are JSON pointers into the event's data.
   *
   * @param where the values that the data must have; null for any
   * @param key what tells one thing from another
   * @param order when it happened, which says what of one thing is newer; null for when it was told
   * @param since when it began; null for when it was told
   */
  record Trigger(
      String event,
      Map<String, JsonNode> where,
      List<String> key,
      String order,
      String since,
      String asset,
      String description) {

    private boolean fits(String type, JsonNode data) {
      return event.equals(type)
          && (where == null
              || where.entrySet().stream()
                  .allMatch(value -> data.at(value.getKey()).equals(value.getValue())));
    }

    /** What the event is about: the same text for the same thing. */
    String about(JsonNode data) {
      String about =
          key.stream().map(pointer -> data.at(pointer).asText()).collect(Collectors.joining(" "));
      return about.length() <= LONGEST_KEY ? about : about.substring(0, LONGEST_KEY);
    }

    /**
     * When it happened: of two events about one thing the later one stands.
     *
     * @throws DateTimeException where there is none: the inbox then parks the event
     */
    Instant order(JsonNode data) {
      return time(data, order == null ? AT : order);
    }

    /**
     * @throws DateTimeException where there is none: the inbox then parks the event
     */
    Instant since(JsonNode data) {
      return time(data, since == null ? AT : since);
    }

    UUID asset(JsonNode data) {
      return asset == null ? null : UUID.fromString(data.at(asset).asText());
    }

    /** Null where the rule's explanation has to do. */
    String description(JsonNode data) {
      return description == null ? null : data.at(description).asText();
    }
  }

  /** That an event opens or ends the reaction of a rule. */
  record Change(Rule rule, Trigger trigger, boolean opens) {}

  static ReactionRules read() {
    return PolicyTable.read("reactions", ReactionRules.class);
  }

  /** The types of events that some rule is about. */
  Set<String> events() {
    return reactions.stream()
        .flatMap(rule -> Stream.concat(rule.when().stream(), rule.until().stream()))
        .map(Trigger::event)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What an event does, by each rule that is about it. */
  List<Change> changes(String type, JsonNode data) {
    return reactions.stream().flatMap(rule -> rule.change(type, data).stream()).toList();
  }

  /** When an event with this data was told. */
  static Instant toldAt(JsonNode data) {
    return time(data, AT);
  }

  /** The time that the data has there, in whatever offset. */
  private static Instant time(JsonNode data, String pointer) {
    return OffsetDateTime.parse(data.at(pointer).asText()).toInstant();
  }
}
