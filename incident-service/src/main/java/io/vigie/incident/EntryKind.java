package io.vigie.incident;

/** What an entry of an incident's timeline is. */
public enum EntryKind {
  /** What somebody has to say. */
  COMMENT,
  /** What happened, or was done. */
  FACT,
  /** What was decided, by whoever leads the work. */
  DECISION,
  /** What clients are told of the incident. */
  STATUS
}
