package io.vigie.asset.policy;

import java.util.Collection;
import java.util.List;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** The ids of the policy's rules, from {@code rules.json}, in its order. */
public final class PolicyRules {

  private record Table(List<String> rules, List<String> documented) {}

  private static final Table TABLE = PolicyTable.read("rules", Table.class);

  private PolicyRules() {}

  public static List<String> all() {
    return TABLE.rules();
  }

  /** Whether the rule names a procedure or the like, and so needs a document (R5.1). */
  public static boolean needsDocument(String rule) {
    return TABLE.documented().contains(rule);
  }

  /**
   * Refuses ids that no rule has.
   *
   * @throws Problem 400 about {@code field}
   */
  public static void require(String field, Collection<String> ids) {
    List<String> unknown = ids.stream().filter(id -> !TABLE.rules().contains(id)).sorted().toList();
    if (!unknown.isEmpty()) {
      throw Problem.invalid(
          List.of(new FieldError(field, "are no rules of the policy: " + unknown)));
    }
  }
}
