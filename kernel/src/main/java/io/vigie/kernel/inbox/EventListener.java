package io.vigie.kernel.inbox;

import io.smallrye.mutiny.Uni;

/**
 * Reacts to other services' facts. An implementation has one {@code @Incoming} method that hands
 * the records to {@link Inbox#once}, which calls {@link #on} in a transaction for each.
 */
public interface EventListener {

  /** Stable: what this listener has worked is remembered under it. */
  String name();

  /** Whether events of this type are worked at all. The others cost no transaction. */
  boolean knows(String type);

  /**
   * Whether there is anything to do for an event of a type that this listener knows. It is asked
   * outside of any transaction, so it goes by the event alone; what it turns down costs none.
   */
  default boolean concerns(ReceivedEvent event) {
    return true;
  }

  /**
   * Works one event that concerns this listener, within the inbox's transaction. A failure rolls
   * everything back and is tried again.
   */
  Uni<Void> on(ReceivedEvent event);
}
