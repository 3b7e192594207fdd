package io.vigie.kernel;

import java.util.UUID;

import org.hibernate.id.uuid.UuidVersion7Strategy;

/**
 * Ids assigned by the application, so that an event can name an object before any insert. UUIDv7
 * (RFC 9562): ordered by creation, which makes them the key of every keyset page.
 */
public final class Ids {

  private Ids() {}

  public static UUID next() {
    return UuidVersion7Strategy.INSTANCE.generateUuid(null);
  }
}
