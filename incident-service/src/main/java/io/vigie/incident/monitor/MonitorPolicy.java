package io.vigie.incident.monitor;

import java.time.Duration;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/** How often is tried, and what counts as a failure: {@code contracts/policy/monitors.json}. */
@ApplicationScoped
class MonitorPolicy {

  /**
   * @param everySeconds from one probe to the next, where a monitor does not say
   * @param longestSeconds what a monitor may say at most
   * @param failures so many in a row are a failure
   */
  record Rule(int everySeconds, int longestSeconds, int failures) {}

  private record Table(
      Map<MonitorType, Rule> types, int confirmAfterSeconds, int keepResultsDays) {}

  private final Table table = PolicyTable.read("monitors", Table.class);

  Rule of(MonitorType type) {
    return table.types().get(type);
  }

  /** From a failure that is not one of too many yet to the next probe, at most. */
  Duration confirmAfter() {
    return Duration.ofSeconds(table.confirmAfterSeconds());
  }

  /** How long single results are kept. */
  Duration keepResults() {
    return Duration.ofDays(table.keepResultsDays());
  }
}
