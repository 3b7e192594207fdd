package io.vigie.incident.notice;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.notice.Addressees.Addressee;

/** Hands notices of one channel over to whatever takes them from there. */
interface Delivery {

  Channel channel();

  /**
   * Done once it was taken. Fails where it was not, with what to do about it, and without an
   * address or a secret.
   *
   * @param person who is told; null where only a role or a place is
   */
  Uni<Void> deliver(Notice notice, Addressee person);
}
