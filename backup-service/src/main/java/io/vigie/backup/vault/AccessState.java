package io.vigie.backup.vault;

/** Where an access stands. */
public enum AccessState {
  /** Asked for without an incident: it waits for somebody else's approval. */
  REQUESTED,
  OPEN,
  REFUSED,
  ENDED
}
