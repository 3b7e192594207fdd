package io.vigie.access.person;

/** Whether a program may use its account. */
public enum ServiceAccountState {
  ACTIVE,
  /** Nobody certified it in a review; it goes on when somebody does. */
  SUSPENDED,
  ENDED
}
