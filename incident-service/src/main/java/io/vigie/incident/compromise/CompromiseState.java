package io.vigie.incident.compromise;

/** Whether an asset counts as compromised. */
public enum CompromiseState {
  DECLARED,
  /** The CISO says that the asset is clean, or never was compromised. */
  LIFTED
}
