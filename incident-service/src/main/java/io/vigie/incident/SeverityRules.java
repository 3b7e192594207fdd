package io.vigie.incident;

import java.util.List;

import io.vigie.kernel.PolicyTable;

/** How severe an incident is, as {@code contracts/policy/incident-severity.json} says. */
final class SeverityRules {

  private record Rule(List<Impact> impact, List<Urgency> urgency, int severity) {

    boolean fits(Impact howMuch, Urgency howSoon) {
      return impact.contains(howMuch) && urgency.contains(howSoon);
    }
  }

  private record Table(List<Rule> rules) {}

  private static final Table TABLE = PolicyTable.read("incident-severity", Table.class);

  private SeverityRules() {}

  /** From 1 (low) to 4 (critical). */
  static int severity(Impact impact, Urgency urgency) {
    return TABLE.rules().stream()
        .filter(rule -> rule.fits(impact, urgency))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no rule for " + impact + ", " + urgency))
        .severity();
  }
}
