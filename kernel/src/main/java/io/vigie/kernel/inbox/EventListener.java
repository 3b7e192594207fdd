package io.vigie.kernel.inbox;

import io.smallrye.mutiny.Uni;

/**
 * Reacts to other services' facts. An implementation has one {@code @Incoming} method that hands
 * each record to {@link Inbox#once}, which calls {@link #on} in a transaction.
 */
public interface EventListener {

  /** Stable: what this listener has worked is remembered under it. */
  String name();

  /**
   * Works one event, of any type on the topic, within the inbox's transaction; ignores types it
   * does not know. A failure rolls everything back and is tried again.
   */
  Uni<Void> on(ReceivedEvent event);
}
