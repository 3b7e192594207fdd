package io.vigie.incident.finding;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How bad a finding is, in the words of CVSS (FIRST, CVSS v3.1, section 5), in rising order. */
@Schema(name = "ScanFindingSeverity")
public enum Severity {
  NONE,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  private static final double CRITICAL_FROM = 9;
  private static final double HIGH_FROM = 7;
  private static final double MEDIUM_FROM = 4;

  /** Of a score from 0 to 10. */
  static Severity of(double score) {
    if (score >= CRITICAL_FROM) {
      return CRITICAL;
    }
    if (score >= HIGH_FROM) {
      return HIGH;
    }
    if (score >= MEDIUM_FROM) {
      return MEDIUM;
    }
    return score > 0 ? LOW : NONE;
  }

  Severity or(Severity other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
