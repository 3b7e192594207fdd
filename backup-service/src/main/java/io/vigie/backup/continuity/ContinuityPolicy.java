package io.vigie.backup.continuity;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/** How often fail-over is tested and plans are exercised: {@code continuity.json}. */
@ApplicationScoped
class ContinuityPolicy {

  /** Where {@code kinds} is null it is about all. */
  private record FailoverTests(List<DependencyKind> kinds, int days) {}

  private record Exercises(int days) {}

  private record Table(List<FailoverTests> failoverTests, Exercises exercises) {}

  private final Table table = PolicyTable.read("continuity", Table.class);

  /** From one test to the next. */
  Duration failoverInterval(DependencyKind kind) {
    return table.failoverTests().stream()
        .filter(tests -> tests.kinds() == null || tests.kinds().contains(kind))
        .findFirst()
        .map(tests -> Duration.ofDays(tests.days()))
        .orElseThrow(() -> new IllegalStateException("no interval is of " + kind));
  }

  /** From one exercise that restores a function to the next. */
  Duration exerciseInterval() {
    return Duration.ofDays(table.exercises().days());
  }
}
