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

  /** The parts of a run, in whichever order they stand. */
  private static final class Parts {
    private String tool;
    private final List<Rule> rules = new ArrayList<>();
    private final List<List<Rule>> extensions = new ArrayList<>();
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
          require(json.currentToken() == JsonToken.START_ARRAY, field, "must be an array");
          for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            readRun(json, "runs[" + i + "]");
          }
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
        case "tool" -> readTool(parts, JSON.readTree(json), at);
        case "artifacts" -> readArtifacts(parts, json, at);
        case "invocations" -> readInvocations(parts, JSON.readTree(json), at);
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

  private void readTool(Parts parts, JsonNode tool, String path) {
    JsonNode driver = object(tool, path).path("driver");
    parts.tool = name(driver, "name", path + ".driver");
    require(parts.tool != null, path + ".driver.name", "must be there");
    readRules(parts.rules, driver.path("rules"), path + ".driver.rules");
    JsonNode extensions = array(tool.path("extensions"), path + ".extensions");
    for (int i = 0; i < extensions.size(); i++) {
      List<Rule> rules = new ArrayList<>();
      parts.extensions.add(rules);
      readRules(
          rules, extensions.get(i).path("rules"), "%s.extensions[%d].rules".formatted(path, i));
    }
  }

  private void readRules(List<Rule> into, JsonNode rules, String path) {
    array(rules, path);
    for (int i = 0; i < rules.size(); i++) {
      String at = path + "[" + i + "]";
      JsonNode rule = object(rules.get(i), at);
      String id = name(rule, "id", at);
      require(id != null, at + ".id", "must be there");
      into.add(
          new Rule(
              id,
              level(rule.path("defaultConfiguration"), at + ".defaultConfiguration"),
              score(rule, at)));
    }
  }

  /** Their contents may be there, too, and are passed over with each. */
  private static void readArtifacts(Parts parts, JsonParser json, String path) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    require(json.currentToken() == JsonToken.START_ARRAY, path, "must be an array");
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      String at = "%s[%d]".formatted(path, i);
      JsonNode artifact = object(JSON.readTree(json), at);
      parts.artifacts.add(text(artifact.path("location"), "uri", at + ".location"));
    }
  }

  private static void readInvocations(Parts parts, JsonNode invocations, String path) {
    array(invocations, path);
    for (int i = 0; i < invocations.size(); i++) {
      String at = "%s[%d]".formatted(path, i);
      JsonNode invocation = object(invocations.get(i), at);
      JsonNode successful = invocation.path("executionSuccessful");
      require(successful.isBoolean(), at + ".executionSuccessful", "must be true or false");
      parts.failed |= !successful.booleanValue();
      String end = text(invocation, "endTimeUtc", at);
      if (end != null) {
        parts.times.add(time(end, at + ".endTimeUtc"));
      }
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
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    require(json.currentToken() == JsonToken.START_ARRAY, path, "must be an array");
    parts.results = new ArrayList<>();
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      count++;
      require(count <= ScanRun.MAX_RESULTS, path, "must be at most " + ScanRun.MAX_RESULTS);
      String at = "%s[%d]".formatted(path, i);
      JsonNode result = object(JSON.readTree(json), at);
      if (tells(result, at)) {
        parts.results.add(result(result, at));
      }
    }
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
    List<Rule> rules = parts.rules;
    if (result.component() >= 0) {
      require(
          result.component() < parts.extensions.size(),
          result.path() + ".rule.toolComponent.index",
          "must be that of an extension");
      rules = parts.extensions.get(result.component());
    }
    if (result.ruleIndex() >= 0) {
      require(
          result.ruleIndex() < rules.size(),
          result.path() + ".ruleIndex",
          "must be that of a rule of the tool");
      Rule known = rules.get(result.ruleIndex());
      return result.ruleId() == null
          ? known
          : new Rule(result.ruleId(), known.level(), known.score());
    }
    require(result.ruleId() != null, result.path() + ".ruleId", "must be there, or ruleIndex");
    return rules.stream()
        .filter(known -> known.id().equals(result.ruleId()))
        .findFirst()
        .orElseGet(() -> new Rule(result.ruleId(), null, null));
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
    String name = text(of, field, path);
    require(
        name == null || !name.isBlank() && name.length() <= ScanRun.LONGEST_NAME,
        path + "." + field,
        "must be 1 to %d characters".formatted(ScanRun.LONGEST_NAME));
    return name;
  }

  /** Null where it is not there. NUL and half surrogate pairs are no text. */
  private static String text(JsonNode of, String field, String path) {
    JsonNode value = of.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    require(
        value.isTextual()
            && value.textValue().indexOf('\0') < 0
            && StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue()),
        path + "." + field,
        "must be a text");
    return value.textValue();
  }

  private static JsonNode object(JsonNode node, String path) {
    require(node.isObject(), path, "must be an object");
    return node;
  }

  private static JsonNode array(JsonNode node, String path) {
    require(node.isArray() || node.isMissingNode() || node.isNull(), path, "must be an array");
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
