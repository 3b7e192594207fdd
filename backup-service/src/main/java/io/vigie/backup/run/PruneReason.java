package io.vigie.backup.run;

/** Why a tool deletes a copy. */
public enum PruneReason {
  /** The time for which its plan has it kept is over, or nobody decided on one. */
  RETENTION,
  /** That time is not over. */
  BEFORE_RETENTION
}
