package io.vigie.backup.restore;

/** How a restore test came out. */
enum TestOutcome {
  PASSED,
  FAILED
}
