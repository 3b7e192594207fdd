package io.vigie.asset.inventory;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.conflict;

/**
 * Who has an asset. It changes hands when whoever gets it signs.
 *
 * @param custodian who has it, or null
 * @param handoverTo who is to sign for it, or null
 */
@Embeddable
public record Custody(
    UUID custodian,
    @Column(name = "handover_to") UUID handoverTo,
    @Column(name = "handover_since") Instant handoverSince) {

  static final Custody NOBODY = new Custody(null, null, null);

  Custody handedTo(UUID person, Instant at) {
    return new Custody(custodian, person, at);
  }

  /** By whoever it was handed to, and nobody else. */
  Custody signedBy(UUID person) {
    if (handoverTo == null) {
      throw conflict("no-handover", "Nothing waits for a signature.");
    }
    if (!handoverTo.equals(person)) {
      throw Problem.forbidden("Only the person it was handed to signs for it.");
    }
    return new Custody(person, null, null);
  }

  /** Whoever had it has it. */
  Custody withoutHandover() {
    return new Custody(custodian, null, null);
  }

  /** Who has it, else who is to get it; 409 where there is neither. */
  UUID holder() {
    if (custodian == null && handoverTo == null) {
      throw conflict("asset-with-nobody", "Nobody has it, and it was handed to nobody.");
    }
    return custodian == null ? handoverTo : custodian;
  }
}
