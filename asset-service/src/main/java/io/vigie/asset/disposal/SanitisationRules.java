package io.vigie.asset.disposal;

import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.asset.inventory.Medium;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;

/** How deep media are sanitised: {@code contracts/policy/sanitisation.json}. */
@ApplicationScoped
class SanitisationRules {

  private static final int UNKNOWN = 4;

  private record Rules(
      List<Method> methods,
      Map<Medium, List<Method>> required,
      Map<Medium, Map<Method, Set<String>>> techniques,
      Set<Method> evidence) {}

  private final Rules rules = PolicyTable.read("sanitisation", Rules.class);

  /** What data of this confidentiality asks for; null counts as the highest. */
  Method required(Medium medium, Integer confidentiality) {
    int level = confidentiality == null ? UNKNOWN : confidentiality;
    return rules.required().get(medium).get(level - 1);
  }

  /** The method that a technique achieves on a medium; 422 when it achieves none. */
  Method achieved(Medium medium, String technique) {
    return rules.techniques().get(medium).entrySet().stream()
        .filter(method -> method.getValue().contains(technique))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                Problem.unprocessable(
                    "unknown-technique",
                    "%s sanitises no %s. Known: %s."
                        .formatted(technique, medium, rules.techniques().get(medium))));
  }

  boolean needsEvidence(Method method) {
    return rules.evidence().contains(method);
  }
}
