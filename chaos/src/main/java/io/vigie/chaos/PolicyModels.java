package io.vigie.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What follows from the log by tables of the policy, as their explanations say. It shares nothing
 * with the services that work by them: what holds them to the tables must not have their mistakes.
 */
final class PolicyModels {

  private static final JsonNode REACTIONS = table("reactions").path("reactions");
  private static final JsonNode DUTIES = table("duty-history").path("rules");

  private PolicyModels() {}

  private static JsonNode table(String name) {
    String file = "/vigie/contracts/policy/" + name + ".json";
    try (InputStream content = PolicyModels.class.getResourceAsStream(file)) {
      return Api.JSON.readTree(content);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /**
   * Whether what each rule opens about each thing is open: as the event says that happened last,
   * and that stands last in the log of those of one time.
   */
  static Map<String, String> reactions(LogCopy log) {
    Map<String, Instant> newest = new HashMap<>();
    Map<String, String> known = new TreeMap<>();
    for (LogCopy.Entry event : log.events()) {
      for (JsonNode rule : REACTIONS) {
        JsonNode until = trigger(rule.path("until"), event);
        JsonNode trigger = until == null ? trigger(rule.path("when"), event) : until;
        if (trigger != null) {
          String thing = thing(rule, trigger, event.payload());
          Instant at = happened(trigger, event.payload());
          if (!at.isBefore(newest.getOrDefault(thing, at))) {
            newest.put(thing, at);
            known.put(thing, until == null ? "open" : "over");
          }
        }
      }
    }
    return known;
  }

  /** The first that fits the event; null where none does. */
  private static JsonNode trigger(JsonNode triggers, LogCopy.Entry event) {
    for (JsonNode trigger : triggers) {
      if (trigger.path("event").asText().equals(event.type())
          && trigger.path("where").properties().stream()
              .allMatch(value -> event.payload().at(value.getKey()).equals(value.getValue()))) {
        return trigger;
      }
    }
    return null;
  }

  private static String thing(JsonNode rule, JsonNode trigger, JsonNode data) {
    StringBuilder thing = new StringBuilder(rule.path("code").asText());
    trigger.path("key").forEach(at -> thing.append(' ').append(data.at(at.asText()).asText()));
    return thing.toString().strip();
  }

  private static Instant happened(JsonNode trigger, JsonNode data) {
    return OffsetDateTime.parse(data.at(trigger.path("order").asText("/at")).asText()).toInstant();
  }

  /** Which account was on which side of what nobody may do both sides of, on which matter. */
  static Map<String, String> duties(LogCopy log) {
    Map<String, String> done = new TreeMap<>();
    for (LogCopy.Entry event : log.events()) {
      for (JsonNode rule : DUTIES) {
        String matter = matter(rule.path("matter"), event.payload());
        JsonNode sides = rule.path("sides");
        for (int side = 0; side < sides.size(); side++) {
          for (JsonNode act : sides.get(side)) {
            String account = account(act, event);
            if (act.path("event").asText().equals(event.type())
                && matter != null
                && account != null) {
              done.put(rule.path("code").asText() + " " + matter + " " + account + " " + side, "");
            }
          }
        }
      }
    }
    return done;
  }

  private static String account(JsonNode act, LogCopy.Entry event) {
    String actor = act.path("actor").asText();
    return actor.equals("@actor") ? event.actor() : text(event.payload(), actor);
  }

  private static String matter(JsonNode matter, JsonNode data) {
    StringBuilder one = new StringBuilder(matter.path("kind").asText());
    for (JsonNode at : matter.path("at")) {
      String text = text(data, at.asText());
      if (text == null) {
        return null;
      }
      one.append('/').append(text);
    }
    return one.toString();
  }

  /** Null where the data has no text there. */
  private static String text(JsonNode data, String pointer) {
    JsonNode found = data.at(pointer);
    return found.isValueNode() && !found.isNull() ? found.asText() : null;
  }
}
