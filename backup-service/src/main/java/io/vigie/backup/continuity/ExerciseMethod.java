package io.vigie.backup.continuity;

/** How a plan is exercised. */
public enum ExerciseMethod {
  /** People talk a scenario through: nothing is disrupted, so nothing is measured. */
  TABLETOP,
  /** A part is failed over or restored, beside production or in a window. */
  FUNCTIONAL,
  /** The function itself is disrupted and restored. */
  FULL_SCALE
}
