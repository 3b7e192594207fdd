package io.vigie.access.approval;

/** Where a delegation is in its life; an open one is in force between its times. */
public enum DelegationState {
  OPEN,
  REVOKED,
  ENDED
}
