package io.vigie.backup.vault;

/** Where a deletion stands. */
public enum DeletionState {
  REQUESTED,
  APPROVED,
  REFUSED,
  COMPLETED
}
