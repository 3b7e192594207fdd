package io.vigie.asset;

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
    @Min(1) @Max(4) int proof) {}
