package io.vigie.kernel;

import java.util.UUID;

/**
 * What the outbox must know of an aggregate to publish its facts. An entity implements it; its
 * decisions return {@link DomainEvent}s and are handed, with the entity, to the outbox.
 */
public interface Aggregate {

  /** The object kind in subjects and histories, for example {@code asset}. */
  String kind();

  UUID id();

  /** The count and the last published state, embedded in the entity's own row. */
  Journal journal();

  /**
   * The public state: a record of pseudonymous, publishable values (no names, no e-mail addresses).
   * Each event carries the difference to the state published before it.
   */
  Object state();
}
