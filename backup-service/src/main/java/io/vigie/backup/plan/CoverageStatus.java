package io.vigie.backup.plan;

/** How an asset stands with what the policy asks of its backups. */
public enum CoverageStatus {
  /** It is not in service, or of a kind that needs no backup. */
  NOT_REQUIRED,
  /** Its copies are all that the rules ask for. */
  COVERED,
  /** They are not, and somebody approved that for a time. */
  EXCEPTED,
  /** It has an active plan, and less than the rules ask for. */
  FALLS_SHORT,
  /** It has no active plan. */
  UNCOVERED
}
