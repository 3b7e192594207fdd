package io.vigie.access.duty;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/** {@code contracts/policy/duties.json}. */
@ApplicationScoped
class DutyPolicy {

  private record Table(Duration longestException) {}

  private final Table table = PolicyTable.read("duties", Table.class);

  /** For how long the CISO accepts a conflict at most, at a time. */
  Duration longestException() {
    return table.longestException();
  }
}
