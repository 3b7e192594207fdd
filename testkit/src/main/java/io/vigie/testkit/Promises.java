package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What an API or the events promise to whom relies on them, a line each: {@code POST /v1/assets
 * takes query ordered: boolean}. A line may come and may not go; what callers must send ({@code
 * needs}) may go and may not come. {@code contracts/released} has the lines of the last release,
 * and in {@code broken.json} why some of them do not hold any more.
 */
final class Promises {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TAKES = " takes ";
  private static final String NEEDS = " needs ";
  private static final String GIVES = " gives ";
  private static final List<String> COMBINATIONS = List.of("oneOf", "anyOf", "allOf");
  private static final int SHORTEST_REASON = 20;

  private final JsonNode schemas;
  private final SortedSet<String> lines = new TreeSet<>();
  private final Set<String> described = new HashSet<>();

  private Promises(JsonNode schemas) {
    this.schemas = schemas;
  }

  /** Those of an OpenAPI document. */
  static SortedSet<String> ofApi(JsonNode api) {
    Promises promises = new Promises(api.at("/components/schemas"));
    for (var path : api.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        promises.describe(method + " " + path.getKey(), operation.getValue());
      }
    }
    return promises.lines;
  }

  /**
   * Those of an AsyncAPI document whose messages are named after their schemas.
   *
   * @param schemas the schema of each type of event
   */
  static SortedSet<String> ofEvents(JsonNode api, Map<String, JsonNode> schemas) {
    Promises promises = new Promises(JSON.createObjectNode());
    for (JsonNode channel : api.get("channels")) {
      String topic = channel.get("address").textValue();
      channel
          .get("messages")
          .fieldNames()
          .forEachRemaining(type -> promises.lines.add(topic + " carries " + type));
    }
    schemas.forEach((type, schema) -> promises.inside(type, "", schema, GIVES));
    return promises.lines;
  }

  private void describe(String name, JsonNode operation) {
    lines.add(name);
    operation.path("x-roles").forEach(role -> lines.add(name + " for " + role.asText()));
    for (JsonNode parameter : operation.path("parameters")) {
      String what = parameter.path("in").asText() + " " + parameter.path("name").asText();
      member(name, what, parameter.path("schema"), TAKES);
      if (parameter.path("required").asBoolean()) {
        lines.add(name + NEEDS + what);
      }
    }
    JsonNode body = operation.path("requestBody");
    for (var form : body.path("content").properties()) {
      member(name, form.getKey(), form.getValue().path("schema"), TAKES);
    }
    if (body.path("required").asBoolean()) {
      lines.add(name + NEEDS + "a body");
    }
    for (var answer : operation.path("responses").properties()) {
      String status = answer.getKey();
      if (status.startsWith("2")) {
        lines.add(name + GIVES + status);
        answer
            .getValue()
            .path("headers")
            .fieldNames()
            .forEachRemaining(header -> lines.add(name + GIVES + status + " header " + header));
        for (var form : answer.getValue().path("content").properties()) {
          member(name, status + " " + form.getKey(), form.getValue().path("schema"), GIVES);
        }
      }
    }
  }

  private void member(String owner, String path, JsonNode schema, String verb) {
    lines.add(owner + verb + path + ": " + type(schema));
    inside(owner, path, schema, verb);
  }

  /** What a schema consists of, in one direction; what has a name once, under that. */
  private void inside(String owner, String path, JsonNode schema, String verb) {
    if (!schema.isObject()) {
      return; // not there, or additionalProperties: false
    }
    if (schema.has("$ref")) {
      String name = name(schema);
      if (described.add(name + verb)) {
        inside(name, "", schemas.path(name), verb);
      }
      return;
    }
    String within = path.isEmpty() ? "" : path + ".";
    for (var member : schema.path("properties").properties()) {
      member(owner, within + member.getKey(), member.getValue(), verb);
    }
    String always = verb.equals(TAKES) ? NEEDS : " always" + GIVES;
    schema.path("required").forEach(member -> lines.add(owner + always + within + member.asText()));
    if (verb.equals(TAKES)) {
      String as = path.isEmpty() ? "" : path + " as ";
      schema.path("enum").forEach(value -> lines.add(owner + TAKES + as + value.asText()));
    }
    inside(owner, path, schema.path("items"), verb);
    inside(owner, path, schema.path("additionalProperties"), verb);
    for (String combination : COMBINATIONS) {
      for (JsonNode part : schema.path(combination)) {
        if (part.has("$ref")) { // others are conditions
          inside(owner, path, part, verb);
        }
      }
    }
  }

  /** By its name where that says more than what it is. */
  private String type(JsonNode schema) {
    if (schema.has("$ref")) {
      JsonNode referred = schemas.path(name(schema));
      return referred.has("properties") || referred.has("enum") ? name(schema) : type(referred);
    }
    if (schema.has("items")) {
      return type(schema.get("items")) + "[]";
    }
    if (schema.path("additionalProperties").isObject()) {
      return "map of " + type(schema.get("additionalProperties"));
    }
    JsonNode type = schema.path("type");
    String name =
        type.isArray()
            ? StreamSupport.stream(type.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(" or "))
            : type.asText("anything");
    return schema.has("format") ? name + " " + schema.get("format").asText() : name;
  }

  private static String name(JsonNode reference) {
    String ref = reference.get("$ref").asText();
    return ref.substring(ref.lastIndexOf('/') + 1);
  }

  /** Which of the released ones do not hold any more; of an operation that is gone, that alone. */
  static List<String> broken(SortedSet<String> released, SortedSet<String> now) {
    List<String> broken = new ArrayList<>();
    String gone = null;
    for (String line : released) {
      boolean isPartOfGone = gone != null && line.startsWith(gone + " ");
      if (!line.contains(NEEDS) && !now.contains(line) && !isPartOfGone) {
        broken.add("gone: " + line);
        gone = line;
      }
    }
    for (String line : now) {
      int needs = line.indexOf(NEEDS);
      if (needs > 0 && !released.contains(line) && took(released, line.substring(0, needs))) {
        broken.add("new: " + line);
      }
    }
    return broken;
  }

  private static boolean took(SortedSet<String> released, String subject) {
    return released.contains(subject)
        || released.stream().anyMatch(line -> line.startsWith(subject + TAKES));
  }

  /**
   * Of what is broken, what has no reason, and of the reasons those that are too short or for what
   * holds.
   *
   * @param reasons by what is broken, or what begins it up to a space
   */
  static List<String> unexplained(List<String> broken, Map<String, String> reasons) {
    Stream<String> without =
        broken.stream().filter(line -> reasons.keySet().stream().noneMatch(key -> isOf(key, line)));
    Stream<String> wrong =
        reasons.entrySet().stream()
            .filter(
                reason ->
                    reason.getValue().strip().length() < SHORTEST_REASON
                        || broken.stream().noneMatch(line -> isOf(reason.getKey(), line)))
            .map(reason -> "no reason, or not broken: " + reason.getKey());
    return Stream.concat(without, wrong).toList();
  }

  private static boolean isOf(String key, String line) {
    return line.equals(key) || line.startsWith(key + " ");
  }

  /**
   * Holds those of a service, or of the {@code events}, against the last release. With {@code
   * -Dvigie.released=write} they become the last release's.
   */
  static void check(String name, SortedSet<String> now) {
    Path file = released().resolve(name + ".txt");
    try {
      if ("write".equals(System.getProperty("vigie.released"))) {
        Files.createDirectories(released());
        Files.write(file, now);
      } else if (Files.exists(file)) { // else it is a new service; ContractsTest misses it
        List<String> broken = broken(new TreeSet<>(Files.readAllLines(file)), now);
        assertEquals(
            List.of(),
            unexplained(broken, reasons(name)),
            name
                + " breaks what the last release promised. Keep it beside what is new, or say why"
                + " in contracts/released/broken.json (docs/api.md).");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> reasons(String name) throws IOException {
    Path file = released().resolve("broken.json");
    Map<String, String> reasons = new TreeMap<>();
    if (Files.exists(file)) {
      JSON.readTree(file.toFile())
          .path(name)
          .properties()
          .forEach(reason -> reasons.put(reason.getKey(), reason.getValue().asText()));
    }
    return reasons;
  }

  /** Where what was released is kept. */
  static Path released() {
    return Path.of(System.getProperty("vigie.root"), "contracts", "released");
  }
}
