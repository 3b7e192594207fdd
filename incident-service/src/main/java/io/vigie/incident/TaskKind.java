package io.vigie.incident;

/** Why something is to be done. */
public enum TaskKind {
  /** To work the incident. */
  TASK,
  /** So that it does not happen again, or is worked better: what its review taught. */
  LESSON
}
