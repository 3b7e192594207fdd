package io.vigie.verifier;

/** Wrong usage, or input that cannot be used: nothing was verified. The message says why. */
public final class Unusable extends Exception {
  Unusable(String message) {
    super(message, null, false, false);
  }
}
