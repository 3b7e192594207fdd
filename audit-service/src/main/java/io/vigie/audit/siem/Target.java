package io.vigie.audit.siem;

import java.io.IOException;
import java.util.List;

/** Where a feed leads. For one thread. */
interface Target extends AutoCloseable {

  /**
   * Sends records in their order.
   *
   * @param records at least one
   * @return the index before which everything has arrived, as far as can be told by now: what is to
   *     be sent after a crash
   * @throws IOException when not all could be sent; some may have been
   */
  long send(List<OcsfRecord> records) throws IOException;

  /**
   * Where to go on.
   *
   * @param position the stored one: what {@link #send} returned last, here or in another replica,
   *     or where an operator put it
   * @return that, or a later one, when what was sent since is known to have arrived
   */
  default long arrived(long position) {
    return position;
  }

  /** Lets go of the connection; the next {@link #send} makes another. */
  @Override
  void close();
}
