package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** What Prometheus and Grafana are told to look at: the files of {@code deploy/monitoring}. */
public final class Monitoring {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path ROOT =
      Path.of(System.getProperty("vigie.root"), "deploy", "monitoring");

  /** What stands in a query beside names: texts, what labels must be, times, names of labels. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\boffset\\s+\\w+"
              + "|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");

  private static final Pattern NAME = Pattern.compile("(?<![\\w:])[a-zA-Z_:][\\w:]*+(?!\\s*\\()");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

  /** Of Prometheus itself. */
  private static final Set<String> OWN = Set.of("up", "ALERTS");

  private Monitoring() {}

  /** Files of a folder with their content, read as YAML, by their names. */
  static Map<String, JsonNode> files(String folder) {
    Map<String, JsonNode> read = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        read.put(file.getFileName().toString(), YAML.readTree(file.toFile()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return read;
  }

  /** All rules, those that raise alerts and those that record. */
  static List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    files("rules")
        .values()
        .forEach(file -> file.findValues("rules").forEach(each -> each.forEach(rules::add)));
    return rules;
  }

  /** The panels of all dashboards that show something. */
  static List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    for (JsonNode dashboard : files("grafana/dashboards").values()) {
      dashboard.get("panels").forEach(panels::add);
    }
    panels.removeIf(panel -> panel.get("type").textValue().equals("row"));
    return panels;
  }

  /** The names of time series in a query. */
  static Set<String> named(String query) {
    return NAME.matcher(BESIDE.matcher(query).replaceAll(" "))
        .results()
        .map(name -> name.group())
        .filter(name -> !OPERATORS.contains(name) && !OWN.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names of all that is asked for and that no rule records: what programs have to tell. */
  public static Set<String> figures() {
    Set<String> figures = new TreeSet<>();
    rules().forEach(rule -> figures.addAll(named(rule.get("expr").textValue())));
    panels()
        .forEach(
            panel -> panel.findValuesAsText("expr").forEach(query -> figures.addAll(named(query))));
    rules().forEach(rule -> figures.remove(rule.path("record").asText()));
    return figures;
  }
}
