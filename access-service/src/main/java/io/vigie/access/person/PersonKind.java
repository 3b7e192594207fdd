package io.vigie.access.person;

/** In what relation to the agency somebody works here. */
public enum PersonKind {
  EMPLOYEE,
  /** Somebody of another company: has a host here, and an end. */
  CONTRACTOR
}
