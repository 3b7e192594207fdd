package io.vigie.incident.playbook;

/** What became of a step of a checklist. */
public enum StepState {
  OPEN,
  DONE,
  /** With a reason. */
  SKIPPED
}
