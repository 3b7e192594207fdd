package io.vigie.kernel.inbox;

import java.util.Set;

import io.smallrye.mutiny.Uni;

/**
 * Reacts to other services' facts. An implementation has one {@code @Incoming} method that hands
 * each record to {@link Inbox#once}, which calls {@link #on} in a transaction.
 */
public interface EventListener {

  /** Stable: what this listener has worked is remembered under it. */
  String name();

  /** The types of events that it works; the others on its topic cost it nothing. */
  Set<String> types();

  /**
   * Works one event of its types within the inbox's transaction. A failure rolls everything back
   * and is tried again.
   */
  Uni<Void> on(ReceivedEvent event);
}
