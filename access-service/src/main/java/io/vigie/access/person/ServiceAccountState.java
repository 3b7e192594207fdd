package io.vigie.access.person;

/** Whether a program may use its account. */
public enum ServiceAccountState {
  ACTIVE,
  ENDED
}
