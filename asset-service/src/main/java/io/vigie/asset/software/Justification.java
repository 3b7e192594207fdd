package io.vigie.asset.software;

import java.util.Locale;

/**
 * Why a product is not affected: the status justifications of VEX (CISA, June 2022; CSAF flags).
 */
public enum Justification {
  COMPONENT_NOT_PRESENT,
  VULNERABLE_CODE_NOT_PRESENT,
  VULNERABLE_CODE_NOT_IN_EXECUTE_PATH,
  VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY,
  INLINE_MITIGATIONS_ALREADY_EXIST;

  /** As VEX documents write it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
