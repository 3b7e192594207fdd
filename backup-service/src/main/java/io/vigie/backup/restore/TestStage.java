package io.vigie.backup.restore;

/** How far a restore test is. */
enum TestStage {
  UNDER_WAY,
  /** Its operator says that it passed; somebody else is to verify that. */
  SUBMITTED,
  COMPLETED,
  ABANDONED
}
