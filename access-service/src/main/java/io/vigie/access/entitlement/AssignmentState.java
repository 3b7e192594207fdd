package io.vigie.access.entitlement;

/** Whether somebody holds a profile now. */
public enum AssignmentState {
  PLANNED,
  CURRENT,
  ENDED
}
