package io.vigie.access.training;

/** Whether a course waits for somebody. */
public enum TrainingDue {
  /** They hold a certificate that counts, and will for a while. */
  VALID,
  /** They have to take it, and there is time. */
  DUE,
  /** The last day on which it was in time is over. */
  OVERDUE
}
