package io.vigie.backup.plan;

/** Where a plan is in its life. */
public enum PlanState {
  /** Runs are expected. */
  ACTIVE,
  /** For a reason, and perhaps until a time, no run is expected; one that comes counts. */
  SUSPENDED,
  /** For good: its runs remain, it changes no more. */
  ENDED
}
