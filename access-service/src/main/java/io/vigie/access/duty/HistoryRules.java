package io.vigie.access.duty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.inbox.ReceivedEvent;

/**
 * What one account must not both have done: {@code contracts/policy/duty-history.json}. Rules are
 * data; another one, about any event of the topics that are read, needs no code.
 */
@ApplicationScoped
class HistoryRules {

  /** In {@code actor}: whoever caused the event, as its envelope has it. */
  private static final String CAUSE = "@actor";

  private record Table(Duration keep, List<Rule> rules) {}

  /**
   * @param sides the kinds of acts, of all of which one on the same matter makes a conflict
   */
  private record Rule(String code, Matter matter, List<List<Kind>> sides) {}

  /**
   * @param at JSON pointers that together tell one matter from another of its kind
   */
  private record Matter(String kind, List<String> at) {

    /** Null where the data does not have it. */
    String of(JsonNode data) {
      StringJoiner matter = new StringJoiner("/", kind + "/", "");
      for (String pointer : at) {
        String text = text(data, pointer);
        if (text == null) {
          return null;
        }
        matter.add(text);
      }
      return matter.toString();
    }
  }

  /**
   * @param actor where the account stands that did it: a JSON pointer, or {@value #CAUSE}
   */
  private record Kind(String event, String actor) {

    /** Null where the event does not have it. */
    String account(ReceivedEvent event, JsonNode data) {
      return actor.equals(CAUSE) ? event.actor() : text(data, actor);
    }
  }

  /** That an account did what is one side of a rule, on a matter. */
  record Deed(String rule, int side, int sides, String matter, String account) {}

  private final Table table = PolicyTable.read("duty-history", Table.class);
  private final Set<String> events = new HashSet<>();

  HistoryRules() {
    table
        .rules()
        .forEach(
            rule -> rule.sides().forEach(side -> side.forEach(kind -> events.add(kind.event()))));
  }

  /** How long deeds are kept to be held against later ones. */
  Duration keep() {
    return table.keep();
  }

  /** Whether a rule asks for events of this type. */
  boolean ask(String type) {
    return events.contains(type);
  }

  /** What the rules find in an event. What lacks an account or a matter is no deed. */
  List<Deed> deeds(ReceivedEvent event) {
    JsonNode data = event.data(JsonNode.class);
    List<Deed> deeds = new ArrayList<>();
    for (Rule rule : table.rules()) {
      for (int side = 0; side < rule.sides().size(); side++) {
        for (Kind kind : rule.sides().get(side)) {
          if (kind.event().equals(event.type())) {
            String account = kind.account(event, data);
            String matter = rule.matter().of(data);
            if (account != null && matter != null) {
              deeds.add(new Deed(rule.code(), side, rule.sides().size(), matter, account));
            }
          }
        }
      }
    }
    return deeds;
  }

  private static String text(JsonNode data, String pointer) {
    JsonNode found = data.at(pointer);
    return found.isValueNode() && !found.isNull() ? found.asText() : null;
  }
}
