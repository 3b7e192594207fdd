package io.vigie.asset.policy;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** The ids of the policy's rules, from {@code rules.json}. */
public final class PolicyRules {

  private record Table(Set<String> rules) {}

  private static final Set<String> RULES = PolicyTable.read("rules", Table.class).rules();

  private PolicyRules() {}

  /**
   * Refuses ids that no rule has.
   *
   * @throws Problem 400 about {@code field}
   */
  public static void require(String field, Collection<String> ids) {
    List<String> unknown = ids.stream().filter(id -> !RULES.contains(id)).sorted().toList();
    if (!unknown.isEmpty()) {
      throw Problem.invalid(
          List.of(new FieldError(field, "are no rules of the policy: " + unknown)));
    }
  }
}
