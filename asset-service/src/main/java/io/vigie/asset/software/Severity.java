package io.vigie.asset.software;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;

/** How bad a flaw is, in the words of CVSS (FIRST, CVSS v3.1, section 5), from none to critical. */
public enum Severity {
  /** Nobody has said yet. */
  UNKNOWN,
  NONE,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  /** Publishers' own words for them. */
  private static final Map<String, Severity> WORDS =
      Map.of(
          "none", NONE,
          "negligible", LOW,
          "low", LOW,
          "minor", LOW,
          "moderate", MEDIUM,
          "medium", MEDIUM,
          "important", HIGH,
          "high", HIGH,
          "critical", CRITICAL);

  /** Of a base score from 0 to 10. */
  static Severity of(BigDecimal score) {
    double value = score.doubleValue();
    if (value >= 9) {
      return CRITICAL;
    }
    if (value >= 7) {
      return HIGH;
    }
    if (value >= 4) {
      return MEDIUM;
    }
    return value > 0 ? LOW : NONE;
  }

  /** Of a publisher's word; unknown where it is no usual one. */
  static Severity of(String word) {
    return WORDS.getOrDefault(word.toLowerCase(Locale.ROOT), UNKNOWN);
  }

  Severity or(Severity other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
