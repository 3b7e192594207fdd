package io.vigie.asset.software;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/**
 * How long a vulnerability may stay open, as {@code contracts/policy/remediation-delays.json} says.
 */
@ApplicationScoped
class RemediationDelays {

  /** What is null restricts nothing. */
  private record Rule(
      List<Severity> severity,
      Boolean exploited,
      Boolean production,
      Boolean webProperty,
      int days) {

    boolean fits(Candidate found) {
      return (severity == null || severity.contains(found.severity()))
          && (exploited == null || exploited == found.exploited())
          && (production == null || production == found.exposure().production())
          && (webProperty == null || webProperty == found.exposure().webProperty());
    }
  }

  private record Acceptance(int maxDays) {}

  private record Table(List<Rule> rules, Acceptance acceptance) {}

  private final Table table = PolicyTable.read("remediation-delays", Table.class);

  /** From when it was found. */
  Duration of(Candidate found) {
    return table.rules().stream()
        .filter(rule -> rule.fits(found))
        .findFirst()
        .map(rule -> Duration.ofDays(rule.days()))
        .orElseThrow(() -> new IllegalStateException("no delay fits " + found));
  }

  /** The longest that a risk may be accepted for. */
  Duration longestAcceptance() {
    return Duration.ofDays(table.acceptance().maxDays());
  }
}
