package io.vigie.audit.control;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What becomes of exceptions to rules; who did it is the event's actor. {@code object} is {@code
 * <kind>/<id>}, null for all that are in the rule's scope. That one ends is no event: its end was
 * told when it was approved.
 */
public sealed interface ControlExceptionEvent extends DomainEvent {

  record Requested(UUID aggregateId, String rule, String object, Instant endsAt, Instant at)
      implements ControlExceptionEvent {
    @Override
    public String type() {
      return "control-exception.requested.v1";
    }
  }

  /** From now on, and until {@code endsAt}, the rule need not be kept. */
  record Approved(UUID aggregateId, String rule, String object, Instant endsAt, Instant at)
      implements ControlExceptionEvent {
    @Override
    public String type() {
      return "control-exception.approved.v1";
    }
  }

  record Refused(UUID aggregateId, String rule, String object, Instant at)
      implements ControlExceptionEvent {
    @Override
    public String type() {
      return "control-exception.refused.v1";
    }
  }

  /** It was given up before its end, {@code approved} or not. */
  record Withdrawn(UUID aggregateId, String rule, String object, boolean approved, Instant at)
      implements ControlExceptionEvent {
    @Override
    public String type() {
      return "control-exception.withdrawn.v1";
    }
  }
}
