package io.vigie.audit.audit;

/** Who audits. */
public enum AuditKind {
  INTERNAL,
  THIRD_PARTY
}
