package io.vigie.access.duty;

/** What becomes of a request that would break a rule. */
public enum DutyMode {
  /** It is told, and found when it is approved. */
  RECORD,
  /** It is refused, unless an exception covers it. */
  ENFORCE
}
