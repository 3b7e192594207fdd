package io.vigie.verifier;

/**
 * What was to be verified is not what it claims to be. The message is one line for a person: what
 * does not match, and where.
 */
public final class Rejected extends Exception {
  Rejected(String message) {
    super(message, null, false, false);
  }
}
