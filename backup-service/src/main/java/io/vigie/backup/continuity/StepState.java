package io.vigie.backup.continuity;

/** What became of a step of an exercise. */
public enum StepState {
  OPEN,
  DONE,
  SKIPPED
}
