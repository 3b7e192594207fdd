package io.vigie.audit.control;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.audit.control.Control.Text;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;

/** Every rule of the policy, whoever decides it. A rule without its file stops the start. */
@ApplicationScoped
class Catalogue {

  private record Section(int number, Text title) {}

  private record Policy(List<Section> sections, List<String> rules) {}

  private final Map<String, Rule> byId = new LinkedHashMap<>();

  private final Map<Integer, Text> sections = new HashMap<>();

  Catalogue() {
    Policy policy = PolicyTable.read("rules", Policy.class);
    policy.rules().forEach(id -> byId.put(id, PolicyTable.control(id, Rule.class)));
    policy.sections().forEach(section -> sections.put(section.number(), section.title()));
  }

  /** What the section of a rule is about. */
  Text sectionOf(Rule rule) {
    return sections.get(rule.section());
  }

  /** In the order of the policy. */
  Collection<Rule> all() {
    return byId.values();
  }

  /** The rule; empty where the policy has none of this id. */
  Optional<Rule> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The rule, or 404. */
  Rule require(String id) {
    return find(id)
        .orElseThrow(
            () -> Problem.notFound("The policy has no such rule. GET /v1/controls lists all."));
  }
}
