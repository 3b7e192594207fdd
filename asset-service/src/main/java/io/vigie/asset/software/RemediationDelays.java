package io.vigie.asset.software;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/**
 * How long a vulnerability may stay open, as {@code contracts/policy/remediation-delays.json} says.
 */
@ApplicationScoped
class RemediationDelays {

  /** What is null restricts nothing. */
  private record Rule(
      List<Severity> severity, Boolean exploited, Boolean production, Boolean exposed, int days) {

    boolean fits(Candidate found) {
      return (severity == null || severity.contains(found.severity()))
          && (exploited == null || exploited == found.exploited())
          && (production == null || production == found.exposure().production())
          && (exposed == null || exposed == found.exposure().exposed());
    }
  }

  private record Acceptance(int maxDays) {}

  private record Table(List<String> exposedZones, List<Rule> rules, Acceptance acceptance) {}

  private static final Table TABLE = PolicyTable.read("remediation-delays", Table.class);

  /** The purposes of zones that are reached from outside, as a list of SQL. */
  static String exposedZones() {
    return TABLE.exposedZones().stream().collect(Collectors.joining("', '", "'", "'"));
  }

  /** From when it was found. */
  Duration of(Candidate found) {
    return TABLE.rules().stream()
        .filter(rule -> rule.fits(found))
        .findFirst()
        .map(rule -> Duration.ofDays(rule.days()))
        .orElseThrow(() -> new IllegalStateException("no delay fits " + found));
  }

  /** The longest that a risk may be accepted for. */
  Duration longestAcceptance() {
    return Duration.ofDays(TABLE.acceptance().maxDays());
  }
}
