package io.vigie.access.directory;

import java.util.List;

/** What becomes of a finding. */
public enum DriftState {
  /** It waits for somebody to decide. */
  OPEN,
  /** It is being put right. */
  REPAIRING,
  /** Somebody said why it is as it should be, for a time. */
  ACCEPTED,
  /** It was put right. */
  REPAIRED,
  /** It is over without Vigie: undone by hand, approved, or no longer accepted. */
  ENDED;

  /** The states in which the difference is there, as far as is known. */
  static final List<DriftState> LIVE = List.of(OPEN, REPAIRING, ACCEPTED);
}
