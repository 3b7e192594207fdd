package io.vigie.audit.detect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The rules in force: files of {@code contracts/detections}, named in {@code vigie.detections}. A
 * name without a file, or a file that is no rule, stops the start.
 */
@ApplicationScoped
class Rules {

  private static final String FOLDER = "/vigie/contracts/detections/";
  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private final Map<Rule, JsonNode> files = new LinkedHashMap<>();

  Rules(@ConfigProperty(name = "vigie.detections") List<String> names) {
    names.forEach(
        name -> {
          JsonNode file = read(FOLDER + name + ".json");
          files.put(rule(file), file);
        });
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Rule rule(JsonNode file) {
    return JSON.convertValue(file, Rule.class);
  }

  private static JsonNode read(String file) {
    try (InputStream stream = Rules.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalArgumentException("there is no detection rule " + file);
      }
      return JSON.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  List<Rule> all() {
    return List.copyOf(files.keySet());
  }

  /** Each rule with its file. */
  Map<Rule, JsonNode> files() {
    return files;
  }

  /** Types of events whose payload some rule reads. */
  Set<String> typesRead() {
    return files.keySet().stream().flatMap(Rule::typesRead).collect(Collectors.toSet());
  }
}
