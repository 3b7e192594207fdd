package io.vigie.backup.continuity;

/** How an exercise came out. */
public enum ExerciseOutcome {
  /** It was talked through. */
  DISCUSSED,
  RESTORED,
  NOT_RESTORED
}
