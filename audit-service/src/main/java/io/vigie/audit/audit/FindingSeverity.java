package io.vigie.audit.audit;

/** How far what was found is from what the rule asks. */
public enum FindingSeverity {
  /** The rule is not applied, or to no effect. */
  MAJOR,
  /** The rule is applied, with a lapse. */
  MINOR,
  /** The rule is applied, and could be better. */
  OBSERVATION
}
