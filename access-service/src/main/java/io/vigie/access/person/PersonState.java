package io.vigie.access.person;

/** Whether somebody works here. */
public enum PersonState {
  /** Registered, and the first day is still to come. */
  ANNOUNCED,
  ACTIVE,
  LEFT
}
