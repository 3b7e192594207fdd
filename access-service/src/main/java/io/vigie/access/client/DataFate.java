package io.vigie.access.client;

/** What becomes of a client's data after the contract (GDPR article 28(3)(g)). */
public enum DataFate {
  RETURNED,
  DESTROYED
}
