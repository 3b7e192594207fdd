package io.vigie.audit.erasure;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** The account of erasures, which outlives what they erase. */
public sealed interface ErasureEvent extends DomainEvent {

  /**
   * It will be done: who ordered it is the event's actor.
   *
   * @param ids of the person, as asked for and as found
   */
  record Ordered(
      UUID aggregateId,
      List<String> ids,
      String reason,
      String legalBasis,
      String reference,
      Instant at)
      implements ErasureEvent {
    @Override
    public String type() {
      return "audit.erasure-ordered.v1";
    }
  }

  /**
   * It is done: nobody can read the payloads any more.
   *
   * @param keys how many keys were destroyed
   * @param payloads how many payloads they had sealed
   */
  record Erased(
      UUID aggregateId,
      List<String> ids,
      String reason,
      String orderedBy,
      int keys,
      long payloads,
      Instant at)
      implements ErasureEvent {
    @Override
    public String type() {
      return "audit.payload-erased.v1";
    }
  }
}
