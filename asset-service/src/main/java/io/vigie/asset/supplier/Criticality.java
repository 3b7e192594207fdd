package io.vigie.asset.supplier;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.vigie.kernel.PolicyTable;

/**
 * How much depends on a supplier, and so how often it is assessed ({@code supplier-assessments}).
 */
public enum Criticality {
  LOW,
  MODERATE,
  HIGH,
  CRITICAL;

  private record Interval(Duration first, Duration every) {}

  private record Table(Map<Criticality, Interval> criticalities) {}

  private static final Table TABLE = PolicyTable.read("supplier-assessments", Table.class);

  /** When a supplier must be assessed next; {@code assessedAt} is null before the first time. */
  Instant assessmentDue(Instant registeredAt, Instant assessedAt) {
    Interval interval = TABLE.criticalities().get(this);
    return assessedAt == null
        ? registeredAt.plus(interval.first())
        : assessedAt.plus(interval.every());
  }
}
