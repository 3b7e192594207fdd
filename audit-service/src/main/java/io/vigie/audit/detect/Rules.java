package io.vigie.audit.detect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The rules in force: files of {@code contracts/detections}, named in {@code vigie.detections}, and
 * whatever a company has of its own in {@code vigie.detections-dir}. A name without a file, or a
 * file that is no rule, stops the start.
 */
@Startup
@ApplicationScoped
class Rules {

  private static final String FOLDER = "/vigie/contracts/detections/";
  private static final String EVENTS = "/vigie/contracts/events/";
  private static final Set<String> FOUND =
      Set.of(
          "log.gap", "log.lost-hashes", "log.object-gap", "log.silence", "log.verification-failed");
  private static final ObjectMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private final Map<Rule, JsonNode> files = new LinkedHashMap<>();

  /**
   * @throws ConfigurationException when the directory holds no rule, or something else that ends in
   *     {@code .json}
   */
  Rules(
      @ConfigProperty(name = "vigie.detections") List<String> names,
      @ConfigProperty(name = "vigie.detections-dir") Optional<Path> directory) {
    names.forEach(
        name -> {
          JsonNode file = read(FOLDER + name + ".json");
          files.put(rule(file), file);
        });
    directory.ifPresent(this::addAll);
  }

  private void addAll(Path directory) {
    try (Stream<Path> listed = Files.list(directory)) {
      List<Path> own = listed.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (own.isEmpty()) {
        throw new ConfigurationException(
            "vigie.detections-dir: %s holds no rule, a file that ends in .json. Leave the setting out, or put one there."
                .formatted(directory));
      }
      own.forEach(this::add);
    } catch (IOException e) {
      throw new ConfigurationException("vigie.detections-dir cannot be read: " + e, e);
    }
  }

  private void add(Path path) {
    try {
      JsonNode file = JSON.readTree(path.toFile());
      files.put(own(path.getFileName().toString(), file), file);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "vigie.detections-dir: %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** No build has seen this rule: what would have failed there fails here. */
  private Rule own(String name, JsonNode file) {
    String broken =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read(FOLDER + "detection.schema.json"))
            .validate(file)
            .stream()
            .map(ValidationMessage::getMessage)
            .collect(Collectors.joining("; "));
    if (!broken.isEmpty()) {
      throw new IllegalArgumentException(broken);
    }
    Rule rule = rule(file);
    if (!name.equals(rule.id() + ".json")) {
      throw new IllegalArgumentException(
          "the rule's id is " + rule.id() + ", unlike the file's name");
    }
    if (all().stream().anyMatch(other -> other.id().equals(rule.id()))) {
      throw new IllegalArgumentException(
          "vigie.detections names a rule of this id. Take it out there, or give this one another id");
    }
    rule.typesRead()
        .filter(type -> !isPublished(type))
        .findFirst()
        .ifPresent(
            type -> {
              throw new IllegalArgumentException("there are no events of type " + type);
            });
    return rule;
  }

  /** By a service, or found by the log's own watch or verification. */
  static boolean isPublished(String type) {
    return FOUND.contains(type) || Rules.class.getResource(EVENTS + type + ".schema.json") != null;
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
