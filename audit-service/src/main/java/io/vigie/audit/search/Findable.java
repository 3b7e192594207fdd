package io.vigie.audit.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What is picked from an event's data when it comes in, so that searches find its entry.
 *
 * @param words of its searched texts, as {@link Words} makes them
 * @param references to other objects, as {@code <kind>/<id>}
 */
public record Findable(Set<String> words, Set<String> references) {

  /** What cannot be read is found by its metadata alone. */
  public static final Findable NOTHING = new Findable(Set.of(), Set.of());

  /** Stands for any kind: the text at the pointer has kind and id itself. */
  private static final String ANY = "object";

  private static final Pattern KIND = Pattern.compile("[a-z][a-z-]{0,49}");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, List<JsonPointer>> FIELDS = new HashMap<>();
  private static final Map<String, Map<JsonPointer, String>> REFERENCES = new HashMap<>();

  /** The second part is new where what is kept beside references is. */
  private static final String RULES =
      UUID.nameUUIDFromBytes(
              (rules("references", "types", new TypeReference<JsonNode>() {}) + " tellers")
                  .getBytes(StandardCharsets.UTF_8))
          .toString();

  private static final Map<String, List<String>> BELONGING =
      rules("references", "belonging", new TypeReference<>() {});

  static {
    rules("fields", "types", new TypeReference<Map<String, List<String>>>() {})
        .forEach(
            (type, fields) -> FIELDS.put(type, fields.stream().map(JsonPointer::compile).toList()));
    rules("references", "types", new TypeReference<Map<String, Map<String, String>>>() {})
        .forEach(
            (type, kinds) -> {
              Map<JsonPointer, String> pointers = new LinkedHashMap<>();
              kinds.forEach((pointer, kind) -> pointers.put(JsonPointer.compile(pointer), kind));
              REFERENCES.put(type, pointers);
            });
  }

  /** What the rules pick from an event. Bounded: see {@link Words}; an id is a UUID or none. */
  public static Findable in(String type, JsonNode data) {
    StringBuilder texts = new StringBuilder();
    for (JsonPointer field : FIELDS.getOrDefault(type, List.of())) {
      texts.append(data.at(field).asText("")).append(' ');
    }
    Set<String> references = new LinkedHashSet<>();
    REFERENCES
        .getOrDefault(type, Map.of())
        .forEach(
            (pointer, kind) -> {
              JsonNode named = data.at(pointer);
              if (named.isMissingNode()) {
                return; // as in most events: not to be found out by a failure
              }
              Iterable<JsonNode> ids = named.isArray() ? named : List.of(named);
              for (JsonNode id : ids) {
                String object = kind.equals(ANY) ? id.asText("") : kind + "/" + id.asText("");
                if (isObject(object)) {
                  references.add(object);
                }
              }
            });
    return new Findable(texts.isEmpty() ? Set.of() : Words.of(texts), references);
  }

  /**
   * By the kind of an object, the kinds of those objects whose events all belong to it once one of
   * them refers to it.
   */
  public static Map<String, List<String>> belonging() {
    return BELONGING;
  }

  /** Which rules entries are made findable by: another text for other rules. */
  public static String rules() {
    return RULES;
  }

  /** Whether anything is picked from events of this type. */
  public static boolean isPickedFrom(String type) {
    return FIELDS.containsKey(type) || REFERENCES.containsKey(type);
  }

  private static boolean isObject(String text) {
    int slash = text.indexOf('/');
    String id = text.substring(slash + 1);
    try {
      return KIND.matcher(text.substring(0, Math.max(slash, 0))).matches()
          && UUID.fromString(id).toString().equals(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static <T> T rules(String file, String member, TypeReference<T> type) {
    try (InputStream in =
        Findable.class.getResourceAsStream("/vigie/contracts/search/" + file + ".json")) {
      return JSON.convertValue(JSON.readTree(in).get(member), type);
    } catch (IOException e) {
      throw new UncheckedIOException("contracts/search/" + file + ".json", e);
    }
  }

  /** The event types that the rules know. */
  static Collection<String> types() {
    Set<String> types = new LinkedHashSet<>(FIELDS.keySet());
    types.addAll(REFERENCES.keySet());
    return types;
  }
}
