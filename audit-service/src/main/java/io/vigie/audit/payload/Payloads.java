package io.vigie.audit.payload;

import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

import io.vigie.audit.payload.PersonKeys.Damaged;
import io.vigie.audit.payload.PersonKeys.Key;
import io.vigie.audit.payload.PersonKeys.KeyId;
import org.jboss.logging.Logger;

/**
 * Seals what entries commit to and opens it again (AES-256-GCM, bound to whether it is the salt or
 * the payload). Not bound to an index, which changes when another log succeeds: a row that stands
 * beside another entry opens, and does not match what that entry commits to. For one thread, and
 * one batch or page: a key that was destroyed before this object was made opens and seals nothing.
 * It reads files: not for event loops.
 */
public final class Payloads {

  /**
   * A row of table {@code payload}, or what it says when opened. Salt and body are null where they
   * were not asked for, and both where the payload was erased.
   *
   * @param person under whose key it is; null, as {@code key}, where it is in plain
   * @param key the number of the key
   */
  public record Kept(String person, Integer key, byte[] salt, byte[] body) {}

  private static final Logger LOG = Logger.getLogger(Payloads.class);
  private static final byte[] SALT = {0};
  private static final byte[] BODY = {1};

  private final PersonKeys keys;
  private final Aead aead = new Aead();
  private boolean complained;

  public Payloads(PersonKeys keys) {
    this.keys = keys;
    keys.refresh();
  }

  /**
   * What to store for an event about a person, in plain where that is null. Call {@link #sync}
   * before any of it is committed.
   */
  public Kept seal(String person, byte[] salt, byte[] body) {
    if (person == null) {
      return new Kept(null, null, salt, body);
    }
    Key key = keys.current(person);
    return new Kept(
        person,
        key.id().number(),
        aead.seal(key.secret(), SALT, salt),
        aead.seal(key.secret(), BODY, body));
  }

  /** The keys that were sealed with outlive a power cut from here on. */
  public void sync() {
    keys.sync();
  }

  /**
   * What was stored at an index, in plain. What cannot be opened although its key was not destroyed
   * is given as it is stored: it does not match its commitment, and so whoever verifies finds it.
   */
  public Kept open(long index, Kept stored) {
    if (stored.key == null || stored.person == null) {
      return stored;
    }
    try {
      SecretKey key = keys.find(new KeyId(stored.person, stored.key));
      return key == null
          ? new Kept(null, null, null, null)
          : new Kept(null, null, open(key, SALT, stored.salt), open(key, BODY, stored.body));
    } catch (Damaged | AEADBadTagException e) {
      if (!complained) {
        LOG.errorf("the payload of entry %d cannot be opened: %s", index, e.toString());
        complained = true;
      }
      return stored;
    }
  }

  private byte[] open(SecretKey key, byte[] context, byte[] sealed) throws AEADBadTagException {
    return sealed == null ? null : aead.open(key, context, sealed);
  }
}
