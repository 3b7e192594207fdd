package io.vigie.access.physical;

import java.util.List;

/** Where a visit is in its life. */
public enum VisitState {
  PLANNED,
  APPROVED,
  REFUSED,
  CANCELLED,
  /** Its time passed and nobody came. */
  EXPIRED,
  PRESENT,
  LEFT;

  /** Nobody has come yet, and somebody may. */
  static final List<VisitState> AHEAD = List.of(PLANNED, APPROVED);
}
