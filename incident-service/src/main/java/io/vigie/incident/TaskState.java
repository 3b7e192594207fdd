package io.vigie.incident;

/** What became of a task; both ends are final. */
public enum TaskState {
  OPEN,
  DONE,
  CANCELLED
}
