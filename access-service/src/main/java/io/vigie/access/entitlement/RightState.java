package io.vigie.access.entitlement;

import java.util.List;

/** Where a right is in its life. */
public enum RightState {
  REQUESTED,
  APPROVED,
  /** Nobody certified it in time (R4.7): it gives nothing until somebody does. */
  SUSPENDED,
  REFUSED,
  WITHDRAWN,
  REVOKED,
  EXPIRED,
  /** Nobody decided about the request in time. */
  LAPSED;

  /** The states in which a right is, or can become, effective. */
  static final List<RightState> LIVE = List.of(REQUESTED, APPROVED, SUSPENDED);

  /** Those that were approved and did not end. */
  static final List<RightState> HELD = List.of(APPROVED, SUSPENDED);
}
