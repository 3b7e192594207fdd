package io.vigie.audit.intake;

import java.security.SecureRandom;

import io.vigie.audit.intake.Entry.Event;
import io.vigie.audit.intake.Entry.Position;
import io.vigie.audit.merkle.TreeHash;

/**
 * An entry as the tree takes it. It does not depend on the entry's place in the log, so it is made
 * before that is known.
 *
 * @param salt random; the entry commits to {@code SHA-256(salt || payload)}, where its length alone
 *     parts it from the payload
 * @param canonical the entry's bytes
 * @param hash of those bytes, a leaf of the tree
 */
record Leaf(byte[] salt, byte[] canonical, byte[] hash) {

  static final int SALT_BYTES = 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * With a new salt.
   *
   * @param alert null for a sound event
   * @param event null for a record that is no event
   */
  static Leaf of(Alert alert, Event event, Position position, String contentType, byte[] payload) {
    TreeHash hash = new TreeHash();
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] canonical =
        new Entry(alert, event, position, contentType, hash.commitment(salt, payload)).canonical();
    return new Leaf(salt, canonical, hash.leaf(canonical));
  }
}
