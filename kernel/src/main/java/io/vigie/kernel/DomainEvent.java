package io.vigie.kernel;

import java.time.Instant;
import java.util.UUID;

/**
 * A fact that a decision of an aggregate established. Implemented by records nested in one sealed
 * interface per service; a record's components are the fact's published fields, and its schema
 * stands in {@code contracts/events/<type>.schema.json}.
 */
public interface DomainEvent {

  /** The aggregate that the fact is about. */
  UUID aggregateId();

  /** When it became true, UTC. */
  Instant at();

  /** The contract's name and major version, for example {@code asset.retired.v1}. */
  String type();
}
