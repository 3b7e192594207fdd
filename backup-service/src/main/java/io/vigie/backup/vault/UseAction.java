package io.vigie.backup.vault;

/** What is done with a copy under an access; a deletion is an object of its own. */
public enum UseAction {
  READ,
  RESTORE
}
