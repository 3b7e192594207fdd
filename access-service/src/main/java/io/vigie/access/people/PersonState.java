package io.vigie.access.people;

/** Whether somebody works here. */
public enum PersonState {
  ACTIVE,
  LEFT
}
