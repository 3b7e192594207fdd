package io.vigie.asset.software;

/** Whether the risk of leaving a vulnerability open for a while is accepted. */
public enum AcceptanceState {
  REQUESTED,
  APPROVED,
  REFUSED
}
