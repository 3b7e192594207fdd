package io.vigie.access.review;

/** Who reviews a right. */
public enum ReviewerRule {
  /** Who leads its holder. */
  MANAGER,
  /** Who answers for the entitlement. */
  OWNER,
  /** First who leads its holder, then, seeing that answer, who answers for the entitlement. */
  BOTH;

  int stages() {
    return this == BOTH ? 2 : 1;
  }
}
