package io.vigie.asset.supplier;

/** Where a supplier is in its life. */
public enum SupplierState {
  /** Proposed; nothing is bought yet. */
  CANDIDATE,
  APPROVED,
  /** For a reason and until resumed, nothing new is entrusted to it. */
  SUSPENDED,
  /** For good. */
  ENDED
}
