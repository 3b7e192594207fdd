package io.vigie.audit.audit;

/** How far an audit is. */
public enum AuditState {
  PLANNED,
  BEGUN,
  /** Each of its findings is settled: nothing changes any more. */
  CLOSED,
  /** It does not take place, or no more, for a reason. Its findings stay. */
  CANCELLED
}
