package io.vigie.kernel.inbox;

import io.smallrye.mutiny.Uni;

/**
 * Reacts to other services' facts. An implementation has one {@code @Incoming} method that hands
 * each record to {@link Inbox#once}, which calls {@link #on} in a transaction.
 */
public interface EventListener {

  /** Stable: what this listener has worked is remembered under it. */
  String name();

  /** Whether events of this type are worked at all. The others cost no transaction. */
  boolean knows(String type);

  /**
   * Works one event of a type that this listener knows, within the inbox's transaction. A failure
   * rolls everything back and is tried again.
   */
  Uni<Void> on(ReceivedEvent event);
}
