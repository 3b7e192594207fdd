package io.vigie.asset.inventory;

import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The four axes of sensitivity, each from 1 (low) to 4 (critical): availability, integrity,
 * confidentiality, proof (R3.2).
 */
@Embeddable
public record Classification(
    @Min(1) @Max(4) int availability,
    @Min(1) @Max(4) int integrity,
    @Min(1) @Max(4) int confidentiality,
    @Min(1) @Max(4) int proof) {

  /** On each axis the higher of both; null counts as nothing. */
  static Classification max(Classification one, Classification other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return new Classification(
        Math.max(one.availability, other.availability),
        Math.max(one.integrity, other.integrity),
        Math.max(one.confidentiality, other.confidentiality),
        Math.max(one.proof, other.proof));
  }
}
