package io.vigie.incident.finding;

import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.kernel.Problem;

/**
 * Reads a SARIF log (OASIS, SARIF 2.1.0), result by result. What is not needed is passed over.
 * Suppressed results count: who may accept a finding is not the tool's to say.
 */
final class SarifReader {

  private static final int BYTE_ORDER_MARK = 0xFEFF;

  /** Of an artifact, to which any number of results may refer. */
  private static final int LONGEST_URI = 2_048;

  private static final double HIGHEST_SCORE = 10;

  /** Kinds of results that tell of something (3.27.9). */
  private static final Set<String> FOUND = Set.of("fail", "open", "review");

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(100).maxNumberLength(100).build())
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build());

  /**
   * A rule of a tool.
   *
   * @param level null where it says none
   * @param score from 0 to 10, or null
   */
  private record Rule(String id, String level, Double score) {}

  /** A result, before the rules and artifacts that it refers to by number are known. */
  private record Result(
      String path,
      String ruleId,
      int ruleIndex,
      int component,
      String level,
      Double score,
      String uri,
      int artifact,
      String name,
      int line,
      String prints,
      boolean stable,
      String message) {}

  /** By their number, and by their name, which the first of several has. */
  private static final class Rules {
    private final List<Rule> all = new ArrayList<>();
    private final Map<String, Rule> byId = new HashMap<>();

    private void add(Rule rule) {
      all.add(rule);
      byId.putIfAbsent(rule.id(), rule);
    }
  }

  /** An element of an array, on which the parser stands, and where it is. */
  @FunctionalInterface
  private interface Element {
    void read(String path) throws IOException;
  }

  /** The parts of a run, in whichever order they stand. */
  private static final class Parts {
    private String tool;
    private final Rules rules = new Rules();
    private final List<Rules> extensions = new ArrayList<>();
    private final List<String> artifacts = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private List<Result> results;
    private boolean failed;
  }

  private final ScanPolicy policy;
  private final Map<String, ScanRun> runs = new LinkedHashMap<>();
  private String version;
  private int count;

  private SarifReader(ScanPolicy policy) {
    this.policy = policy;
  }

  /**
   * What each tool in {@code document} says.
   *
   * @throws Problem 400, which says what is wrong and where
   */
  static List<ScanRun> read(byte[] document, ScanPolicy policy) {
    SarifReader reader = new SarifReader(policy);
    try (JsonParser json = JSON.createParser(text(document))) {
      reader.readLog(json);
    } catch (CharConversionException | CharacterCodingException e) {
      throw Problem.badRequest("The body is not UTF-8.");
    } catch (JsonProcessingException e) {
      throw Problem.badRequest(
          "The body is not a JSON document that can be read: " + e.getOriginalMessage() + place(e));
    } catch (IOException e) {
      throw Problem.badRequest("The body cannot be read.");
    }
    return List.copyOf(reader.runs.values());
  }

  /** As UTF-8; some tools begin with a byte order mark, which no JSON has. */
  private static java.io.Reader text(byte[] document) throws IOException {
    java.io.PushbackReader text =
        new java.io.PushbackReader(
            new InputStreamReader(
                new ByteArrayInputStream(document), StandardCharsets.UTF_8.newDecoder()));
    int first = text.read();
    if (first >= 0 && first != BYTE_ORDER_MARK) {
      text.unread(first);
    }
    return text;
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private void readLog(JsonParser json) throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "", "must be a JSON object");
    boolean hasRuns = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "version" -> version = json.getText();
        case "runs" -> {
          hasRuns = true;
          each(json, field, at -> readRun(json, at));
        }
        default -> json.skipChildren();
      }
    }
    require(json.nextToken() == null, "", "must be one JSON object and nothing behind it");
    require("2.1.0".equals(version), "version", "must be 2.1.0");
    require(hasRuns && !runs.isEmpty(), "runs", "must name a run at least");
  }

  private void readRun(JsonParser json, String path) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, path, "must be an object");
    Parts parts = new Parts();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      String at = path + "." + field;
      json.nextToken();
      switch (field) {
        case "tool" -> readTool(parts, json, at);
        case "artifacts" -> each(json, at, one -> readArtifact(parts, json, one));
        case "invocations" -> each(json, at, one -> readInvocation(parts, json, one));
        case "results" -> readResults(parts, json, at);
        default -> json.skipChildren();
      }
    }
    require(parts.tool != null, path + ".tool.driver.name", "must be there");
    ScanRun run = runs.computeIfAbsent(parts.tool, tool -> new ScanRun(tool, ScanRun.Coverage.ALL));
    parts.times.forEach(run::performed);
    if (parts.failed || parts.results == null) {
      run.incomplete(); // without results it did not come to look for any (3.14.23)
    }
    if (parts.results != null) {
      parts.results.forEach(result -> run.add(sighting(parts, result)));
    }
  }

  private void readTool(Parts parts, JsonParser json, String path) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, path, "must be an object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      String at = path + "." + field;
      json.nextToken();
      switch (field) {
        case "driver" -> {
          parts.tool = readComponent(parts.rules, json, at);
          require(parts.tool != null, at + ".name", "must be there");
        }
        case "extensions" ->
            each(
                json,
                at,
                one -> {
                  Rules rules = new Rules();
                  parts.extensions.add(rules);
                  readComponent(rules, json, one);
                });
        default -> json.skipChildren();
      }
    }
  }

  /** The name of a part of the tool, whose rules it adds; null where it has none. */
  private String readComponent(Rules rules, JsonParser json, String path) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, path, "must be an object");
    String name = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      String at = path + "." + field;
      json.nextToken();
      switch (field) {
        case "name" -> name = name(JSON.readTree(json), at);
        case "rules" ->
            each(json, at, one -> rules.add(rule(object(JSON.readTree(json), one), one)));
        default -> json.skipChildren();
      }
    }
    return name;
  }

  private Rule rule(JsonNode rule, String path) {
    String id = name(rule, "id", path);
    require(id != null, path + ".id", "must be there");
    return new Rule(
        id,
        level(rule.path("defaultConfiguration"), path + ".defaultConfiguration"),
        score(rule, path));
  }

  /** Its contents may be there, too, and are passed over. */
  private static void readArtifact(Parts parts, JsonParser json, String path) throws IOException {
    JsonNode artifact = object(JSON.readTree(json), path);
    String uri = text(artifact.path("location"), "uri", path + ".location");
    require(
        uri == null || uri.length() <= LONGEST_URI,
        path + ".location.uri",
        "must be at most %d characters".formatted(LONGEST_URI));
    parts.artifacts.add(uri);
  }

  private static void readInvocation(Parts parts, JsonParser json, String path) throws IOException {
    JsonNode invocation = object(JSON.readTree(json), path);
    JsonNode successful = invocation.path("executionSuccessful");
    require(successful.isBoolean(), path + ".executionSuccessful", "must be true or false");
    parts.failed |= !successful.booleanValue();
    String end = text(invocation, "endTimeUtc", path);
    if (end != null) {
      parts.times.add(time(end, path + ".endTimeUtc"));
    }
  }

  /** Null stands for none. */
  private static void each(JsonParser json, String path, Element element) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    require(json.currentToken() == JsonToken.START_ARRAY, path, "must be an array");
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      element.read(path + "[" + i + "]");
    }
  }

  private static Instant time(String text, String path) {
    require(text.matches("\\d{4}-.*"), path, "must be a time as in RFC 3339");
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw invalid(path, "must be a time as in RFC 3339");
    }
  }

  private void readResults(Parts parts, JsonParser json, String path) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      parts.results = new ArrayList<>();
    }
    each(
        json,
        path,
        at -> {
          count++;
          require(count <= ScanRun.MAX_RESULTS, path, "must be at most " + ScanRun.MAX_RESULTS);
          JsonNode result = object(JSON.readTree(json), at);
          if (tells(result, at)) {
            parts.results.add(result(result, at));
          }
        });
  }

  /** Whether it is there, and is something. */
  private static boolean tells(JsonNode result, String path) {
    String kind = text(result, "kind", path);
    return (kind == null || FOUND.contains(kind))
        && !"absent".equals(text(result, "baselineState", path));
  }

  private Result result(JsonNode result, String path) {
    JsonNode rule = result.path("rule");
    String ruleId = name(result, "ruleId", path);
    JsonNode location = result.path("locations").path(0);
    JsonNode physical = location.path("physicalLocation");
    JsonNode artifact = physical.path("artifactLocation");
    String at = path + ".locations[0].physicalLocation.artifactLocation";
    JsonNode fingerprints = result.path("fingerprints");
    boolean stable = !fingerprints.isEmpty();
    return new Result(
        path,
        ruleId == null ? name(rule, "id", path + ".rule") : ruleId,
        result.path("ruleIndex").asInt(rule.path("index").asInt(-1)),
        rule.path("toolComponent").path("index").asInt(-1),
        level(result, path),
        score(result, path),
        text(artifact, "uri", at),
        artifact.path("index").asInt(-1),
        text(
            location.path("logicalLocations").path(0),
            "fullyQualifiedName",
            path + ".locations[0].logicalLocations[0]"),
        physical.path("region").path("startLine").asInt(0),
        stable
            ? prints(fingerprints, path + ".fingerprints")
            : prints(result.path("partialFingerprints"), path + ".partialFingerprints"),
        stable,
        text(result.path("message"), "text", path + ".message"));
  }

  /** In the order of their names; null where there are none. */
  private static String prints(JsonNode prints, String path) {
    Map<String, String> sorted = new TreeMap<>();
    prints.fieldNames().forEachRemaining(name -> sorted.put(name, text(prints, name, path)));
    return sorted.isEmpty()
        ? null
        : sorted.entrySet().stream()
            .map(print -> print.getKey() + "=" + print.getValue())
            .collect(Collectors.joining("\0"));
  }

  private Sighting sighting(Parts parts, Result result) {
    Rule rule = rule(parts, result);
    String uri = result.uri() != null ? result.uri() : artifact(parts, result);
    String where =
        (uri == null ? "" : uri)
            + (result.name() == null ? "" : (uri == null ? "" : " ") + result.name());
    String place = where + (result.line() > 0 ? ":" + result.line() : "");
    String key =
        result.prints() == null
            ? place
            : result.stable() ? result.prints() : where + "\0" + result.prints();
    return new Sighting(
        rule.id(), place.isEmpty() ? "-" : place, key, severity(rule, result), result.message());
  }

  /** The rule by its number, else by its name; a rule that the tool does not describe is one. */
  private static Rule rule(Parts parts, Result result) {
    Rules rules = parts.rules;
    if (result.component() >= 0) {
      require(
          result.component() < parts.extensions.size(),
          result.path() + ".rule.toolComponent.index",
          "must be that of an extension");
      rules = parts.extensions.get(result.component());
    }
    if (result.ruleIndex() >= 0) {
      require(
          result.ruleIndex() < rules.all.size(),
          result.path() + ".ruleIndex",
          "must be that of a rule of the tool");
      Rule known = rules.all.get(result.ruleIndex());
      return result.ruleId() == null
          ? known
          : new Rule(result.ruleId(), known.level(), known.score());
    }
    require(result.ruleId() != null, result.path() + ".ruleId", "must be there, or ruleIndex");
    return rules.byId.getOrDefault(result.ruleId(), new Rule(result.ruleId(), null, null));
  }

  private static String artifact(Parts parts, Result result) {
    if (result.artifact() < 0) {
      return null;
    }
    require(
        result.artifact() < parts.artifacts.size(),
        result.path() + ".locations[0].physicalLocation.artifactLocation.index",
        "must be that of an artifact");
    return parts.artifacts.get(result.artifact());
  }

  /** A score says more than a level; without either it is a warning (3.27.10). */
  private Severity severity(Rule rule, Result result) {
    Double score = result.score() != null ? result.score() : rule.score();
    if (score != null) {
      return Severity.of(score);
    }
    String level = result.level() != null ? result.level() : rule.level();
    return policy.ofLevel(level == null ? "warning" : level);
  }

  private String level(JsonNode of, String path) {
    String level = text(of, "level", path);
    require(
        level == null || policy.ofLevel(level) != null,
        path + ".level",
        "must be none, note, warning or error");
    return level;
  }

  /** What many tools give in place of a level, in the property bag: a score as CVSS has it. */
  private static Double score(JsonNode of, String path) {
    JsonNode told = of.path("properties").path("security-severity");
    if (told.isMissingNode() || told.isNull()) {
      return null;
    }
    double score = told.asDouble(-1);
    require(
        score >= 0 && score <= HIGHEST_SCORE,
        path + ".properties.security-severity",
        "must be a number from 0 to 10");
    return score;
  }

  private static String name(JsonNode of, String field, String path) {
    return name(of.path(field), path + "." + field);
  }

  private static String name(JsonNode value, String path) {
    String name = text(value, path);
    require(
        name == null || !name.isBlank() && name.length() <= ScanRun.LONGEST_NAME,
        path,
        "must be 1 to %d characters".formatted(ScanRun.LONGEST_NAME));
    return name;
  }

  private static String text(JsonNode of, String field, String path) {
    return text(of.path(field), path + "." + field);
  }

  /** Null where it is not there. NUL and half surrogate pairs are no text. */
  private static String text(JsonNode value, String path) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    require(
        value.isTextual()
            && value.textValue().indexOf('\0') < 0
            && StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue()),
        path,
        "must be a text");
    return value.textValue();
  }

  private static JsonNode object(JsonNode node, String path) {
    require(node.isObject(), path, "must be an object");
    return node;
  }

  private static void require(boolean holds, String field, String message) {
    if (!holds) {
      throw invalid(field, message);
    }
  }

  private static Problem invalid(String field, String message) {
    return Problem.invalid(
        List.of(new Problem.FieldError(field.isEmpty() ? "body" : field, message)));
  }
}
