package io.vigie.asset.policy;

import java.util.Collection;
import java.util.List;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** The policy's rules: their ids from {@code rules.json}, in its order, and their controls. */
public final class PolicyRules {

  private record Table(List<String> rules) {}

  private record Control(boolean documentNeeded) {}

  private static final List<String> RULES = PolicyTable.read("rules", Table.class).rules();
  private static final List<String> DOCUMENTED =
      RULES.stream()
          .filter(rule -> PolicyTable.control(rule, Control.class).documentNeeded())
          .toList();

  private PolicyRules() {}

  public static List<String> all() {
    return RULES;
  }

  /** Whether the rule names a procedure or the like, and so needs a document (R5.1). */
  public static boolean needsDocument(String rule) {
    return DOCUMENTED.contains(rule);
  }

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
