package io.vigie.audit.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The controls in force: rules of {@code contracts/controls} that have a query, named in {@code
 * vigie.controls}. A rule without its files stops the start.
 */
@ApplicationScoped
class Controls {

  private static final String FOLDER = "/vigie/contracts/";

  private final Map<String, Control> byRule = new LinkedHashMap<>();
  private final Map<String, Set<String>> reads = new TreeMap<>();
  private final String reading;

  Controls(
      @ConfigProperty(name = "vigie.controls") List<String> rules, Kpis kpis, ObjectMapper json)
      throws JsonProcessingException {
    rules.forEach(rule -> byRule.put(rule, read(rule, json)));
    keep(ControlException.READS);
    byRule.values().forEach(control -> keep(control.watch().reads()));
    kpis.all().forEach(kpi -> keep(kpi.about().reads()));
    reading = json.writeValueAsString(List.of(byRule.keySet(), reads));
  }

  private void keep(Map<String, Set<String>> read) {
    read.forEach(
        (kind, members) -> reads.computeIfAbsent(kind, any -> new TreeSet<>()).addAll(members));
  }

  private static Control read(String rule, ObjectMapper json) {
    try {
      return Control.of(
          new String(file("controls/" + rule + ".sql"), StandardCharsets.UTF_8),
          json.readTree(file("controls/" + rule + ".watch.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(rule, e);
    }
  }

  /** A file under {@code contracts}. */
  static byte[] file(String name) throws IOException {
    try (InputStream stream = Controls.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalArgumentException("there is no " + FOLDER + name);
      }
      return stream.readAllBytes();
    }
  }

  /** In the order of the policy. */
  Collection<Control> all() {
    return byRule.values();
  }

  /** The control of a rule; empty where it has no query. */
  Optional<Control> find(String rule) {
    return Optional.ofNullable(byRule.get(rule));
  }

  /** The control of a rule, or 404. */
  Control require(String rule) {
    return find(rule)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "No query decides such a rule. GET /v1/controls says who or what does."));
  }

  /** By kind, the members that any control or figure reads, and of exceptions: all that is kept. */
  Map<String, Set<String>> reads() {
    return reads;
  }

  /** Which controls there are, and what is kept of objects: where it changes all begins anew. */
  String reading() {
    return reading;
  }
}
