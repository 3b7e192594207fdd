package io.vigie.audit.payload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Which person an event is about. The rules, one for each event type, are the contract {@code
 * privacy/data-subjects.json}; a test sees to it that none is forgotten.
 */
public final class DataSubjects {

  /**
   * A person.
   *
   * @param id under whose key the event's payload is encrypted
   * @param alsoKnownBy other ids of the same person that the event names
   */
  public record Person(String id, List<String> alsoKnownBy) {}

  private record Rule(List<Place> about, List<Place> alsoKnownBy) {}

  /** Where an id stands. */
  private interface Place {

    /** The id, or null where there is none. */
    String read(String subject, String actor, JsonNode data);

    static Place of(String name) {
      if (name.equals("actor")) {
        return (subject, actor, data) -> actor;
      }
      if (name.equals("subject")) {
        return (subject, actor, data) ->
            subject == null ? null : subject.substring(subject.indexOf('/') + 1);
      }
      JsonPointer pointer = JsonPointer.compile(name);
      return (subject, actor, data) -> data.at(pointer).textValue();
    }
  }

  private static final String FILE = "/vigie/contracts/privacy/data-subjects.json";
  private static final Map<String, Rule> RULES = new HashMap<>();
  private static final Pattern NOT_PEOPLE;

  static {
    try (InputStream file = DataSubjects.class.getResourceAsStream(FILE)) {
      JsonNode contract = new ObjectMapper().readTree(file);
      NOT_PEOPLE = Pattern.compile(contract.get("notPeople").textValue());
      contract
          .get("events")
          .properties()
          .forEach(
              event ->
                  RULES.put(
                      event.getKey(),
                      new Rule(
                          places(event.getValue().path("about")),
                          places(event.getValue().path("alsoKnownBy")))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DataSubjects() {}

  private static List<Place> places(JsonNode names) {
    List<Place> places = new ArrayList<>();
    names.forEach(name -> places.add(Place.of(name.textValue())));
    return places;
  }

  /**
   * The person whom an event is about, or null where it is about nobody.
   *
   * @param subject the event's object, as {@code <kind>/<id>}; may be null
   * @param actor who acted
   * @param data the payload
   */
  public static Person of(String type, String subject, String actor, JsonNode data) {
    Rule rule = RULES.get(type);
    if (rule == null) {
      return null;
    }
    String id = ids(rule.about, subject, actor, data).findFirst().orElse(null);
    return id == null
        ? null
        : new Person(
            id,
            ids(rule.alsoKnownBy, subject, actor, data)
                .filter(other -> !other.equals(id))
                .distinct()
                .toList());
  }

  /** Whether an event of this type is ever about a person. */
  public static boolean canBeAboutSomebody(/* nullable */ String type) {
    Rule rule = RULES.get(type);
    return rule != null && !rule.about.isEmpty();
  }

  /** Whether this can be the id of a person: that of a service, or of nobody, cannot. */
  public static boolean isPerson(String id) {
    return !NOT_PEOPLE.matcher(id).matches();
  }

  private static Stream<String> ids(
      List<Place> places, String subject, String actor, JsonNode data) {
    return places.stream()
        .map(place -> place.read(subject, actor, data))
        .filter(Objects::nonNull)
        .filter(DataSubjects::isPerson);
  }
}
