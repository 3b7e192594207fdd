package io.vigie.access.duty;

/** Whether a rule counts. */
public enum DutyRuleState {
  ACTIVE,
  RETIRED
}
