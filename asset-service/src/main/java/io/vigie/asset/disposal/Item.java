package io.vigie.asset.disposal;

import java.time.Instant;

import io.vigie.asset.inventory.Medium;

/**
 * A medium in an asset, and what became of it.
 *
 * @param identifier its serial number, or what else tells it from others
 * @param required the method that it needs at least
 */
public record Item(
    int number,
    Medium medium,
    String identifier,
    Method required,
    Sanitisation sanitisation,
    Verification verification) {

  /**
   * @param toolVersion null where it was done by hand, and in what was recorded without it
   * @param operator who did it or had it done: an account
   * @param certificate SHA-256 of the file that proves it, or null
   */
  public record Sanitisation(
      Method method,
      String technique,
      String tool,
      String toolVersion,
      String operator,
      Instant performedAt,
      String certificate) {}

  /**
   * @param verifier who looked: another account than the operator's
   * @param how what was looked at, such as a sample of sectors
   */
  public record Verification(String verifier, String how, Instant verifiedAt) {}

  /** It needs this at least, unless it needs more anyway. */
  Item needing(Method now) {
    return required.isAtLeast(now)
        ? this
        : new Item(number, medium, identifier, now, sanitisation, verification);
  }

  /** Whether what was done to it is less than it needs. */
  boolean lacksDepth() {
    return sanitisation != null && !sanitisation.method().isAtLeast(required);
  }

  Item sanitised(Sanitisation sanitisation) {
    return new Item(number, medium, identifier, required, sanitisation, null);
  }

  Item verified(Verification verification) {
    return new Item(number, medium, identifier, required, sanitisation, verification);
  }
}
