package io.vigie.access.duty;

/** Where rights must be to be in conflict. */
public enum DutyScope {
  ANYWHERE,
  SAME_ASSET
}
